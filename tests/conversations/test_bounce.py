"""A mail that came back: everybody sees it, knows why, and is warned before writing there again."""

from dataclasses import replace

from tests.cast import Cast, Configure, act, all_of, get, open_conversation, queued
from witei_app.conversations.archive import archive
from witei_app.conversations.bounce import bounce_warning, forget_bounces, receive_bounce
from witei_app.conversations.read import count_unread, mark_read
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.reply import send_reply
from witei_app.conversations.thread import thread_page
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.live.events import DeliveryChanged, Event
from witei_app.mail.addresses import reply_address
from witei_app.mail.types import Address, BounceReason, ReportKind
from witei_app.models import (
    ContactAddress,
    Conversation,
    Delivery,
    DeliveryState,
    Direction,
    InboundMail,
    Message,
    Status,
    Workspace,
)
from witei_app.outbox.claim import claim_next
from witei_app.outbox.deliver import record_outcome
from witei_app.outbox.letter import letter_of
from witei_app.outbox.transport import Outcome
from witei_app.settings import settings

REASON = "This address does not exist."


def report(original: str, kind: ReportKind = "failed") -> BounceReason:
    return BounceReason(
        kind, True, "5.1.1", "550 5.1.1 unknown", "marco@contact.test", original, "unknown_address", REASON
    )


async def came_back(message: Message, kind: ReportKind = "failed") -> bool:
    async with transaction() as db:
        mail = InboundMail(workspace_id=message.workspace_id, sha256="b" * 64)
        db.add(mail)
        await db.flush()
        return await receive_bounce(db, mail, report(message.rfc_message_id or "", kind))


async def warning(cast: Cast, workspace_id: int, language: str = "en") -> str:
    async with reading() as db:
        return await bounce_warning(db, workspace_id, "Marco@contact.test", language)


async def test_the_note_is_read_in_each_readers_language(lite_cast: Cast) -> None:
    message = await queued(lite_cast)
    assert await came_back(message)
    conversation = await get(Conversation, message.conversation_id)
    async with reading() as db:
        entries, _ = await thread_page(db, conversation)
    for language, author, said in (("en", "Mail delivery", "came back"), ("es", "Entrega de correo", "fue devuelto")):
        note = message_rows(entries, conversation, replace(lite_cast.ana, language=language))[-1]
        assert (note.author, said in note.html) == (author, True)


async def test_the_delivery_says_why_and_the_conversation_comes_back_unread(cast: Cast, announced: list[Event]) -> None:
    message = await queued(cast)
    opened = message.conversation_id
    await act(cast.ana, opened, mark_read)
    await act(cast.ana, opened, archive)
    announced.clear()
    assert await came_back(message)
    (delivery,) = await all_of(Delivery)
    conversation = await get(Conversation, opened)
    assert (delivery.state, delivery.reason) == (DeliveryState.BOUNCED, REASON)
    assert (conversation.status, conversation.has_failed, conversation.needs_reply) == (Status.OPEN, True, False)
    assert DeliveryChanged(cast.sol, opened, message.id) in announced
    async with reading() as db:
        assert await count_unread(db, cast.ana) == 1
    await act(cast.ana, opened, mark_read)
    async with reading() as db:
        assert await count_unread(db, cast.ana) == 0


async def test_a_note_that_never_leaves_the_team_tells_it_in_their_language(cast: Cast) -> None:
    message = await queued(cast)
    async with transaction() as db:
        (await db.get_one(Workspace, cast.sol)).language = "es"
    await came_back(message)
    note = (await all_of(Message))[-1]
    assert (note.direction, note.is_automatic, note.author_name) == (Direction.NOTE, True, "Entrega de correo")
    assert note.text == "El mensaje a marco@contact.test fue devuelto. Esta dirección no existe."


async def test_of_several_recipients_the_one_that_the_report_names_came_back(cast: Cast) -> None:
    both = Recipients(to=(Address("", "laura@b.test"),), cc=(Address("", "marco@contact.test"),))
    message = await act(cast.ana, await open_conversation(cast.marco), send_reply, "Hello", recipients=both)
    assert await came_back(message)
    states = {one.recipient: one.state for one in await all_of(Delivery)}
    assert states == {"laura@b.test": DeliveryState.QUEUED, "marco@contact.test": DeliveryState.BOUNCED}
    (address,) = await all_of(ContactAddress)
    assert (address.address, address.bounce_cause) == ("marco@contact.test", "unknown_address")


async def test_the_same_report_twice_is_said_once(cast: Cast) -> None:
    message = await queued(cast)
    assert await came_back(message)
    assert await came_back(message)
    assert len(await all_of(Message, Message.direction == Direction.NOTE)) == 1


async def test_a_delay_is_told_at_the_message_alone(cast: Cast) -> None:
    message = await queued(cast)
    assert await came_back(message, "delayed")
    (delivery,) = await all_of(Delivery)
    assert (delivery.state, delivery.reason) == (DeliveryState.QUEUED, REASON)
    assert await all_of(Message, Message.direction == Direction.NOTE) == []


async def test_whoever_writes_there_again_is_warned_until_mail_comes_from_there(cast: Cast) -> None:
    await came_back(await queued(cast))
    assert await warning(cast, cast.sol) == f"Mail to Marco@contact.test came back. {REASON}"
    assert await warning(cast, cast.sol, "es") == (
        "El correo a Marco@contact.test fue devuelto. Esta dirección no existe."
    )
    assert await warning(cast, cast.norte) == ""
    async with transaction() as db:
        await forget_bounces(db, cast.sol, ["marco@contact.test"])
    assert await warning(cast, cast.sol) == ""
    assert len(await all_of(ContactAddress, ContactAddress.contact_id == cast.marco.id)) == 1


async def test_a_report_about_no_mail_of_ours_is_ordinary_mail(cast: Cast) -> None:
    message = await queued(cast)
    async with transaction() as db:
        mail = InboundMail(workspace_id=cast.norte, sha256="b" * 64)
        db.add(mail)
        assert not await receive_bounce(db, mail, report(message.rfc_message_id or ""))
        assert not await receive_bounce(db, mail, report("unknown@elsewhere.test"))
        assert not await receive_bounce(db, mail, report(""))


async def test_a_report_with_an_id_of_the_relay_is_known_by_the_address_it_came_to(cast: Cast) -> None:
    message = await queued(cast)
    async with transaction() as db:
        to = reply_address(message.conversation_id, "sol@localhost.test", settings().secret())
        mail = InboundMail(workspace_id=cast.sol, sha256="b" * 64, envelope_to=to)
        db.add(mail)
        await db.flush()
        elsewhere = replace(report("of@the.relay"), recipient="nobody@contact.test")
        assert not await receive_bounce(db, mail, elsewhere)
        assert await receive_bounce(db, mail, report("of@the.relay"))
    (delivery,) = await all_of(Delivery)
    assert delivery.state == DeliveryState.BOUNCED


async def test_a_return_that_is_faster_than_the_receipt_stays(cast: Cast) -> None:
    message = await queued(cast)
    async with transaction() as db:
        taken = await claim_next(db) or 0
    await came_back(message)
    async with transaction() as db:
        await record_outcome(db, taken, Outcome(DeliveryState.SENT))
    assert (await get(Delivery, taken)).state == DeliveryState.BOUNCED


async def test_the_next_answer_quotes_the_contact_and_not_the_report(cast: Cast, configure: Configure) -> None:
    message = await queued(cast)
    await came_back(message)
    opened = message.conversation_id
    again = await open_conversation(cast.marco)
    assert again != opened
    async with reading() as db:
        letter = await letter_of(db, (await all_of(Delivery))[0].id)
    assert b"came back" not in letter.raw
