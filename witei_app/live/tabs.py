"""Who watches: the open tabs of this process, what each shows, and what waits to be shown there."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import Counts
from witei_app.conversations.view import Line

# A tab that is told nothing for so long (asleep, a dead connection) reloads instead of catching up line by line.
MOST_WAITING = 100


@dataclass
class News:
    """What a tab has not shown yet. `is_too_much` means: compare what is shown with the database. `must_arrive`: read
    the page, which could not be read when it was asked for.

    `binned`: those of `gone` that are in the bin, where somebody may look by now. `notices`, by conversation and kind:
    how often it was told and not read, and whose doing it is; `notices_at`, when the last of them was noted. `pages`:
    the addresses of pages that show something else now. `are_people_changed`: a colleague came, left, is away or may do
    other things.
    """

    lines: dict[int, Line] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    binned: set[int] = field(default_factory=set)
    message_ids: set[int] = field(default_factory=set)
    has_thread_news: bool = False
    counts: Counts | None = None
    unread: int | None = None
    typing: str = ""
    writers: set[int] = field(default_factory=set)
    notices: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    notices_at: float = 0.0
    is_bell_changed: bool = False
    is_first_draft_changed: bool = False
    lookers: dict[int, str] | None = None
    has_job_news: bool = False
    pages: set[str] = field(default_factory=set)
    is_access_changed: bool = False
    are_people_changed: bool = False
    is_too_much: bool = False
    must_arrive: bool = False

    @property
    def is_anything(self) -> bool:
        """Whether there is something to show."""
        return self != _NOTHING

    @property
    def is_urgent(self) -> bool:
        """Whether it is about the open conversation, where people wait for each other, or about what may be seen."""
        return self.has_thread_news or self.is_access_changed or bool(self.message_ids or self.typing or self.writers)


_NOTHING = News()


@dataclass
class Tab:
    """One open tab: its actor as of the last check, the page and the conversation it shows, which status and channel
    it counts.

    `is_told` while its handler has not yet taken the news, `told_at` when it last was, on the monotonic clock; `taken`
    counts how often news were.
    `has_failed` when the database was away as the tab asked for something to show.
    """

    token: str
    actor: Actor
    path: str = ""
    conversation_id: int = 0
    counted: tuple[str, str] = ("open", "")
    news: News = field(default_factory=News)
    is_told: bool = False
    told_at: float = 0.0
    taken: int = 0
    has_failed: bool = False

    def add_line(self, line: Line) -> None:
        """A conversation changed that this tab's actor may see."""
        self.news.lines[line.id] = line
        self.news.gone.discard(line.id)
        self.news.binned.discard(line.id)
        if len(self.news.lines) > MOST_WAITING:
            self.news.is_too_much = True
            self.news.lines.clear()

    def add_gone(self, conversation_id: int, *, is_binned: bool = False) -> None:
        """A conversation went out of this actor's sight."""
        self.news.lines.pop(conversation_id, None)
        self.news.gone.add(conversation_id)
        (self.news.binned.add if is_binned else self.news.binned.discard)(conversation_id)

    def note_notice(self, conversation_id: int, kind: str, quantity: int, by: str) -> None:
        """The user is told something for the `quantity`th time unread. What is told again before it was shown is new
        all the same."""
        before, _ = self.news.notices.get((conversation_id, kind), (quantity, by))
        self.news.notices[conversation_id, kind] = (min(before, quantity), by)
        self.news.notices_at = time.monotonic()


_tabs: dict[str, Tab] = {}
_strangers: set[str] = set()
_on_behind: list[Callable[[], None]] = []
_by_workspace: defaultdict[int, set[str]] = defaultdict(set)


def watch(token: str, actor: Actor) -> Tab:
    """From now on the tab is told what concerns this actor. A tab that signs in anew is another one."""
    leave(token)
    tab = _tabs[token] = Tab(token, actor)
    _by_workspace[actor.workspace_id].add(token)
    return tab


def leave(token: str) -> None:
    """The tab is closed or signed out."""
    tab = _tabs.pop(token, None)
    if tab is not None:
        _by_workspace[tab.actor.workspace_id].discard(token)


def tab_of(token: str) -> Tab | None:
    """The tab, if it is watched."""
    return _tabs.get(token)


def tabs_of(workspace_id: int) -> Iterator[Tab]:
    """The workspace's tabs in this process."""
    return (_tabs[token] for token in list(_by_workspace[workspace_id]) if token in _tabs)


def all_tabs() -> Iterator[Tab]:
    """Every watched tab of this process."""
    return iter(_tabs.values())


def note_failed(token: str) -> None:
    """The database was away when the tab asked for something to show: it asks again by itself when it is back."""
    if token in _tabs:
        _tabs[token].has_failed = True
    else:
        _strangers.add(token)


def take_strangers() -> set[str]:
    """The tabs that failed before it was known whose they are."""
    found = set(_strangers)
    _strangers.clear()
    return found


def note_behind(token: str) -> None:
    """The database failed as the tab was about to show its news: some time later it compares what it shows."""
    tab = _tabs.get(token)
    if tab is not None:
        tab.news.is_too_much, tab.is_told = True, False
        for tell in _on_behind:
            tell()


def on_behind(tell: Callable[[], None]) -> Callable[[], None]:
    """Call this when a tab could not show its news. Gives what ends it."""
    _on_behind.append(tell)
    return lambda: _on_behind.remove(tell)


def take_news(token: str) -> News:
    """What waits for the tab; it is told again when there is more."""
    tab = _tabs.get(token)
    if tab is None:
        return News()
    news, tab.news, tab.is_told = tab.news, News(), False
    tab.taken += 1
    return news
