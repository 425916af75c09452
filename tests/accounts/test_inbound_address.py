"""Another inbound address: it is shown and used from now on, and no mail to the former one is lost."""

from dataclasses import replace

import pytest

from tests.cast import Cast, all_of, queued
from witei_app.accounts.actor import Actor
from witei_app.accounts.inbound_address import (
    LONGEST_MAILBOX,
    MOST_FORMER,
    change_inbound_address,
    former_mailboxes,
    give_up_former,
)
from witei_app.accounts.workspaces import found_workspace
from witei_app.conversations.own_addresses import own_addresses
from witei_app.db import reading, transaction
from witei_app.errors import NotAllowed, Refused
from witei_app.mail.addresses import reply_address
from witei_app.mail.intake import workspace_of_recipient
from witei_app.models import AuditEntry, SenderDomain, Workspace
from witei_app.outbox.sender import sender_of
from witei_app.settings import settings


def boss_of(actor: Actor) -> Actor:
    return replace(actor, is_admin=True)


async def change(actor: Actor, typed: str) -> str:
    async with transaction() as db:
        await change_inbound_address(db, boss_of(actor), typed)
        return (await db.get_one(Workspace, actor.workspace_id)).mailbox


async def former(cast: Cast) -> list[str]:
    async with reading() as db:
        return [one.mailbox for one in await former_mailboxes(db, cast.sol)]


async def test_mail_to_the_new_address_and_to_the_former_one_comes_in(cast: Cast) -> None:
    signed = reply_address(7, "sol@localhost.test", settings().secret())
    assert await change(cast.ana, " Ventas.Playa@LOCALHOST.test ") == "ventas.playa"
    for address in ("ventas.playa@localhost.test", "Sol@localhost.test", signed):
        assert await workspace_of_recipient(address) == cast.sol
    assert await former(cast) == ["sol"]


async def test_below_a_sender_domain_too(cast: Cast) -> None:
    async with transaction() as db:
        db.add(SenderDomain(workspace_id=cast.sol, domain="sol.example", return_path="b.sol.example"))
    await change(cast.ana, "ventas")
    assert await workspace_of_recipient("sol+c1.x@b.sol.example") == cast.sol
    async with reading() as db:
        ours = await own_addresses(db, cast.sol)
    assert {
        f"{mailbox}@{domain}" for mailbox in ("sol", "ventas") for domain in ("localhost.test", "b.sol.example")
    } <= ours


async def test_answers_come_back_to_the_new_one(cast: Cast) -> None:
    message = await queued(cast)
    await change(cast.ana, "ventas")
    async with reading() as db:
        sender = await sender_of(db, message, await db.get_one(Workspace, cast.sol))
    assert sender.address.email == "ventas@localhost.test"
    assert sender.reply_to.email.startswith(f"ventas+c{message.conversation_id}.")


NONE = ["", "@localhost.test", "sol ventas", "señor", "a+b", "+c1.abcdefghijklmnop", ".sol", "sol.", "so..l"]
NONE += ["sol@gmail.com", "ventas@localhost.test@x", "x" * (LONGEST_MAILBOX + 1), "postmaster", "No-Reply"]
NONE += ["a\nb", "a\0b", "ſol", "s_%"]


@pytest.mark.parametrize("typed", NONE)
async def test_what_is_none_is_refused(lite_cast: Cast, typed: str) -> None:
    with pytest.raises(Refused):
        await change(lite_cast.ana, typed)
    assert await former(lite_cast) == []


async def test_what_another_workspace_has_or_had_is_refused(cast: Cast) -> None:
    await change(cast.vera, "costa")
    for taken in ("norte", "costa"):
        with pytest.raises(Refused):
            await change(cast.ana, taken)
    async with transaction() as db:
        assert (await found_workspace(db, "Norte", "boss@x.example", "long-enough-12")).mailbox == "norte-2"


async def test_the_former_one_can_be_taken_back(cast: Cast) -> None:
    await change(cast.ana, "ventas")
    await change(cast.ana, "sol")
    assert await former(cast) == ["ventas"]
    await change(cast.ana, "sol")
    assert await former(cast) == ["ventas"]
    assert await workspace_of_recipient("ventas@localhost.test") == cast.sol


async def test_nobody_gathers_addresses_without_end(lite_cast: Cast) -> None:
    for number in range(MOST_FORMER):
        await change(lite_cast.ana, f"sol{number}")
    with pytest.raises(Refused):
        await change(lite_cast.ana, "another")
    assert await change(lite_cast.ana, "sol") == "sol"


async def test_only_administrators_change_it_and_the_audit_says_so(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        async with transaction() as db:
            await change_inbound_address(db, cast.luis, "ventas")
    await change(cast.ana, "ventas")
    (entry,) = await all_of(AuditEntry)
    assert entry.changes == {"mailbox": ["sol@localhost.test", "ventas@localhost.test"]}


async def test_a_new_workspace_gets_an_address_that_answers_fit_behind(lite_cast: Cast) -> None:
    async with transaction() as db:
        names = [
            (await found_workspace(db, name, f"boss{number}@x.example", "long-enough-12")).mailbox
            for number, name in enumerate(["Inmobiliaria y promociones de la costa del sol", "Postmaster"])
        ]
    assert names == ["inmobiliaria-y-promociones-d", "postmaster-1"]


async def give_up(actor: Actor, address: str) -> None:
    async with transaction() as db:
        await give_up_former(db, actor, address)


async def test_one_that_is_given_up_receives_no_more_and_is_anybodys(cast: Cast) -> None:
    await change(cast.ana, "ventas")
    await give_up(boss_of(cast.ana), "sol@localhost.test")
    assert (await former(cast), await workspace_of_recipient("sol@localhost.test")) == ([], None)
    assert (await all_of(AuditEntry))[-1].changes == {"former_mailbox": ["sol@localhost.test", None]}
    assert await change(cast.vera, "sol") == "sol"


async def test_neither_others_nor_what_is_none_is_given_up(cast: Cast) -> None:
    await change(cast.ana, "ventas")
    for actor, address, refusal in (
        (cast.ana, "sol@localhost.test", NotAllowed),
        (boss_of(cast.vera), "sol@localhost.test", Refused),
        (boss_of(cast.ana), "ventas@localhost.test", Refused),
        (boss_of(cast.ana), "", Refused),
    ):
        with pytest.raises(refusal):
            await give_up(actor, address)
    assert await workspace_of_recipient("sol@localhost.test") == cast.sol
