"""Closing and opening again."""

from tests.cast import Cast, act, all_of, get, open_conversation
from tests.conversations.test_counts import counters_equal_a_recount
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.reply import send_reply
from witei_app.models import Conversation, ConversationEvent, EventKind, Status


async def test_archiving_says_when_and_by_whom(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.luis, opened, archive)
    conversation = await get(Conversation, opened)
    assert conversation.status == Status.ARCHIVED
    assert conversation.archived_at is not None
    assert not conversation.needs_reply
    (event,) = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.ARCHIVED)
    assert (event.user_id, event.after_number) == (cast.luis.user_id, 1)


async def test_archiving_twice_is_archiving_once(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, archive)
    first = await get(Conversation, opened)
    await act(cast.luis, opened, archive)
    assert (await get(Conversation, opened)).archived_at == first.archived_at
    assert len(await all_of(ConversationEvent, ConversationEvent.kind == EventKind.ARCHIVED)) == 1


async def test_a_reopened_conversation_was_never_closed(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, archive)
    await act(cast.ana, opened, reopen)
    await act(cast.ana, opened, reopen)
    conversation = await get(Conversation, opened)
    assert (conversation.status, conversation.archived_at) == (Status.OPEN, None)
    assert len(await all_of(ConversationEvent, ConversationEvent.kind == EventKind.REOPENED)) == 1


async def test_who_waited_waits_again_when_it_was_archived_by_mistake(cast: Cast) -> None:
    waiting, answered = [await open_conversation(cast.marco) for _ in range(2)]
    await act(cast.ana, answered, send_reply, "Yes")
    before = [await get(Conversation, one) for one in (waiting, answered)]
    for one in (waiting, answered):
        await act(cast.ana, one, archive)
        await act(cast.ana, one, reopen)
    after = [await get(Conversation, one) for one in (waiting, answered)]
    assert [one.needs_reply for one in after] == [True, False]
    assert [one.waiting_since for one in after] == [one.waiting_since for one in before]
    await counters_equal_a_recount()
