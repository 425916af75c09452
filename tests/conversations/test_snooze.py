"""Snoozing: out of the open list until a time or until the contact writes, then back at the top, unread."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.cast import Cast, act, all_of, get, give, open_conversation, write_in
from tests.conversations.test_counts import counters_equal_a_recount
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.inbox import inbox_page
from witei_app.conversations.read import mark_read
from witei_app.conversations.snooze import snooze, time_of, wake, wake_next
from witei_app.conversations.view import Line, View
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Conversation, ConversationEvent, EventKind

TOMORROW = timedelta(days=1)


async def lines(actor: Actor, status: str = "open") -> list[Line]:
    async with reading() as db:
        return (await inbox_page(db, actor, View(status=status)))[0]


async def let_its_time_come(conversation_id: int) -> None:
    async with transaction() as db:
        due = update(Conversation).where(Conversation.id == conversation_id)  # type: ignore[arg-type]
        await db.exec(due.values(snoozed_until=now() - timedelta(seconds=1)))


async def test_it_leaves_the_open_list_and_comes_back_at_the_top_unread(cast: Cast) -> None:
    snoozed = await open_conversation(cast.marco)
    await give(cast.ana, snoozed, cast.luis)
    for reader in (cast.ana, cast.luis):
        await act(reader, snoozed, mark_read)
    await act(cast.ana, snoozed, snooze, now() + TOMORROW)
    other = await open_conversation(cast.marco)
    assert [line.id for line in await lines(cast.ana)] == [other]
    assert [line.id for line in await lines(cast.ana, "snoozed")] == [snoozed]
    assert not await wake_next()

    await let_its_time_come(snoozed)
    assert await wake_next()
    assert not await wake_next()
    for reader in (cast.ana, cast.luis):  # who snoozed it, and who has it
        first, _ = await lines(reader)
        assert (first.id, first.is_unread, first.snoozed_until) == (snoozed, True, None)
    kinds = [event.kind for event in await all_of(ConversationEvent, ConversationEvent.conversation_id == snoozed)]
    assert kinds[-2:] == [EventKind.SNOOZED, EventKind.WOKEN]
    await counters_equal_a_recount()


async def test_it_comes_back_at_once_when_the_contact_writes_but_not_for_an_automatic_mail(cast: Cast) -> None:
    snoozed = await open_conversation(cast.marco)
    await act(cast.ana, snoozed, snooze, now() + TOMORROW)
    await write_in(snoozed, "I am away", is_automatic=True)
    assert [line.id for line in await lines(cast.ana, "snoozed")] == [snoozed]
    await write_in(snoozed)
    assert [line.id for line in await lines(cast.ana)] == [snoozed]


async def test_what_we_began_ourselves_comes_back_unread_too(cast: Cast) -> None:
    begun = await open_conversation(cast.marco)
    async with transaction() as db:
        await db.exec(update(Conversation).values(last_inbound_id=0))
    await act(cast.ana, begun, snooze, now() + TOMORROW)
    await let_its_time_come(begun)
    assert await wake_next()
    assert [line.is_unread for line in await lines(cast.ana)] == [True]


async def test_archiving_ends_it_and_waking_by_hand_too(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, snooze, now() + TOMORROW)
    await act(cast.luis, opened, wake)
    assert (await get(Conversation, opened)).status == "open"
    await act(cast.ana, opened, snooze, now() + TOMORROW)
    await act(cast.ana, opened, archive)
    await let_its_time_come(opened)
    assert (await get(Conversation, opened)).status == "archived"
    await counters_equal_a_recount()


async def test_times_that_are_past_or_far_and_archived_ones_are_refused(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    for until in (now() - TOMORROW, now() + 400 * TOMORROW):
        with pytest.raises(Refused, match="next year"):
            await act(cast.ana, opened, snooze, until)
    await act(cast.ana, opened, archive)
    with pytest.raises(Refused, match="Reopen"):
        await act(cast.ana, opened, snooze, now() + TOMORROW)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("later", "2026-10-23T18:00+00:00"),
        ("tomorrow", "2026-10-24T07:00+00:00"),  # nine in Madrid
        ("next_week", "2026-10-26T08:00+00:00"),  # the clocks went back on Sunday
        ("2026-12-01T08:30", "2026-12-01T07:30+00:00"),
    ],
)
def test_times_are_those_of_the_user(when: str, expected: str) -> None:
    moment = datetime(2026, 10, 23, 15, tzinfo=UTC)  # a Friday
    found = time_of(when, "Europe/Madrid", moment).astimezone(UTC)
    assert found.isoformat(timespec="minutes") == expected


def test_nonsense_is_no_time() -> None:
    for nonsense in ("", "tomorrow?", "2026-13-01T08:00", "x" * 40):
        with pytest.raises(Refused):
            time_of(nonsense, "Europe/Madrid", now())


async def test_pressed_twice_or_by_two_it_is_snoozed_once_and_another_time_counts(cast: Cast) -> None:
    snoozed = await open_conversation(cast.marco)
    until = now() + TOMORROW
    await act(cast.ana, snoozed, snooze, until)
    await act(cast.ana, snoozed, snooze, until + timedelta(seconds=2))
    await act(cast.luis, snoozed, snooze, until)
    await act(cast.luis, snoozed, snooze, until + TOMORROW)
    events = await all_of(ConversationEvent, ConversationEvent.conversation_id == snoozed)
    who = [event.user_id for event in events if event.kind == EventKind.SNOOZED]
    assert who == [cast.ana.user_id, cast.luis.user_id]
