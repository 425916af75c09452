"""Who is told what: those who may see it, once, and no more than they may see."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.cast import Cast, act, counted_queries, give, open_conversation, queued, write_in
from tests.fakes import Pushes
from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import Counts
from witei_app.conversations.delete import delete
from witei_app.conversations.draft import keep_draft
from witei_app.conversations.inbox import conversation_row
from witei_app.conversations.read import mark_read
from witei_app.conversations.view import View
from witei_app.live import away, bus, relay, spread, tabs
from witei_app.live.events import (
    AccessChanged,
    DeliveryChanged,
    EventsMissed,
    MessageAdded,
    TabMoved,
    VisitorSeen,
)
from witei_app.live.relay import Relay
from witei_app.live.tabs import MOST_WAITING, News


class Room:
    """Everybody in front of a tab."""

    def __init__(self, cast: Cast, pushes: Pushes) -> None:
        self.pushes = pushes
        for name in ("ana", "luis", "eva", "vera"):
            tabs.watch(name, getattr(cast, name))

    async def news(self) -> dict[str, News]:
        """What each tab is told, once the relay has looked; it is as shown afterwards."""
        for _ in range(15):  # turns, not one nap: on a busy machine time goes by in which nothing is done
            await asyncio.sleep(0.01)
        return {tab.token: tabs.take_news(tab.token) for tab in list(tabs.all_tabs())}

    async def told(self, conversation_id: int) -> set[str]:
        """Whose tabs get the line of the conversation."""
        return {name for name, news in (await self.news()).items() if conversation_id in news.lines}


@pytest.fixture
async def room(lite_cast: Cast, no_tabs: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """The relay runs; badges are counted at once."""
    monkeypatch.setattr(relay, "UNREAD_SECONDS", 0.01)
    bus.use(bus.InProcessBus())
    pushes = Pushes()
    one = Relay(pushes, "refresh", "arrive", ("state", "trouble"))  # type: ignore[arg-type]
    ends = [bus.subscribe(one.hear), away.subscribe(one.note_outage)]
    running = [asyncio.create_task(one.run()), asyncio.create_task(one.keep_saying())]
    yield Room(lite_cast, pushes)
    for task in running:
        task.cancel()
    for end in ends:
        end()


async def test_a_message_is_told_to_those_who_see_its_conversation(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    assert await room.told(opened) == {"ana", "luis"}
    await give(lite_cast.ana, opened, lite_cast.eva)
    assert await room.told(opened) == {"ana", "luis", "eva"}


async def test_who_loses_sight_is_told_that_it_is_gone_and_nothing_more(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    await give(lite_cast.ana, opened, lite_cast.eva)
    await room.news()
    await give(lite_cast.ana, opened, lite_cast.luis)
    news = await room.news()
    assert (news["eva"].gone, news["eva"].lines) == ({opened}, {})
    assert news["vera"] == News()


async def test_what_is_deleted_is_gone_for_all(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    await room.news()
    await act(lite_cast.ana, opened, delete)
    news = await room.news()
    assert news["ana"].gone == news["luis"].gone == {opened}
    assert news["ana"].lines == {}


async def test_reading_concerns_the_readers_own_tabs_alone(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    tabs.watch("ana's other tab", lite_cast.ana)
    await room.news()
    await act(lite_cast.ana, opened, mark_read)
    news = await room.news()
    assert {name for name in news if news[name].lines} == {"ana", "ana's other tab"}
    assert not news["ana"].lines[opened].is_unread


async def test_a_draft_stands_in_its_writers_own_line_and_stays_when_a_message_comes(
    lite_cast: Cast, room: Room
) -> None:
    opened = await open_conversation(lite_cast.marco)
    await room.news()
    await act(lite_cast.ana, opened, keep_draft, "<p>Le confirmo el <b>jueves</b></p>")
    news = await room.news()
    row = conversation_row(news["ana"].lines[opened], lite_cast.ana, View())
    assert (row.has_draft, row.preview) == (True, "Le confirmo el jueves")
    assert news["luis"].lines == {}
    await write_in(opened)
    news = await room.news()
    assert news["ana"].lines[opened].draft
    assert not news["luis"].lines[opened].draft
    await act(lite_cast.ana, opened, keep_draft, "")
    assert not (await room.news())["ana"].lines[opened].draft


async def test_numbers_and_badges_are_each_readers_own(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    await open_conversation(lite_cast.marco)
    await give(lite_cast.ana, opened, lite_cast.eva)
    await act(lite_cast.ana, opened, mark_read)
    news = await room.news()
    assert [news[name].counts for name in ("ana", "eva", "vera")] == [Counts(2, 0, 1), Counts(1, 1, 0), None]
    assert [news[name].unread for name in ("ana", "luis", "eva", "vera")] == [1, 2, 1, None]


async def test_the_open_thread_is_told_of_its_own_messages(lite_cast: Cast, room: Room) -> None:
    message = await queued(lite_cast)
    for name, shown in (("ana", message.conversation_id), ("luis", 0)):
        tab = tabs.tab_of(name)
        assert tab is not None
        tab.conversation_id = shown
    await room.news()
    await write_in(message.conversation_id)
    news = await room.news()
    assert (news["ana"].has_thread_news, news["luis"].has_thread_news) == (True, False)
    await bus.publish(DeliveryChanged(lite_cast.sol, message.conversation_id, message.id))
    news = await room.news()
    assert (news["ana"].message_ids, news["luis"].message_ids) == ({message.id}, set())
    assert not news["ana"].has_thread_news


async def test_a_tab_is_told_once_until_it_has_looked(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    for n in range(20):
        await write_in(opened, str(n))
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.15)
    assert room.pushes.started.count("ana") == 1
    await room.news()
    await write_in(opened)
    await asyncio.sleep(0.15)
    assert room.pushes.started.count("ana") == 2
    assert "vera" not in room.pushes.started


async def test_a_tab_that_slept_through_too_much_reads_anew(lite_cast: Cast, room: Room) -> None:
    for _ in range(MOST_WAITING + 1):
        await open_conversation(lite_cast.marco)
    news = await room.news()
    assert news["ana"].is_too_much
    assert len(news["ana"].lines) <= MOST_WAITING


async def test_a_closed_tab_is_forgotten(lite_cast: Cast, room: Room) -> None:
    room.pushes.closed.add("luis")
    await open_conversation(lite_cast.marco)
    assert set(await room.news()) == {"ana", "eva", "vera"}


async def test_changed_access_is_told_to_that_user_the_others_choose_from_another_team(
    lite_cast: Cast, room: Room
) -> None:
    await bus.publish(AccessChanged(lite_cast.sol, lite_cast.eva.user_id or 0))
    news = await room.news()
    assert [name for name in news if news[name].is_access_changed] == ["eva"]
    assert [name for name in news if news[name].are_people_changed] == ["ana", "luis"]


async def test_a_visitor_who_types_is_seen_in_the_open_thread_alone(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    tab = tabs.tab_of("ana")
    assert tab is not None
    tab.conversation_id = opened
    await room.news()
    await bus.publish(VisitorSeen(lite_cast.sol, opened, 1, is_typing=True))
    news = await room.news()
    assert [name for name in news if news[name].typing] == ["ana"]


async def test_when_the_database_is_away_everybody_concerned_reads_anew(
    lite_cast: Cast, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(spread, "shared_lines", away)
    await bus.publish(MessageAdded(lite_cast.sol, 1, 1, 1, "in"))
    news = await room.news()
    assert {name for name in news if news[name].is_too_much} == {"ana", "luis", "eva"}


async def test_while_the_database_is_away_all_tabs_say_so_and_afterwards_they_compare(
    lite_cast: Cast, room: Room
) -> None:
    away.note(away.DATABASE)
    await bus.publish(MessageAdded(lite_cast.sol, 1, 1, 1, "in"))
    failed = tabs.tab_of("luis")
    assert failed is not None
    failed.has_failed = True
    await asyncio.sleep(0.05)
    assert (set(room.pushes.shown.values()), room.pushes.started) == ({"database"}, [])
    away.back(away.DATABASE)
    news = await room.news()
    assert set(room.pushes.shown.values()) == {""}
    assert all(one.is_too_much for one in news.values())
    assert [name for name, one in news.items() if one.must_arrive] == ["luis"]


async def test_when_events_were_missed_all_tabs_compare(room: Room) -> None:
    await bus.publish(EventsMissed(0))
    assert all(one.is_too_much for one in (await room.news()).values())


async def test_a_tab_whose_state_is_lost_is_made_to_call_again_once(lite_cast: Cast, room: Room) -> None:
    room.pushes.takes_nothing = True
    for _ in range(2):
        await open_conversation(lite_cast.marco)
        await asyncio.sleep(0.1)
    assert sorted(room.pushes.hung_up) == ["ana", "eva", "luis"]


async def test_a_tab_that_is_elsewhere_now_leaves_nothing_here(room: Room) -> None:
    room.pushes.closed = {"ana"}
    await bus.publish(TabMoved(0, "other", "ana"), TabMoved(0, "other", "luis"))
    assert room.pushes.dropped == ["ana"], "luis' old line is not known to be dead yet"


async def test_a_hundred_tabs_cost_no_more_queries_than_four(lite_cast: Cast, room: Room) -> None:
    asked = []
    for quantity in (0, 100):
        for n in range(quantity):
            tabs.watch(f"{n}", [lite_cast.ana, lite_cast.luis, lite_cast.eva][n % 3])
        opened = await open_conversation(lite_cast.marco)
        await room.news()
        with counted_queries() as queries:
            await bus.publish(MessageAdded(lite_cast.sol, opened, 1, 1, "in"))
            await room.news()
        asked.append(len(queries))
    # the lines, the cursors, the drafts, the counters, and a badge for each of three users
    assert asked == [7, 7]


async def test_a_user_elsewhere_is_never_started(lite_cast: Cast, room: Room) -> None:
    stranger: Actor = lite_cast.vera
    tabs.watch("vera's other tab", stranger)
    opened = await open_conversation(lite_cast.marco)
    await write_in(opened)
    await give(lite_cast.ana, opened, lite_cast.luis)
    news = await room.news()
    assert news["vera"] == news["vera's other tab"] == News()


async def test_a_notification_reaches_its_readers_tabs_with_the_line(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    news = await room.news()
    assert [name for name in news if news[name].notices] == ["ana", "luis"]
    await give(lite_cast.ana, opened, lite_cast.eva)
    news = await room.news()
    assert news["eva"].notices == {(opened, "assigned"): (1, "Ana Ruiz")}
    assert opened in news["eva"].lines
    # It waits for nobody else any more: their bells count anew.
    assert [name for name in news if news[name].is_bell_changed] == ["ana", "luis"]


async def test_what_is_told_twice_before_a_tab_looks_is_new_there(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco, "Hello?", "Is it free?")
    news = await room.news()
    assert news["ana"].notices == {(opened, "unassigned"): (1, "")}
    await write_in(opened)
    news = await room.news()
    assert news["ana"].notices == {(opened, "unassigned"): (3, "")}


async def test_what_is_read_changes_the_readers_own_bells_alone(lite_cast: Cast, room: Room) -> None:
    opened = await open_conversation(lite_cast.marco)
    tabs.watch("ana's other tab", lite_cast.ana)
    await room.news()
    await act(lite_cast.ana, opened, mark_read)
    news = await room.news()
    assert {name for name in news if news[name].is_bell_changed} == {"ana", "ana's other tab"}


async def test_a_tab_to_which_nothing_happens_is_touched_now_and_then(
    lite_cast: Cast, no_tabs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "QUIET_SECONDS", 0.05)
    pushes = Pushes()
    quiet, busy = tabs.watch("quiet", lite_cast.ana), tabs.watch("busy", lite_cast.luis)
    busy.told_at = time.monotonic() + 60
    keeping = asyncio.create_task(Relay(pushes, "refresh", "arrive", ("state", "trouble")).keep_awake())  # type: ignore[arg-type]
    while not pushes.started:
        await asyncio.sleep(0.01)
    keeping.cancel()
    assert set(pushes.started) == {"quiet"}
    assert quiet.told_at > 0
