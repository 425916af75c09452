"""What changed, read once for all tabs and handed to each that may see it. A fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache

from witei_app.conversations.counts import BIN, counts_by_assignee, within_scope
from witei_app.conversations.draft import begun_drafts
from witei_app.conversations.inbox import shared_lines
from witei_app.conversations.read import count_unread, read_cursors
from witei_app.conversations.view import Line
from witei_app.db import Session
from witei_app.live import lookers, tabs
from witei_app.live.events import (
    AccessChanged,
    ColleagueWriting,
    ConversationChanged,
    ConversationRead,
    DeliveryChanged,
    DraftKept,
    Event,
    FirstDraftKept,
    JobChanged,
    MailboxChanged,
    MailUnreadable,
    MessageAdded,
    MessageChanged,
    NotificationsChanged,
    Notified,
    RecordChanged,
    VisitorHere,
    VisitorSeen,
    WebhookAnswered,
)

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

    def note_change(self, event: MessageAdded | ConversationChanged | DeliveryChanged | MessageChanged) -> None:
        """Something that everybody sees who sees the conversation."""
        self.conversations[event.conversation_id] = event.workspace_id
        self.changed.add(event.conversation_id)
        if isinstance(event, DeliveryChanged | MessageChanged):
            self.messages[event.conversation_id].add(event.message_id)
        else:
            self.threads.add(event.conversation_id)
            self.recounted.add(event.workspace_id)

    def note_reader(self, event: ConversationRead | DraftKept) -> None:
        """Something that one user sees in all of their tabs."""
        self.conversations[event.conversation_id] = event.workspace_id
        self.readers[event.conversation_id].add(event.user_id)


async def spread_lines(db: Session, noted: Noted) -> None:
    if not noted.conversations:
        return
    lines = await shared_lines(db, noted.conversations)
    cursors, drafts = await read_cursors(db, noted.conversations), await begun_drafts(db, noted.conversations)

    @cache
    def own_line(line: Line, user_id: int, read_up_to: int) -> Line:
        is_unread = line.last_inbound_id > cursors.get((user_id, line.id), read_up_to)
        return replace(line, is_unread=is_unread, draft=drafts.get((user_id, line.id), ""))

    for line in lines:
        for tab in tabs.tabs_of(line.workspace_id):
            if line.id not in noted.changed and tab.actor.user_id not in noted.readers[line.id]:
                continue
            if not _may_know(tab, line):
                tab.add_gone(line.id, is_binned=line.deleted_at is not None and not line.is_emptied)
                continue
            tab.add_line(own_line(line, tab.actor.user_id or 0, tab.actor.read_up_to))
            if tab.path == f"/contacts/{line.contact_id}":
                tab.news.pages.add(tab.path)
            if tab.conversation_id == line.id:
                tab.news.has_thread_news |= line.id in noted.threads
                tab.news.message_ids |= noted.messages.get(line.id, set())


def tell_of_visitor(event: VisitorSeen) -> None:
    """Typing, or on another page: only who has the conversation open sees it, so nothing is read here."""
    for tab in tabs.tabs_of(event.workspace_id):
        if tab.conversation_id != event.conversation_id:
            continue
        if event.is_typing:
            tab.news.typing = str(event.number)
        else:
            tab.news.has_thread_news = True


def tell_of_writing(event: ColleagueWriting) -> None:
    """The same of a colleague, who needs not be told."""
    for tab in tabs.tabs_of(event.workspace_id):
        if tab.conversation_id == event.conversation_id and tab.actor.user_id != event.user_id:
            tab.news.writers.add(event.user_id)


def note_bell(event: NotificationsChanged) -> None:
    """What some users' bells show is another thing now."""
    for tab in tabs.tabs_of(event.workspace_id):
        tab.news.is_bell_changed |= tab.actor.user_id in event.user_ids


def note_first_draft(event: FirstDraftKept) -> None:
    """A user writes a new conversation in one tab, and may have it before them in another."""
    for tab in tabs.tabs_of(event.workspace_id):
        tab.news.is_first_draft_changed |= tab.actor.user_id == event.user_id


def note_job(event: JobChanged) -> None:
    """What a user has asked for went on."""
    for tab in tabs.tabs_of(event.workspace_id):
        tab.news.has_job_news |= tab.actor.user_id == event.user_id


def note_access(event: AccessChanged) -> None:
    """What a user may see is another thing now; the others choose from another team, perhaps."""
    for tab in tabs.tabs_of(event.workspace_id):
        if tab.actor.user_id == event.user_id:
            tab.news.is_access_changed = True
        else:
            tab.news.are_people_changed = True


def note_page(event: Event) -> None:
    """Something that some pages alone show: their tabs read it again. What they may see of it the page asks itself."""
    paths = _record_pages(event) if isinstance(event, RecordChanged) else {_PAGES[type(event)]}
    for tab in tabs.tabs_of(event.workspace_id):
        if tab.path in paths:
            tab.news.pages.add(tab.path)


def _record_pages(event: RecordChanged) -> set[str]:
    return {f"/{event.folder}", f"/{event.folder}/{event.record_id}", f"/contacts/{event.contact_id}"}


def spread_lookers(workspace_id: int, conversation_ids: set[int]) -> None:
    for tab in tabs.tabs_of(workspace_id):
        if tab.conversation_id in conversation_ids:
            tab.news.lookers = lookers.of(tab.conversation_id, workspace_id, besides=tab.actor.user_id)


def compare_all() -> None:
    """Nobody knows what was missed: each tab compares what it shows with the database."""
    for tab in tabs.all_tabs():
        tab.news.is_too_much = True
        tab.news.must_arrive |= tab.has_failed
        tab.has_failed = False


def spread_notices(noted: Noted) -> None:
    """After the lines: what is said of a notification, the line says who wrote what."""
    for event in noted.notified:
        people = dict(event.people)
        for tab in tabs.tabs_of(event.workspace_id):
            if tab.actor.user_id in people:
                tab.note_notice(event.conversation_id, event.notice, people[tab.actor.user_id], event.by)


def _may_know(tab: tabs.Tab, line: Line) -> bool:
    """Whether the line concerns the tab; what is in the bin only where an administrator looks at the bin."""
    is_there = line.deleted_at is None or (tab.actor.is_admin and tab.counted[0] == BIN)
    return is_there and not line.is_emptied and tab.actor.sees(line.assignee_id)


async def spread_counts(db: Session, workspace_id: int) -> None:
    """The numbers beside the views; one query for each status and channel that a tab shows."""
    known: dict[tuple[str, str], dict[int, int]] = {}
    for tab in tabs.tabs_of(workspace_id):
        if tab.counted not in known:
            known[tab.counted] = await counts_by_assignee(db, workspace_id, *tab.counted)
        tab.news.counts = within_scope(tab.actor, tab.counted[0], known[tab.counted])


async def spread_unread(db: Session, workspace_id: int) -> None:
    """The badge; one query for each user with an open tab."""
    by_user: dict[int | None, int] = {}
    for tab in tabs.tabs_of(workspace_id):
        if tab.actor.user_id not in by_user:
            by_user[tab.actor.user_id] = await count_unread(db, tab.actor)
        tab.news.unread = by_user[tab.actor.user_id]
