"""From an event to every screen that it concerns: read once for all tabs, filter by each tab's actor, tell each once.

The order of things: the bus calls `hear` (it only notes); the loop reads what changed, a fixed number of queries
whatever the number of tabs; each tab that may see it gets news and, unless it has been told already, one small
event, whose handler takes the news.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from typing import Any

import structlog

from witei_app.db import reading
from witei_app.live import away, bus, lookers, tabs
from witei_app.live.bus import PROCESS
from witei_app.live.events import (
    AccessChanged,
    ColleagueWriting,
    ConversationChanged,
    ConversationRead,
    DeliveryChanged,
    DraftKept,
    Event,
    EventsMissed,
    FirstDraftKept,
    JobChanged,
    MailboxChanged,
    MailUnreadable,
    MessageAdded,
    MessageChanged,
    NotificationsChanged,
    Notified,
    PeopleHere,
    RecordChanged,
    TabMoved,
    UserLooking,
    VisitorHere,
    VisitorSeen,
    WebhookAnswered,
)
from witei_app.live.lost import LostStates
from witei_app.live.push import Pusher
from witei_app.live.spread import (
    Noted,
    compare_all,
    note_access,
    note_bell,
    note_first_draft,
    note_job,
    note_page,
    spread_counts,
    spread_lines,
    spread_lookers,
    spread_notices,
    spread_unread,
    tell_of_visitor,
    tell_of_writing,
)
from witei_app.outage import is_outage

log = structlog.get_logger()
# The badge of unread conversations costs a query for each user: often enough for the eye, seldom enough for the server.
UNREAD_SECONDS = 1.0
# Telling a tab takes about a millisecond. What is not urgent is told so seldom that half of the time is left.
SECONDS_FOR_A_TAB = 0.002
LOOK_SECONDS = 0.01
# What nothing touched for two hours Reflex forgets (rxconfig.py), of an open tab, too.
QUIET_SECONDS = 1800.0
BEHIND_SECONDS = 2.0
# Who was told so long ago and has taken nothing is told again.
FORGOTTEN_SECONDS = 30.0


class Relay:
    """One for each process."""

    def __init__(self, pusher: Pusher, handler: Any, arrive: Any, trouble: tuple[Any, str]) -> None:
        """`handler` takes the news in a tab, `arrive` reads its page anew; `trouble` is the state and the var that say
        what is away."""
        self._pusher = pusher
        self._handler = handler
        self._arrive = arrive
        self._trouble = trouble
        self._noted = Noted()
        self._bell = asyncio.Event()
        self._left: list[UserLooking] = []
        self._moved: set[str] = set()
        self._lost = LostStates(pusher.hang_up, self._bell.set)
        self._trouble_bell = asyncio.Event()
        self._unread_due: dict[int, float] = {}  # workspaces whose badges are out of date, since when

    def hear(self, event: Event) -> None:
        """Note what an event means for the screens of this process. Called by the bus; returns at once."""
        noted = self._noted
        match event:
            case MessageAdded() | ConversationChanged() | DeliveryChanged() | MessageChanged():
                noted.note_change(event)
            case ConversationRead() | DraftKept():
                noted.note_reader(event)
            case Notified():
                noted.notified.append(event)
            case NotificationsChanged():
                note_bell(event)
            case FirstDraftKept():
                note_first_draft(event)
            case VisitorSeen():
                tell_of_visitor(event)
            case ColleagueWriting():
                tell_of_writing(event)
            case UserLooking():
                lookers.note(event)
                spread_lookers(event.workspace_id, {event.conversation_id})
            case PeopleHere():
                spread_lookers(event.workspace_id, lookers.note_all(event))
            case TabMoved():
                self._let_go(event)
                return
            case EventsMissed():
                compare_all()
            case JobChanged():
                note_job(event)
            case MailboxChanged() | MailUnreadable() | WebhookAnswered() | VisitorHere() | RecordChanged():
                note_page(event)
            case AccessChanged():
                note_access(event)
                noted.recounted.add(event.workspace_id)
            case _:
                return
        self._bell.set()

    async def run(self) -> None:
        """Tell the tabs, for ever."""
        pause: float | None = None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._bell.wait()
            self._bell.clear()
            left, self._left = self._left, []
            await bus.publish(*left)
            await self._lost.hang_up()
            noted, self._noted = self._noted, Noted()
            pause = None
            if not away.is_away(away.DATABASE):  # when it is back, all tabs compare what they show with it
                pause = await self._tell_all(noted)

    def note_outage(self, what: str, is_away: bool) -> None:
        """Something went away, or is back. Called by `away`; returns at once."""
        self._trouble_bell.set()
        if not is_away and what != away.BUS:  # of the bus it is told when its events were missed
            compare_all()
        self._bell.set()

    def note_behind(self) -> None:
        """A tab could not show its news, because the database failed: it is told again, a little later."""
        asyncio.get_running_loop().call_later(BEHIND_SECONDS, self._bell.set)

    async def welcome(self, token: str) -> None:
        """A tab has its line to this process: what others may still have of it is out of date."""
        self._moved.discard(token)
        await bus.publish(TabMoved(0, PROCESS, token))

    async def keep_saying(self) -> None:
        """Show in all tabs what is away, for ever; whatever their handlers, and ours, wait for."""
        while True:
            await self._trouble_bell.wait()
            self._trouble_bell.clear()
            for tab in list(tabs.all_tabs()):
                await self._pusher.show(tab.token, *self._trouble, away.trouble())
            if not away.is_away(away.DATABASE):
                await self._let_arrive(tabs.take_strangers())

    async def _let_arrive(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            if self._pusher.is_connected(token):
                await self._pusher.start(token, self._arrive)

    async def keep_awake(self) -> None:
        """Touch the tabs to which nothing has happened for long, for ever."""
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            for tab in list(tabs.all_tabs()):
                if time.monotonic() - tab.told_at >= QUIET_SECONDS:
                    await self._tell_one(tab)

    def forget(self, token: str) -> None:
        """The tab's socket is closed."""
        if token in self._moved:
            self._moved.discard(token)
            self._pusher.drop_state(token)
        tab = tabs.tab_of(token)
        if tab is not None:
            tabs.leave(token)
            self._left += lookers.news_of(tab, tab.conversation_id)
            self._bell.set()

    def _let_go(self, event: TabMoved) -> None:
        if event.process == PROCESS:
            return
        if self._pusher.is_connected(event.token):  # its old line is dead, and nobody has noticed yet
            self._moved.add(event.token)
        else:
            self._pusher.drop_state(event.token)

    async def _tell_all(self, noted: Noted) -> float | None:
        try:
            await self._look(noted)
            await self._tell_urgent()
            await self._spread_unread()
        except Exception as fault:
            if not is_outage(fault):
                log.exception("relay.fault")
            self._tell_to_reload(noted)
        return await self._tell()

    async def _look(self, noted: Noted) -> None:
        async with reading() as db:
            await spread_lines(db, noted)
            spread_notices(noted)
            for workspace_id in noted.recounted:
                await spread_counts(db, workspace_id)
        moment = time.monotonic()
        for workspace_id in set(noted.conversations.values()):
            self._unread_due.setdefault(workspace_id, moment)

    async def _spread_unread(self) -> None:
        moment = time.monotonic()
        due = [workspace for workspace, since in self._unread_due.items() if moment - since >= UNREAD_SECONDS]
        for workspace_id in due:
            del self._unread_due[workspace_id]
            async with reading() as db:
                await spread_unread(db, workspace_id)

    def _tell_to_reload(self, noted: Noted) -> None:
        for workspace_id in set(noted.conversations.values()) | noted.recounted:
            for tab in tabs.tabs_of(workspace_id):
                tab.news.is_too_much = True

    async def _tell_urgent(self) -> None:
        """An open conversation, where people wait for each other, before all lists and badges."""
        for tab in self._waiting():
            if tab.news.is_urgent:
                await self._tell_one(tab)

    async def _tell(self) -> float | None:
        """Tell the lists that are due, one by one. Gives the seconds until another is, None when nobody waits.

        News that come meanwhile are looked at first: an open conversation never waits for a hundred lists.
        """
        waiting = self._waiting()
        moment, gap = time.monotonic(), SECONDS_FOR_A_TAB * len(waiting)
        due = [tab for tab in waiting if tab.news.is_urgent or tab.told_at + gap <= moment]
        for tab in sorted(due, key=lambda tab: (not tab.news.is_urgent, tab.told_at)):
            await self._tell_one(tab)
            if self._bell.is_set() and time.monotonic() - moment > LOOK_SECONDS:
                return 0.0
        later = [tab.told_at + gap - moment for tab in waiting if tab not in due]
        later += [UNREAD_SECONDS] if self._unread_due else []
        return max(min(later), 0.0) if later else None

    def _waiting(self) -> list[tabs.Tab]:
        moment = time.monotonic()
        waiting = (tab for tab in tabs.all_tabs() if tab.news.is_anything)
        return [tab for tab in waiting if not tab.is_told or moment - tab.told_at > FORGOTTEN_SECONDS]

    async def _tell_one(self, tab: tabs.Tab) -> None:
        tab.is_told, tab.told_at = True, time.monotonic()
        if self._pusher.is_connected(tab.token):
            await self._pusher.start(tab.token, self._handler, self._lost.watcher(tab))
        else:
            self.forget(tab.token)
