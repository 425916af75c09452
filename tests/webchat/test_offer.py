"""Users see who has the chat open and has not written, and may speak first."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.cast import Configure, all_of, configure, eventually
from tests.webchat.conftest import Agency, Visit, conversations, open_agency
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import READ_ONLY
from witei_app.db import transaction
from witei_app.errors import NotAllowed, Refused
from witei_app.live import bus
from witei_app.models import ConversationScope, Visitor
from witei_app.webchat import present
from witei_app.webchat.offer import offer_help, visitors_here
from witei_app.webchat.rows import PresentRow

__all__ = ["configure"]


@pytest.fixture(autouse=True)
def _hearing(configure: Configure) -> Iterator[None]:
    bus.use(bus.InProcessBus())
    present._here.clear()
    end = bus.subscribe(present.hear)
    yield
    end()


async def here(actor: Actor) -> list[PresentRow]:
    async with transaction() as db:
        return await visitors_here(db, actor)


async def test_a_user_speaks_first_and_the_visitor_hears_it_at_once(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    [row] = await here(sol.ana)
    assert (row.page, row.page_url) == ("Ático en Gran Vía", "https://sol.example/pisos/gran-via?utm=1")
    norte = await open_agency("Casas Norte", "norte")
    assert await here(norte.ana) == []
    for actor, text in ((norte.ana, "Hi"), (sol.ana, "  ")):
        with pytest.raises(Refused):
            async with transaction() as db:
                await offer_help(db, actor, row.id, text)
    async with transaction() as db:
        begun = await offer_help(db, sol.ana, row.id, "¿Le ayudo? <b>")
    assert (await visitor.hear("message"))["text"] == "¿Le ayudo? <b>"
    await visitor.say("Sí, por favor")
    [conversation] = await conversations()
    assert (conversation.id, conversation.assignee_id, conversation.last_number) == (begun, sol.ana.user_id, 2)
    assert len(await all_of(Visitor)) == 1
    assert await here(sol.ana) == []
    with pytest.raises(Refused):
        async with transaction() as db:
            await offer_help(db, sol.ana, row.id, "Again")


async def test_who_sees_no_conversation_sees_no_visitor(lite_sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    [row] = await here(lite_sol.ana)
    blind = replace(lite_sol.ana, is_admin=False, scope=ConversationScope.NONE)
    with pytest.raises(Refused):
        await here(blind)
    with pytest.raises(Refused):
        async with transaction() as db:
            await offer_help(db, blind, row.id, "Hello")


async def test_who_leaves_and_who_has_written_is_not_listed(lite_sol: Agency, visit: Visit) -> None:
    writer, leaver = await visit("sol"), await visit("sol")
    await writer.hello()
    await leaver.hello()
    assert len(await here(lite_sol.ana)) == 2
    await writer.say("Hola")
    await leaver.connection.close()

    async def nobody() -> bool:
        return await here(lite_sol.ana) == []

    assert await eventually(nobody)


async def test_a_visitor_with_two_tabs_leaves_with_the_last_and_is_there_since_the_first(
    lite_sol: Agency, visit: Visit
) -> None:
    marco = await visit("sol")
    await marco.hello()
    [came] = present.present(lite_sol.workspace.id)
    tab = await visit("sol", marco.token)
    await tab.hello()
    await tab.send({"t": "page", "page": {"url": "https://sol.example/contact", "title": "Contact", "referrer": ""}})
    await tab.send({"t": "ping"})
    await tab.hear("pong")
    assert [row.page for row in await here(lite_sol.ana)] == ["Contact"]
    assert [one.since for one in present.present(lite_sol.workspace.id)] == [came.since]
    await tab.connection.close()
    await asyncio.sleep(0.2)
    assert len(await here(lite_sol.ana)) == 1
    await marco.connection.close()

    async def nobody() -> bool:
        return await here(lite_sol.ana) == []

    assert await eventually(nobody)


async def test_who_stays_for_hours_is_still_listed_and_since_when(
    lite_sol: Agency, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    marco, lost = await visit("sol"), await visit("sol")
    await marco.hello()
    [came] = present.present(lite_sol.workspace.id)
    await lost.hello()
    for minutes in (25, 50, 75):
        clock = SimpleNamespace(monotonic=lambda after=minutes * 60: time.monotonic() + after)
        monkeypatch.setattr(present, "time", clock)
        await marco.send({"t": "ping"})
        await marco.hear("pong")
    [stays] = present.present(lite_sol.workspace.id)
    assert (stays.event.visitor_hash, stays.since) == (came.event.visitor_hash, came.since)


async def test_who_only_reads_is_not_shown_them(lite_sol: Agency, visit: Visit) -> None:
    marco = await visit("sol")
    await marco.hello()
    [row] = await here(lite_sol.ana)
    reader = replace(lite_sol.ana, levels=READ_ONLY)
    for act in (visitors_here(None, reader), offer_help(None, reader, row.id, "Hello")):  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            await act
