"""An answer that is called back was never sent, and is a draft again."""

import pytest

from tests.cast import Cast, Configure, act, all_of, get, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive
from witei_app.conversations.counts import read_counts
from witei_app.conversations.draft import draft_recipients, find_draft, keep_draft
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.thread import entries_of, thread_page
from witei_app.conversations.undo import undo_send
from witei_app.crm.quote_edit import LineInput, save_quote
from witei_app.crm.quote_file import attach_quote
from witei_app.crm.quotes import new_quote
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.live.events import DeliveryQueued, Event, MessageChanged
from witei_app.mail.types import Address
from witei_app.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Delivery,
    EventKind,
    Message,
    MessageRecipient,
    Quote,
    QuoteState,
    Upload,
)
from witei_app.outbox.claim import claim_next


async def undo(actor: Actor, message_id: int) -> int:
    async with transaction() as db:
        return await undo_send(db, actor, message_id)


async def claim() -> int | None:
    async with transaction() as db:
        return await claim_next(db)


async def written_quote(cast: Cast) -> Quote:
    async with transaction() as db:
        quote = await new_quote(db, cast.ana, cast.marco.id)
        lines = [LineInput("Letting", "1", "100", "21")]
        return await save_quote(db, cast.ana, quote.id, title="Letting", valid_until="", lines=lines)


async def test_an_answer_waits_as_long_as_it_can_be_called_back(
    cast: Cast, configure: Configure, announced: list[Event]
) -> None:
    configure(UNDO_SECONDS="10")
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, send_reply, "<p>Yes</p>")
    assert await claim() is None
    assert DeliveryQueued(cast.sol, 10) in announced


async def test_called_back_it_is_a_draft_and_the_conversation_is_as_before(
    cast: Cast, configure: Configure, announced: list[Event]
) -> None:
    configure(UNDO_SECONDS="10")
    opened = await open_conversation(cast.marco)
    before = await get(Conversation, opened)
    sent = await act(cast.ana, opened, send_reply, "<p>Yes, <b>free</b></p>")
    assert await undo(cast.ana, sent.id) == opened
    after = await get(Conversation, opened)
    assert after.model_dump(exclude={"last_number"}) == before.model_dump(exclude={"last_number"})
    assert await all_of(Delivery) == []
    assert await all_of(ConversationEvent, ConversationEvent.kind == EventKind.MESSAGE_OUT) == []
    async with reading() as db:
        assert await find_draft(db, cast.ana, opened) == "<p>Yes, <b>free</b></p>"
        entries, _ = await thread_page(db, after)
        assert [entry.message.text for entry in entries if entry.message] == ["Is the flat still free?"]
        assert await entries_of(db, opened, [sent.id]) == []
    assert announced[-1] == MessageChanged(cast.sol, opened, sent.id)


async def test_numbers_have_no_gap_afterwards(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "One")
    await write_in(opened, "Hello?")
    await undo(cast.ana, sent.id)
    await act(cast.ana, opened, write_note, "Two")
    messages = await all_of(Message, Message.conversation_id == opened)
    assert [message.number for message in messages] == [1, 2, 3, 4]
    assert (await get(Conversation, opened)).needs_reply


async def test_a_text_begun_meanwhile_stays_below_it(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "<p>First</p>")
    await act(cast.ana, opened, keep_draft, "<p>Second</p>")
    await undo(cast.ana, sent.id)
    async with reading() as db:
        assert await find_draft(db, cast.ana, opened) == "<p>First</p><p>Second</p>"


async def test_its_files_wait_in_the_draft_again(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    async with transaction() as db:
        file = Upload(
            workspace_id=cast.sol,
            user_id=cast.ana.user_id or 0,
            conversation_id=opened,
            sha256="a" * 64,
            name="plan.pdf",
            size=9,
        )
        db.add(file)
    sent = await act(cast.ana, opened, send_reply, "", files=[file])
    assert await all_of(Upload) == []
    await undo(cast.ana, sent.id)
    (waiting,) = await all_of(Upload)
    assert (waiting.name, waiting.sha256, waiting.size) == ("plan.pdf", "a" * 64, 9)


async def test_an_attached_quote_waits_again_and_was_not_sent(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote = await written_quote(cast)
    async with transaction() as db:
        file = await attach_quote(db, cast.ana, opened, quote.id)
    sent = await act(cast.ana, opened, send_reply, "Here it is", files=[file])
    assert (await get(Quote, quote.id)).state == QuoteState.SENT
    await undo(cast.ana, sent.id)
    (waiting,) = await all_of(Upload)
    assert (waiting.quote_id, waiting.name) == (quote.id, file.name)
    assert (await get(Quote, quote.id)).state == QuoteState.DRAFT
    assert await all_of(Attachment) == []


async def test_a_quote_that_went_with_another_message_stays_sent(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    quote = await written_quote(cast)
    for _ in range(2):
        async with transaction() as db:
            file = await attach_quote(db, cast.ana, opened, quote.id)
        sent = await act(cast.ana, opened, send_reply, "Here it is", files=[file])
    await undo(cast.ana, sent.id)
    assert (await get(Quote, quote.id)).state == QuoteState.SENT


async def test_what_was_sent_and_archived_is_open_and_a_draft_again(cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(cast.marco)
    before = await get(Conversation, opened)
    sent = await act(cast.ana, opened, send_reply, "Goodbye", archives=True)
    assert (await get(Conversation, opened)).is_archived
    (closing,) = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.ARCHIVED)
    await undo(cast.ana, sent.id)
    assert MessageChanged(cast.sol, opened, -closing.id) in announced  # colleagues' threads lose the line
    after = await get(Conversation, opened)
    assert after.model_dump(exclude={"last_number"}) == before.model_dump(exclude={"last_number"})
    assert await all_of(ConversationEvent, ConversationEvent.kind == EventKind.ARCHIVED) == []
    async with reading() as db:
        assert (await read_counts(db, cast.ana, "open")).all == 1


async def test_what_somebody_archived_afterwards_stays_so(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "Goodbye")
    await act(cast.luis, opened, archive)
    await undo(cast.ana, sent.id)
    assert (await get(Conversation, opened)).is_archived


async def test_whom_it_was_for_comes_back_too(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    both = Recipients(to=(Address("", "marco@contact.test"),), bcc=(Address("Laura", "laura@b.test"),))
    sent = await act(cast.ana, opened, send_reply, "Hello", recipients=both)
    await undo(cast.ana, sent.id)
    assert await act(cast.ana, opened, draft_recipients) == both
    assert await all_of(MessageRecipient) == await all_of(Delivery) == []


async def test_what_a_worker_has_taken_cannot_be_called_back(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "Yes")
    await claim()
    with pytest.raises(Refused, match="too late"):
        await undo(cast.ana, sent.id)
    assert (await get(Message, sent.id)).text == "Yes"


async def test_only_the_author_calls_back_and_only_once(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "Yes")
    for other in (cast.luis, cast.vera):
        with pytest.raises(Refused):
            await undo(other, sent.id)
    await undo(cast.ana, sent.id)
    with pytest.raises(Refused):
        await undo(cast.ana, sent.id)


async def test_the_same_answer_can_be_sent_again(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "Yes", client_id="one")
    await undo(cast.ana, sent.id)
    again = await act(cast.ana, opened, send_reply, "Yes", client_id="two")
    assert [delivery.message_id for delivery in await all_of(Delivery)] == [again.id]
