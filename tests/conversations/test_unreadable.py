"""Mail that could not be read: administrators of its workspace see it, take it, and have it read again."""

from dataclasses import replace

import pytest

from tests.cast import Cast, all_of, get
from witei_app.accounts.actor import Actor
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.unreadable import find_unreadable, list_unreadable, retry
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep
from witei_app.live.events import Event, MailStored, MailUnreadable
from witei_app.models import InboundMail, InboundState, Message

READABLE = b"From: marco@contact.test\r\nSubject: Flat\r\n\r\nIs it free?\r\n"


async def unreadable(workspace_id: int, raw: bytes = READABLE) -> int:
    async with transaction() as db:
        mail = InboundMail(
            workspace_id=workspace_id,
            sha256=await keep(raw),
            size=len(raw),
            envelope_from="marco@contact.test",
            state=InboundState.UNREADABLE,
            fault="RecursionError: too deep",
        )
        db.add(mail)
    return mail.id


def admin(actor: Actor) -> Actor:
    return replace(actor, is_admin=True)


async def test_administrators_see_what_when_and_why(cast: Cast) -> None:
    await unreadable(cast.sol)
    async with reading() as db:
        (row,) = await list_unreadable(db, admin(cast.ana))
        assert (row.sender, row.reason, row.size) == ("marco@contact.test", "RecursionError: too deep", "56 B")
        assert await list_unreadable(db, admin(cast.vera)) == []


async def test_nobody_else_does(cast: Cast) -> None:
    mail_id = await unreadable(cast.sol)
    async with transaction() as db:
        with pytest.raises(Refused):
            await list_unreadable(db, cast.ana)
        for outsider in (cast.ana, admin(cast.vera)):
            with pytest.raises(Refused):
                await find_unreadable(db, outsider, mail_id)
            with pytest.raises(Refused):
                await retry(db, outsider, mail_id)
    assert (await get(InboundMail, mail_id)).state == InboundState.UNREADABLE


async def test_tried_again_it_is_read(cast: Cast, announced: list[Event]) -> None:
    mail_id = await unreadable(cast.sol)
    async with transaction() as db:
        await retry(db, admin(cast.ana), mail_id)
    assert announced == [MailUnreadable(cast.sol), MailStored(cast.sol)]
    assert await read_waiting_mail() == 1
    assert [message.text for message in await all_of(Message)] == ["Is it free?"]
    assert (await get(InboundMail, mail_id)).state == InboundState.DONE


async def test_what_cannot_be_read_still_waits_with_its_new_reason(cast: Cast) -> None:
    mail_id = await unreadable(cast.sol, b"")
    async with transaction() as db:
        await retry(db, admin(cast.ana), mail_id)
    await read_waiting_mail()
    mail = await get(InboundMail, mail_id)
    assert (mail.state, mail.fault) == (InboundState.UNREADABLE, "Unreadable: The message is empty.")
