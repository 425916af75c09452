"""Visitors and addresses that an agency has blocked: told so at once and whenever they come, others not."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.cast import Configure, all_of, configure, pane_of
from tests.webchat.conftest import Agency, Frame, Visit, Visitor, closing, conversations, open_agency, texts
from tests.webchat.test_files import upload
from tests.webchat.test_manage import boss_of
from tests.webchat.test_way_back import link_of
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.errors import NotAllowed, NotFound, Refused
from witei_app.live import bus
from witei_app.models import AuditEntry, BlockedAddress, ConversationScope
from witei_app.models import Visitor as VisitorRow
from witei_app.webchat.blocked import (
    KEPT,
    block_address,
    block_address_of,
    block_visitor,
    forget_old_addresses,
    is_address_blocked,
    list_blocked,
    read_network,
    unblock,
    unblock_visitor,
)
from witei_app.webchat.rows import BlockedRow

__all__ = ["configure"]
OFFICE = {"X-Forwarded-For": "203.0.113.7"}
HOME = {"X-Forwarded-For": "198.51.100.4"}


@pytest.fixture(autouse=True)
def _behind_a_proxy(configure: Configure) -> None:
    configure(TRUSTED_PROXY_HOPS="1")
    bus.use(bus.InProcessBus())


async def comes(visit: Visit, where: dict[str, str], token: str | None = None, key: str = "sol") -> Visitor:
    visitor: Visitor = await visit(key, token, additional_headers=where)
    return visitor


async def writes(visit: Visit, where: dict[str, str], text: str = "Hola") -> Visitor:
    visitor = await comes(visit, where)
    await visitor.hello()
    await visitor.say(text)
    return visitor


async def greeted(visitor: Visitor, **more: object) -> Frame:
    """What the visitor hears first."""
    await visitor.send({"t": "hello", "token": visitor.token, "lang": "es", **more})
    return await visitor.hear("welcome", "gone")


async def rows(agency: Agency) -> list[BlockedRow]:
    async with reading() as db:
        return await list_blocked(db, boss_of(agency))


BLOCKED = {"t": "gone", "why": "blocked"}


async def test_a_blocked_visitor_is_told_at_once_and_whenever_they_come(sol: Agency, visit: Visit, port: int) -> None:
    marco, carla = await writes(visit, HOME), await writes(visit, HOME)
    tab = await comes(visit, OFFICE, marco.token)
    await tab.hello()
    link = await link_of((await all_of(VisitorRow))[0])
    [conversation, _] = await conversations()
    async with transaction() as db:
        await block_visitor(db, sol.ana, conversation.id)

    for one in (marco, tab):
        assert await one.hear("gone") == BLOCKED
    again = await comes(visit, OFFICE, marco.token)
    assert await greeted(again) == BLOCKED
    assert await closing(again) == (4403, "This visitor is blocked.")
    assert await greeted(await comes(visit, OFFICE), back=link) == BLOCKED
    sent = await upload(port, marco.token)
    assert (sent.status_code, sent.json()["error"][:30]) == (403, "Ya no puede escribir aquí. Si ")
    hello = json.dumps({"t": "hello", "token": marco.token})
    async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as browser:
        said = '{"t":"say","id":"message-0009","text":"Otra vez"}'
        answer = await browser.post("/embed/exchange", json={"key": "sol", "frames": [hello, said]})
    assert (answer.status_code, answer.json()) == (200, ['{"t": "gone", "why": "blocked"}'])
    assert (await carla.say("Yo sí"))["t"] == "said"
    assert await texts() == ["Hola", "Hola", "Yo sí"]

    async with transaction() as db:
        await unblock_visitor(db, sol.ana, conversation.id)
    assert [one["text"] for one in (await greeted(await comes(visit, HOME, marco.token)))["messages"]] == ["Hola"]
    actions = [(entry.action, entry.user_name) for entry in await all_of(AuditEntry)]
    assert actions == [("visitor_blocked", "Ana Ruiz"), ("visitor_unblocked", "Ana Ruiz")]


async def test_from_a_blocked_address_nobody_finds_the_chat_of_that_agency(sol: Agency, visit: Visit) -> None:
    norte = await open_agency("Casas Norte", "norte")
    marco, colleague, carla = await writes(visit, OFFICE), await comes(visit, OFFICE), await writes(visit, HOME)
    await colleague.hello()  # and has not written
    neighbour = await comes(visit, OFFICE, key="norte")
    await neighbour.hello()
    [conversation, _] = await conversations()
    async with transaction() as db:
        await block_address_of(db, sol.ana, conversation.id)
        await block_address_of(db, sol.ana, conversation.id)  # twice is once

    for one in (marco, colleague):
        assert await one.hear("gone") == BLOCKED
    assert await greeted(await comes(visit, OFFICE)) == BLOCKED
    assert (await greeted(await comes(visit, HOME, marco.token)))["t"] == "welcome"  # the address was blocked, not they
    for one in (carla, neighbour):
        assert (await one.say("¿Sigue?"))["t"] == "said"
    [row] = await rows(sol)
    assert (row.name, row.about, row.by) == ("203.0.113.7", conversation.contact_name, "Ana Ruiz")
    assert await rows(norte) == []

    async with transaction() as db:
        await unblock(db, boss_of(sol), row.id)
        await unblock(db, boss_of(sol), row.id)  # somebody else was first
    assert (await greeted(await comes(visit, OFFICE)))["t"] == "welcome"


async def test_the_team_sees_who_blocked_whom_and_the_list_has_the_newest_first(sol: Agency, visit: Visit) -> None:
    await writes(visit, HOME)
    [conversation] = await conversations()
    async with transaction() as db:
        await block_address(db, boss_of(sol), "2001:db8:1:2:aaaa::1")
        await block_visitor(db, sol.ana, conversation.id)
    seen = (await pane_of(sol.ana, conversation.id)).visit
    assert seen.blocked.startswith("Ana Ruiz, ")
    assert seen.has_address
    assert [(row.name, row.by) for row in await rows(sol)] == [
        (conversation.contact_name, "Ana Ruiz"),
        ("2001:db8:1:2::/64", ""),
    ]
    async with transaction() as db:
        await unblock(db, boss_of(sol), (await rows(sol))[0].id)
    assert [row.name for row in await rows(sol)] == ["2001:db8:1:2::/64"]


async def test_others_can_neither_look_nor_change(lite_sol: Agency, visit: Visit) -> None:
    norte = await open_agency("Casas Norte", "norte")
    await writes(visit, OFFICE)
    [conversation] = await conversations()
    async with transaction() as db:
        await block_visitor(db, lite_sol.ana, conversation.id)
        await block_address_of(db, lite_sol.ana, conversation.id)
    before = await rows(lite_sol)
    async with reading() as db:  # one who keeps the chat, and sees the own conversations alone
        keeper = replace(boss_of(lite_sol), is_admin=False, scope=ConversationScope.OWN, user_id=0)
        told = [(row.name, row.about, row.conversation_id) for row in await list_blocked(db, keeper)]
    assert told == [("203.0.113.7", "", 0), ("A visitor", "", 0)]
    assert [(row.about, row.conversation_id) for row in before] == [
        (conversation.contact_name, 0),
        ("", conversation.id),
    ]
    for act in (block_visitor, unblock_visitor, block_address_of):
        with pytest.raises(NotFound):
            async with transaction() as db:
                await act(db, norte.ana, conversation.id)
    with pytest.raises(NotAllowed):
        async with transaction() as db:
            await list_blocked(db, lite_sol.ana)
    for row in before:
        with pytest.raises(NotAllowed):
            async with transaction() as db:
                await unblock(db, lite_sol.ana, row.id)
        async with transaction() as db:
            await unblock(db, boss_of(norte), row.id)
    assert await rows(lite_sol) == before
    for row_id in ("visitor-", "visitor-x", "address-99999999999999999999", "", "other-1"):
        with pytest.raises(NotFound):
            async with transaction() as db:
                await unblock(db, boss_of(lite_sol), row_id)


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        (" 203.0.113.7 ", "203.0.113.7/32"),
        ("203.0.113.9/24", "203.0.113.0/24"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8::/40", "2001:db8::/40"),
    ],
)
def test_an_address_and_a_network_can_be_typed(typed: str, network: str) -> None:
    assert read_network(typed) == network


@pytest.mark.parametrize("typed", ["", "sol.example", "203.0.113.300", "127.0.0.1", "::1", "0.0.0.0/0", "::/8", "1/1"])
def test_what_is_none_or_everybody_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read_network(typed)


async def test_a_network_holds_its_addresses_and_no_others(lite_sol: Agency) -> None:
    async with transaction() as db:
        await block_address(db, boss_of(lite_sol), "203.0.113.0/24")
        await block_address(db, boss_of(lite_sol), "2001:db8:1::/48")
    inside = ("203.0.113.1", "2001:db8:1:7::/64")
    async with reading() as db:
        for address in (*inside, "203.0.114.1", "2001:db8:2:7::/64", "", "no address"):
            assert await is_address_blocked(db, lite_sol.workspace.id, address) is (address in inside)


async def test_one_that_two_block_at_once_is_blocked_once(sol: Agency) -> None:
    async def block() -> None:
        async with transaction() as db:
            await block_address(db, boss_of(sol), "203.0.113.7")

    await asyncio.gather(*(block() for _ in range(4)))
    assert [row.network for row in await all_of(BlockedAddress)] == ["203.0.113.7/32"]


async def test_where_visitors_came_from_is_forgotten_after_a_month(sol: Agency, visit: Visit) -> None:
    await writes(visit, OFFICE)
    [visitor] = await all_of(VisitorRow)
    assert visitor.address == "203.0.113.7"
    async with transaction() as db:
        before = now() - KEPT - timedelta(days=1)
        await db.exec(update(VisitorRow).where(col(VisitorRow.id) == visitor.id).values(last_seen_at=before))
    assert await forget_old_addresses() == 1
    assert (await all_of(VisitorRow))[0].address == ""
    [conversation] = await conversations()
    with pytest.raises(Refused):
        async with transaction() as db:
            await block_address_of(db, sol.ana, conversation.id)
    assert await all_of(BlockedAddress) == []


async def test_a_proxy_on_this_machine_is_nobodys_address(lite_sol: Agency, visit: Visit, configure: Configure) -> None:
    configure(TRUSTED_PROXY_HOPS="0")
    await writes(visit, {})
    assert [visitor.address for visitor in await all_of(VisitorRow)] == [""]
