"""Whom something is told to, how each wants it, and that the bell shows nothing out of one's sight."""

from dataclasses import replace
from datetime import timedelta

from tests.cast import Cast, act, all_of, counted_queries, give, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.delete import delete, restore
from witei_app.conversations.read import mark_read
from witei_app.conversations.reply import write_note
from witei_app.db import reading, transaction
from witei_app.live.events import Event, NotificationsChanged, Notified
from witei_app.models import Conversation, NoticeKind, Notification
from witei_app.notifications import bell
from witei_app.notifications.arrivals import tell_of_messages
from witei_app.notifications.choices import DEFAULTS, choose, own_choices
from witei_app.notifications.rows import NoticeRow
from witei_app.notifications.tell import tell_of_mention

ALL = list(map(str, NoticeKind))


async def seen(actor: Actor) -> list[tuple[str, bool]]:
    """What the actor's bell lists, newest first: kind and whether it is unread."""
    return [(row.kind, row.is_unread) for row in await rows_of(actor)]


async def rows_of(actor: Actor) -> list[NoticeRow]:
    """The first page of the actor's bell."""
    async with reading() as db:
        rows, _ = await bell.notices_page(db, actor, bell.shown_kinds(await own_choices(db, actor.user_id)))
    return rows


async def unread(actor: Actor) -> int:
    """The number on the actor's bell."""
    async with reading() as db:
        return await bell.count_notices(db, actor, ALL)


async def unread_mentions(actor: Actor) -> int:
    """How many of them are mentions."""
    async with reading() as db:
        return await bell.count_notices(db, actor, [NoticeKind.MENTIONED])


async def switch(actor: Actor, kind: str, *ways: str) -> None:
    """Switch these ways off."""
    async with transaction() as db:
        for way in ways:
            await choose(db, actor, kind, way, False)


async def test_what_nobody_has_is_told_to_all_who_may_take_it(cast: Cast) -> None:
    await open_conversation(cast.marco, "Is it free?")
    assert await seen(cast.ana) == await seen(cast.luis) == [("unassigned", True)]
    assert await seen(cast.eva) == await seen(cast.vera) == []
    row = (await rows_of(cast.ana))[0]
    assert (row.title, row.text) == ("Marco Peña wrote, nobody has it yet", "Is it free?")


async def test_a_message_is_told_to_the_assignee_alone_and_once_however_often_it_comes(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)
    for _ in range(3):
        await write_in(opened)
    assert await seen(cast.eva) == [("message", True), ("assigned", True)]
    told = await all_of(Notification, Notification.kind == NoticeKind.MESSAGE)
    assert [(one.user_id, one.quantity) for one in told] == [(cast.eva.user_id, 3)]


async def test_who_is_given_a_conversation_reads_by_whom_and_the_others_are_left_alone(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)
    assert (await rows_of(cast.eva))[0].title == "Ana Ruiz gave you Marco Peña"
    assert await unread(cast.luis) == await unread(cast.ana) == 0
    await give(cast.ana, opened, cast.ana)
    assert await seen(cast.ana) == [("unassigned", False)]


async def test_a_mention_shows_the_note_and_survives_the_archive(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    note = await act(cast.ana, opened, write_note, "<p>Luis, do you have the keys?</p>")
    people = [actor.user_id for actor in (cast.ana, cast.luis, cast.eva, cast.vera)]
    await act(cast.ana, opened, tell_of_mention, note, people)
    await act(cast.ana, opened, archive)
    newest = (await rows_of(cast.luis))[0]
    assert (newest.title, newest.text) == ("Ana Ruiz mentioned you: Marco Peña", "Luis, do you have the keys?")
    assert newest.is_unread
    assert [row.kind for row in await rows_of(cast.ana)] == ["unassigned"]
    # Eva is named but may not see it; Vera is of another workspace.
    assert await seen(cast.eva) == await seen(cast.vera) == []
    assert await unread(cast.eva) == 0


async def test_what_goes_out_of_sight_goes_out_of_the_bell(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)
    await write_in(opened)
    await give(cast.ana, opened, cast.luis)
    assert await seen(cast.eva) == []
    await act(cast.ana, opened, delete)
    assert await seen(cast.luis) == []


async def test_reading_the_conversation_reads_what_was_told_of_it_and_the_next_is_new(
    cast: Cast, announced: list[Event]
) -> None:
    opened = await open_conversation(cast.marco)
    assert [event.people for event in announced if isinstance(event, Notified)] == [
        ((cast.ana.user_id, 1), (cast.luis.user_id, 1))
    ]
    announced.clear()
    await act(cast.ana, opened, mark_read)
    assert NotificationsChanged(cast.sol, (cast.ana.user_id or 0,)) in announced
    assert (await unread(cast.ana), await unread(cast.luis)) == (0, 1)
    await write_in(opened)
    assert await unread(cast.ana) == 1
    again = next(event for event in announced if isinstance(event, Notified))
    assert dict(again.people) == {cast.ana.user_id: 1, cast.luis.user_id: 2}


async def test_of_several_that_come_at_once_the_first_is_told(lite_cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(lite_cast.marco)
    await act(lite_cast.ana, opened, mark_read)
    message = await write_in(opened)
    announced.clear()
    async with transaction() as db:
        conversation = await db.get_one(Conversation, opened)
        await tell_of_messages(db, lite_cast.sol, [(conversation, message)] * 2)
    (told,) = (event for event in announced if isinstance(event, Notified))
    assert dict(told.people) == {lite_cast.ana.user_id: 2, lite_cast.luis.user_id: 3}


async def test_what_is_deleted_or_restored_changes_the_number_on_open_bells(
    lite_cast: Cast, announced: list[Event]
) -> None:
    opened = await open_conversation(lite_cast.marco)
    await act(lite_cast.ana, opened, mark_read)
    admin = replace(lite_cast.ana, is_admin=True)
    for rule, left in ((delete, 0), (restore, 1)):
        announced.clear()
        async with transaction() as db:
            await rule(db, admin, await db.get_one(Conversation, opened))
        assert NotificationsChanged(lite_cast.sol, (lite_cast.luis.user_id or 0,)) in announced
        assert await unread(lite_cast.luis) == left


async def test_a_mention_in_what_was_given_away_changes_the_number_on_open_bells(
    cast: Cast, announced: list[Event]
) -> None:
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)
    note = await act(cast.ana, opened, write_note, "<p>Eva, look</p>")
    await act(cast.ana, opened, tell_of_mention, note, [cast.eva.user_id])
    await act(cast.eva, opened, archive)  # nothing but the mention is unread from here on
    for to, left in ((cast.luis, 0), (cast.eva, 1)):
        announced.clear()
        await give(cast.luis, opened, to)
        assert NotificationsChanged(cast.sol, (cast.eva.user_id or 0,)) in announced
        assert await unread_mentions(cast.eva) == left


async def test_automatic_mail_is_told_to_nobody(lite_cast: Cast) -> None:
    await open_conversation(lite_cast.marco, "I am away", is_automatic=True)
    assert await unread(lite_cast.ana) == 0


async def test_each_way_is_switched_by_itself_and_without_any_nothing_is_written(cast: Cast) -> None:
    await switch(cast.ana, "unassigned", "in_app")
    async with reading() as db:
        chosen = await own_choices(db, cast.ana.user_id)
    assert chosen[NoticeKind.MESSAGE] == DEFAULTS[NoticeKind.MESSAGE]
    ways = chosen[NoticeKind.UNASSIGNED]
    assert (ways.in_app, ways.by_browser, ways.by_sound, ways.by_mail) == (False, True, True, False)
    await open_conversation(cast.marco)
    assert await seen(cast.ana) == []
    await switch(cast.luis, "unassigned", "in_app", "by_browser", "by_sound", "by_mail")
    await open_conversation(cast.marco)
    told = await all_of(Notification)
    assert [one.user_id for one in told] == [cast.ana.user_id, cast.luis.user_id, cast.ana.user_id]


async def test_one_or_all_are_marked_and_nobody_elses(cast: Cast) -> None:
    for _ in range(3):
        await open_conversation(cast.marco)
    first = (await rows_of(cast.ana))[0]
    async with transaction() as db:
        await bell.read_notice(db, cast.luis, first.id)
    assert await unread(cast.ana) == 3
    async with transaction() as db:
        await bell.read_notice(db, cast.ana, first.id)
    assert (await unread(cast.ana), await unread(cast.luis)) == (2, 3)
    async with transaction() as db:
        await bell.read_all_notices(db, cast.ana)
    assert (await unread(cast.ana), await unread(cast.luis)) == (0, 3)


async def test_pages_follow_each_other_without_gap_or_double_in_one_query_each(cast: Cast) -> None:
    for _ in range(7):
        await open_conversation(cast.marco)
    shown: list[int] = []
    place = None
    for _ in range(3):
        async with reading() as db:
            with counted_queries() as queries:
                rows, place = await bell.notices_page(db, cast.ana, ALL, place, limit=3)
        assert len(queries) == 1
        shown += [row.id for row in rows]
    assert place is None
    assert shown == sorted(set(shown), reverse=True)
    assert len(shown) == 7


async def test_the_old_ones_are_cleared(cast: Cast) -> None:
    await open_conversation(cast.marco)
    await open_conversation(cast.marco)
    async with transaction() as db:
        old = await db.get_one(Notification, (await rows_of(cast.ana))[0].id)
        old.at = now() - bell.KEPT - timedelta(minutes=1)
    assert await bell.clear_old_notices()
    assert not await bell.clear_old_notices()
    assert await unread(cast.ana) == 1


async def test_telling_a_whole_office_is_one_statement(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    with counted_queries() as queries:
        await write_in(opened)
    assert len([one for one in queries.statements if "INTO notification" in one]) == 1
