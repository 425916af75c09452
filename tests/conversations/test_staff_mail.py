"""What the team sends with other mail programs: shown as theirs, where it belongs, and never sent again."""

from datetime import timedelta

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation
from tests.conversations.test_mail_in import mail
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.thread import thread_page
from witei_app.conversations.undo import undo_send
from witei_app.conversations.why import why_here
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.errors import NotFound
from witei_app.files import keep
from witei_app.mail.addresses import reply_address
from witei_app.models import (
    Contact,
    Conversation,
    ConversationEvent,
    Delivery,
    EventKind,
    ImapAccount,
    InboundMail,
    InboundState,
    Message,
)
from witei_app.settings import settings

ANA = "Ana Ruiz <ana@sol.test>"
TO_MARCO = {"To": "Marco <marco@contact.test>", "Cc": "sol@localhost.test", "In_Reply_To": "<first@contact.test>"}


async def marcos_question(cast: Cast) -> int:
    return await open_conversation(cast.marco, "Is it free?", rfc_message_id="first@contact.test")


async def comes(cast: Cast, raw: bytes, verdict: str = "verified") -> InboundMail:
    """A mail whose sender was looked into already: "sent" is what lay in the folder of sent mail."""
    async with transaction() as db:
        account = ImapAccount(workspace_id=cast.sol, address="info@agency.test", host="h", username="u", folder="Sent")
        if verdict == "sent" and not (known := await all_of(ImapAccount)):
            db.add(account)
            await db.flush()
        row = InboundMail(
            workspace_id=cast.sol,
            sha256=await keep(raw),
            size=len(raw),
            envelope_from="ana@sol.test",
            envelope_to="info@agency.test" if verdict == "sent" else "sol@localhost.test",
            verdict=verdict,
            received_at=now(),
            imap_account_id=(known[0].id if known else account.id) if verdict == "sent" else None,
        )
        db.add(row)
    await read_waiting_mail()
    stored: InboundMail = await get(InboundMail, row.id)
    return stored


@pytest.mark.parametrize("verdict", ["verified", "sent"])
async def test_an_answer_from_elsewhere_is_hers_and_counts(cast: Cast, verdict: str) -> None:
    opened = await marcos_question(cast)
    raw = mail("Yes, come at five.", ANA, Message_ID="<hers@sol.test>", **TO_MARCO)
    assert (await comes(cast, raw, verdict)).state == InboundState.DONE
    (_, answer), conversation = await all_of(Message), await get(Conversation, opened)
    assert (answer.direction, answer.user_id, answer.author_name) == ("out", cast.ana.user_id, "Ana Ruiz")
    assert (answer.conversation_id, answer.address) == (opened, "marco@contact.test")
    assert (conversation.needs_reply, conversation.last_user_id) == (False, cast.ana.user_id)
    assert conversation.first_replied_at == answer.created_at
    (counted,) = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.MESSAGE_OUT)
    assert (counted.user_id, counted.is_automatic, counted.seconds is not None) == (cast.ana.user_id, False, True)
    assert await all_of(Delivery) == []
    assert [contact.email for contact in await all_of(Contact)] == ["marco@contact.test"]


async def test_the_thread_says_why_it_is_there_and_nobody_can_call_it_back(cast: Cast) -> None:
    opened = await marcos_question(cast)
    await comes(cast, mail("Yes.", ANA, **TO_MARCO), "sent")
    answer = (await all_of(Message))[-1]
    async with reading() as db:
        conversation = await db.get_one(Conversation, opened)
        row = message_rows((await thread_page(db, conversation))[0], conversation, cast.luis)[-1]
        why = await why_here(db, cast.luis, answer.id)
    assert (row.kind, row.author, row.signs, row.warning, row.state) == ("out", "Ana Ruiz", "mail", "", "")
    assert "first@contact.test" in why.reason
    assert "folder of sent mail" in why.verdict_words
    with pytest.raises(NotFound):
        await act_alone(cast, answer.id)


async def act_alone(cast: Cast, message_id: int) -> None:
    async with transaction() as db:
        await undo_send(db, cast.ana, message_id)


async def test_it_comes_once_by_whatever_ways(cast: Cast) -> None:
    await marcos_question(cast)
    raw = mail("Yes.", ANA, Message_ID="<hers@sol.test>", **TO_MARCO)
    await comes(cast, raw)
    await comes(cast, b"X-Trace: by another way\r\n" + raw, "sent")
    await comes(cast, raw.replace(b"Yes.", b"Yes.\r\n--\r\nadded by a list"), "sent")
    assert [message.direction for message in await all_of(Message)] == ["in", "out"]


async def test_a_shared_address_is_the_users_who_bears_the_name(cast: Cast) -> None:
    await marcos_question(cast)
    async with transaction() as db:
        db.add(ImapAccount(workspace_id=cast.sol, address="info@agency.test", host="h", username="u", folder="Sent"))
    await comes(cast, mail("Yes.", "luis soto <info@agency.test>", **TO_MARCO), "sent")
    await comes(cast, mail("And two baths.", "Agency <info@agency.test>", **TO_MARCO), "sent")
    known, unknown = (await all_of(Message))[1:]
    assert (known.user_id, known.author_name) == (cast.luis.user_id, "Luis Soto")
    assert (unknown.direction, unknown.user_id, unknown.author_name) == ("out", None, "Agency")
    events = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.MESSAGE_OUT)
    assert [event.is_automatic for event in events] == [False, False]


async def test_the_contacts_next_mail_finds_the_thread_by_hers(cast: Cast) -> None:
    opened = await marcos_question(cast)
    await comes(cast, mail("Yes.", ANA, Message_ID="<hers@sol.test>", **TO_MARCO))
    await comes(cast, mail("Fine!", "Marco <marco@contact.test>", In_Reply_To="<hers@sol.test>"))
    assert [message.conversation_id for message in await all_of(Message)] == [opened] * 3
    assert (await get(Conversation, opened)).needs_reply


async def test_what_she_begins_is_a_conversation_with_whom_she_wrote_to(cast: Cast) -> None:
    await comes(cast, mail("Hello", ANA, To="Nuria Gil <Nuria@new.test>", Cc="sol@localhost.test"))
    (conversation,), (message,) = await all_of(Conversation), await all_of(Message)
    assert (conversation.contact_name, conversation.needs_reply, message.direction) == ("Nuria Gil", False, "out")
    assert {contact.email for contact in await all_of(Contact)} == {"marco@contact.test", "nuria@new.test"}
    assert conversation.first_replied_at is not None


async def test_what_she_passes_on_to_others_is_no_answer(cast: Cast) -> None:
    opened = await marcos_question(cast)
    passed_on = {"To": "notary@b.test", "In_Reply_To": "<first@contact.test>"}
    await comes(cast, mail("Look at this", ANA, **passed_on), "sent")
    conversation = await get(Conversation, opened)
    assert (conversation.last_number, conversation.needs_reply) == (1, True)
    assert (await all_of(Conversation))[-1].contact_name == "notary@b.test"


async def test_a_newer_question_still_waits_for_an_answer(cast: Cast) -> None:
    opened = await marcos_question(cast)
    an_hour_ago = (now() - timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    async with transaction() as db:
        conversation = await db.get_one(Conversation, opened)
        conversation.opened_at = now() - timedelta(hours=2)
    await comes(cast, mail("Yes.", ANA, Date=an_hour_ago, **TO_MARCO), "sent")
    conversation = await get(Conversation, opened)
    assert (conversation.last_number, conversation.needs_reply, conversation.preview) == (2, True, "Is it free?")


async def test_an_archived_conversation_stays_archived(cast: Cast) -> None:
    opened = await marcos_question(cast)
    await act(cast.ana, opened, archive)
    await comes(cast, mail("You are welcome.", ANA, **TO_MARCO), "sent")
    assert (await get(Conversation, opened)).is_archived


async def test_an_absence_note_is_no_answer(cast: Cast) -> None:
    opened = await marcos_question(cast)
    await comes(cast, mail("I am away.", ANA, Auto_Submitted="auto-replied", **TO_MARCO), "sent")
    conversation = await get(Conversation, opened)
    assert (conversation.needs_reply, conversation.first_replied_at) == (True, None)


async def test_to_the_reply_address_alone_it_is_for_the_team(cast: Cast) -> None:
    opened = await marcos_question(cast)
    signed = reply_address(opened, "sol@localhost.test", settings().secret())
    await comes(cast, mail("I know him.", ANA, To=signed))
    note = (await all_of(Message))[-1]
    assert (note.direction, note.user_id, note.conversation_id) == ("note", cast.ana.user_id, opened)
    assert (await get(Conversation, opened)).needs_reply


async def test_from_alone_makes_no_answer_but_a_warning(cast: Cast) -> None:
    opened = await marcos_question(cast)
    await comes(cast, mail("Yes, for one euro.", ANA, **TO_MARCO), "unknown")
    note, conversation = (await all_of(Message))[-1], await get(Conversation, opened)
    assert (note.direction, note.user_id, note.is_automatic) == ("note", None, True)
    assert "puede ser falso" in note.text
    assert "Ana Ruiz" in note.text
    assert conversation.needs_reply


async def test_from_alone_begins_no_conversation_in_her_name(cast: Cast) -> None:
    await comes(cast, mail("Hello", ANA, To="nuria@new.test, sol@localhost.test"), "failed")
    (message,) = await all_of(Message)
    assert (message.direction, message.user_id) == ("in", None)


async def test_who_was_not_looked_into_waits_for_it(cast: Cast) -> None:
    await marcos_question(cast)
    stored = await comes(cast, mail("Yes.", ANA, **TO_MARCO), "")
    assert stored.state == InboundState.UNVOUCHED
    assert len(await all_of(Message)) == 1
    assert (await comes(cast, mail("A question", "Eva <eva@contact.test>"), "")).state == InboundState.DONE


async def test_a_form_in_the_agencys_name_is_its_visitors(cast: Cast) -> None:
    form = {"To": "sol@localhost.test", "Cc": "boss@b.test", "Reply_To": "Nuria <nuria@new.test>"}
    await comes(cast, mail("From the website", ANA, **form), "unknown")
    (message,) = await all_of(Message)
    assert message.direction == "in"


async def test_other_workspaces_users_are_nobody_here(cast: Cast) -> None:
    opened = await marcos_question(cast)
    await comes(cast, mail("Yes.", "Vera Coto <vera@norte.test>", **TO_MARCO))
    message = (await all_of(Message))[-1]
    assert (message.direction, message.points_to_id, message.conversation_id == opened) == ("in", opened, False)
