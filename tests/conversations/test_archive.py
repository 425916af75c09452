"""Closing and opening again."""

from tests.cast import Cast, act, all_of, get, open_conversation
from witei_app.conversations.archive import archive, reopen
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
