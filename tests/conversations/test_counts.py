"""Whatever happens in whatever order: counters equal a recount, numbers have no gap, the log tells the whole story."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests.cast import Cast, all_of, open_conversation
from witei_app.clock import now
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.counts import places_of
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.receive import Incoming, receive_message
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.snooze import snooze, wake
from witei_app.db import Session, reading, transaction
from witei_app.errors import Refused
from witei_app.models import Conversation, ConversationCount, ConversationEvent, EventKind, Message, Status

Deed = Callable[[Session, Cast, Conversation], Awaitable[object]]
DEEDS: dict[str, Deed] = {
    "mail": lambda db, _, it: receive_message(db, it, Incoming("Marco", "Hello")),
    "automatic": lambda db, _, it: receive_message(db, it, Incoming("Marco", "Away", is_automatic=True)),
    "reply": lambda db, cast, it: send_reply(db, cast.ana, it, "Hi"),
    "note": lambda db, cast, it: write_note(db, cast.luis, it, "Careful"),
    "archive": lambda db, cast, it: archive(db, cast.ana, it),
    "reopen": lambda db, cast, it: reopen(db, cast.ana, it),
    "to Ana": lambda db, cast, it: assign(db, cast.luis, it, cast.ana.user_id),
    "to Eva": lambda db, cast, it: assign(db, cast.luis, it, cast.eva.user_id),
    "to Vera": lambda db, cast, it: assign(db, cast.luis, it, cast.vera.user_id),
    "to nobody": lambda db, cast, it: assign(db, cast.luis, it, None),
    "delete": lambda db, cast, it: delete(db, cast.ana, it),
    "snooze": lambda db, cast, it: snooze(db, cast.ana, it, now() + timedelta(days=1)),
    "wake": lambda db, cast, it: wake(db, cast.luis, it),
    "restore": lambda db, cast, it: restore(db, cast.ana, it),
}
STORIES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(sorted(DEEDS))), min_size=5, max_size=30)


async def do(cast: Cast, conversation_id: int, deed: str) -> None:
    """One deed in its own transaction; what is refused must change nothing."""
    try:
        async with transaction() as db:
            await DEEDS[deed](db, cast, await db.get_one(Conversation, conversation_id, with_for_update=True))
    except Refused:
        pass


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
async def test_any_story_leaves_counters_numbers_and_log_in_order(cast: Cast, story: list[tuple[int, str]]) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(3)]
    for which, deed in story:
        await do(cast, opened[which], deed)
    await counters_equal_a_recount()
    for conversation in await all_of(Conversation):
        await numbers_have_no_gap(conversation)
        await the_log_replays(conversation)


async def counters_equal_a_recount() -> None:
    async with reading() as db:
        counters = (await db.exec(select(ConversationCount))).all()
    kept = {(c.assignee_id, c.status, c.channel): c.quantity for c in counters if c.quantity}
    assert kept == Counter(place for conversation in await all_of(Conversation) for place in places_of(conversation))


async def numbers_have_no_gap(conversation: Conversation) -> None:
    numbers = [message.number for message in await all_of(Message, Message.conversation_id == conversation.id)]
    assert numbers == list(range(1, conversation.last_number + 1))


async def the_log_replays(conversation: Conversation) -> None:
    """From the log alone: who has it, which status, whether it is in the bin, how many messages it has."""
    assignee, status, is_deleted, messages = None, Status.OPEN, False, 0
    for event in await all_of(ConversationEvent, ConversationEvent.conversation_id == conversation.id):
        match event.kind:
            case EventKind.OPENED:
                assignee = event.data["assignee_id"]
            case EventKind.ASSIGNED:
                assert event.data["before"] == assignee
                assignee = event.data["after"]
            case EventKind.SNOOZED:
                status = Status.SNOOZED
            case EventKind.WOKEN:
                status = Status.OPEN
            case EventKind.ARCHIVED:
                status = Status.ARCHIVED
            case EventKind.REOPENED:
                status = Status.OPEN
            case EventKind.DELETED:
                is_deleted = True
            case EventKind.RESTORED:
                is_deleted = False
            case _:
                messages += 1
        assert event.after_number == messages
    is_told = (assignee, status, is_deleted, messages)
    is_deleted_now = conversation.deleted_at is not None
    assert is_told == (conversation.assignee_id, conversation.status, is_deleted_now, conversation.last_number)
