"""From an event to every screen that it concerns: read once for all tabs, filter by each tab's actor, tell each once.

The order of things: the bus calls `hear` (it only notes); the loop reads what changed, a fixed number of queries
whatever the number of tabs; each tab that may see it gets news and, unless it has been told already, one small
event, whose handler takes the news.
"""

import asyncio
import contextlib
import math
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from witei_app.conversations.counts import BIN, counts_by_assignee, within_scope
from witei_app.conversations.draft import begun_drafts
from witei_app.conversations.inbox import shared_lines
from witei_app.conversations.read import count_unread, read_cursors
from witei_app.conversations.view import Line
from witei_app.db import Session, reading
from witei_app.live import away, bus, lookers, tabs
from witei_app.live.bus import PROCESS
from witei_app.live.events import (
    AccessChanged,
    ConversationChanged,
    ConversationRead,
    DeliveryChanged,
    DraftKept,
    Event,
    EventsMissed,
    JobChanged,
    MailboxChanged,
    MailUnreadable,
    MessageAdded,
    MessageChanged,
    NotificationsChanged,
    Notified,
    PeopleHere,
    TabMoved,
    UserLooking,
    VisitorHere,
    VisitorSeen,
    WebhookAnswered,
)
from witei_app.live.push import Pusher
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
# A tab whose state was lost is told to call again, but not in a circle.
HANG_UP_EVERY_SECONDS = 60.0
_PAGES: dict[type[Event], str] = {
    MailboxChanged: "/settings/mailboxes",
    MailUnreadable: "/settings/unreadable",
    WebhookAnswered: "/settings/webhooks",
    VisitorHere: "/visitors",
}


@dataclass
class Noted:
    """What the loop has to look at."""

    conversations: dict[int, int] = field(default_factory=dict)  # id to workspace
    changed: set[int] = field(default_factory=set)  # those that look different to everybody
    readers: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # to these users alone
    threads: set[int] = field(default_factory=set)
    notified: list[Notified] = field(default_factory=list)
    messages: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    recounted: set[int] = field(default_factory=set)  # workspaces


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
        self._lost: set[str] = set()
        self._hung_up: dict[str, float] = {}
        self._trouble_bell = asyncio.Event()
        self._unread_due: dict[int, float] = {}  # workspaces whose badges are out of date, since when

    def hear(self, event: Event) -> None:
        """Note what an event means for the screens of this process. Called by the bus; returns at once."""
        noted = self._noted
        match event:
            case MessageAdded() | ConversationChanged():
                noted.conversations[event.conversation_id] = event.workspace_id
                noted.changed.add(event.conversation_id)
                noted.threads.add(event.conversation_id)
                noted.recounted.add(event.workspace_id)
            case Notified():
                noted.notified.append(event)
            case NotificationsChanged():
                for tab in tabs.tabs_of(event.workspace_id):
                    tab.news.is_bell_changed |= tab.actor.user_id in event.user_ids
            case ConversationRead() | DraftKept():
                noted.conversations[event.conversation_id] = event.workspace_id
                noted.readers[event.conversation_id].add(event.user_id)
            case DeliveryChanged() | MessageChanged():
                noted.conversations[event.conversation_id] = event.workspace_id
                noted.changed.add(event.conversation_id)
                noted.messages[event.conversation_id].add(event.message_id)
            case VisitorSeen():
                self._tell_of_visitor(event)
            case UserLooking():
                lookers.note(event)
                _spread_lookers(event.workspace_id, {event.conversation_id})
            case PeopleHere():
                _spread_lookers(event.workspace_id, lookers.note_all(event))
            case TabMoved():
                self._let_go(event)
                return
            case EventsMissed():
                _compare_all()
            case JobChanged():
                for tab in tabs.tabs_of(event.workspace_id):
                    tab.news.has_job_news |= tab.actor.user_id == event.user_id
            case MailboxChanged() | MailUnreadable() | WebhookAnswered() | VisitorHere():
                _note_page(event)
            case AccessChanged():
                for tab in tabs.tabs_of(event.workspace_id):
                    if tab.actor.user_id == event.user_id:
                        tab.news.is_access_changed = True
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
            await self._hang_up_lost()
            noted, self._noted = self._noted, Noted()
            pause = None
            if not away.is_away(away.DATABASE):  # when it is back, all tabs compare what they show with it
                pause = await self._tell_all(noted)

    def note_outage(self, what: str, is_away: bool) -> None:
        """Something went away, or is back. Called by `away`; returns at once."""
        self._trouble_bell.set()
        if not is_away and what != away.BUS:  # of the bus it is told when its events were missed
            _compare_all()
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
        self._hung_up.pop(token, None)
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

    async def _show_trouble(self) -> None:
        self._trouble_bell = asyncio.Event()
        word = away.trouble()
        for tab in list(tabs.all_tabs()):
            await self._pusher.show(tab.token, *self._trouble, word)

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
            await self._spread_lines(db, noted)
            _spread_notices(noted)
            for workspace_id in noted.recounted:
                await _spread_counts(db, workspace_id)
        moment = time.monotonic()
        for workspace_id in set(noted.conversations.values()):
            self._unread_due.setdefault(workspace_id, moment)

    async def _spread_lines(self, db: Session, noted: Noted) -> None:
        if not noted.conversations:
            return
        lines = await shared_lines(db, noted.conversations)
        cursors, drafts = await read_cursors(db, noted.conversations), await begun_drafts(db, noted.conversations)
        for line in lines:
            for tab in tabs.tabs_of(line.workspace_id):
                if line.id not in noted.changed and tab.actor.user_id not in noted.readers[line.id]:
                    continue
                if not _may_know(tab, line):
                    tab.add_gone(line.id)
                    continue
                own = (tab.actor.user_id or 0, line.id)
                is_unread = line.last_inbound_id > cursors.get(own, tab.actor.read_up_to)
                tab.add_line(replace(line, is_unread=is_unread, draft=drafts.get(own, "")))
                if tab.conversation_id == line.id:
                    tab.news.has_thread_news |= line.id in noted.threads
                    tab.news.message_ids |= noted.messages.get(line.id, set())

    async def _spread_unread(self) -> None:
        moment = time.monotonic()
        due = [workspace for workspace, since in self._unread_due.items() if moment - since >= UNREAD_SECONDS]
        for workspace_id in due:
            del self._unread_due[workspace_id]
            async with reading() as db:
                await _spread_unread(db, workspace_id)

    def _tell_of_visitor(self, event: VisitorSeen) -> None:
        """Typing, or on another page: only who has the conversation open sees it, so nothing is read here."""
        for tab in tabs.tabs_of(event.workspace_id):
            if tab.conversation_id != event.conversation_id:
                continue
            if event.is_typing:
                tab.news.typing = str(event.number)
            else:
                tab.news.has_thread_news = True

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
            await self._pusher.start(tab.token, self._handler, self._note_run)
        else:
            self.forget(tab.token)

    def _note_run(self, token: str) -> None:
        tab = tabs.tab_of(token)
        if tab is not None and tab.is_told:  # its handler has run and took nothing
            self._lost.add(token)
            self._bell.set()

    async def _hang_up_lost(self) -> None:
        """Tabs whose state is lost: by a new line they get one."""
        lost, self._lost = self._lost, set()
        for token in lost:
            tab = tabs.tab_of(token)
            if tab is None or tab.told_at - self._hung_up.get(token, -math.inf) < HANG_UP_EVERY_SECONDS:
                continue
            self._hung_up[token] = tab.told_at
            log.warning("relay.state_lost", user=tab.actor.user_id)
            await self._pusher.hang_up(token)


def _note_page(event: Event) -> None:
    """Something that one page alone shows: its tabs read it again. What they may see of it the page asks itself."""
    for tab in tabs.tabs_of(event.workspace_id):
        if tab.path == _PAGES[type(event)]:
            tab.news.pages.add(tab.path)


def _spread_lookers(workspace_id: int, conversation_ids: set[int]) -> None:
    for tab in tabs.tabs_of(workspace_id):
        if tab.conversation_id in conversation_ids:
            tab.news.lookers = lookers.of(tab.conversation_id, workspace_id, besides=tab.actor.user_id)


def _compare_all() -> None:
    """Nobody knows what was missed: each tab compares what it shows with the database."""
    for tab in tabs.all_tabs():
        tab.news.is_too_much = True
        tab.news.must_arrive |= tab.has_failed
        tab.has_failed = False


def _spread_notices(noted: Noted) -> None:
    """After the lines: what is said of a notification, the line says who wrote what."""
    for event in noted.notified:
        people = dict(event.people)
        for tab in tabs.tabs_of(event.workspace_id):
            if tab.actor.user_id in people:
                tab.news.notices[event.conversation_id, event.notice] = (people[tab.actor.user_id], event.by)
                tab.news.notices_at = time.monotonic()


def _may_know(tab: tabs.Tab, line: Line) -> bool:
    """Whether the line concerns the tab; what is in the bin only where an administrator looks at the bin."""
    is_there = line.deleted_at is None or (tab.actor.is_admin and tab.counted[0] == BIN)
    return is_there and not line.is_emptied and tab.actor.sees(line.assignee_id)


async def _spread_counts(db: Session, workspace_id: int) -> None:
    """The numbers beside the views; one query for each status and channel that a tab shows."""
    known: dict[tuple[str, str], dict[int, int]] = {}
    for tab in tabs.tabs_of(workspace_id):
        if tab.counted not in known:
            known[tab.counted] = await counts_by_assignee(db, workspace_id, *tab.counted)
        tab.news.counts = within_scope(tab.actor, tab.counted[0], known[tab.counted])


async def _spread_unread(db: Session, workspace_id: int) -> None:
    """The badge; one query for each user with an open tab."""
    by_user: dict[int | None, int] = {}
    for tab in tabs.tabs_of(workspace_id):
        if tab.actor.user_id not in by_user:
            by_user[tab.actor.user_id] = await count_unread(db, tab.actor)
        tab.news.unread = by_user[tab.actor.user_id]
