"""The list at the left: which view, which page of it, what changed since."""

from dataclasses import asdict

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.conversations.counts import Counts, read_counts
from witei_app.conversations.inbox import Line, Place, View, belongs_in, conversation_row, inbox_page
from witei_app.conversations.read import count_unread
from witei_app.conversations.rows import ConversationRow, PersonRow
from witei_app.live import tabs
from witei_app.live.tabs import News
from witei_app.models import Status
from witei_app.state import list_page
from witei_app.state.list_page import Rows
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.texts.people import initials, tint


class InboxState(SignedInState):
    """One view of the inbox, a page at a time."""

    fresh: list[ConversationRow] = []
    rows: list[ConversationRow] = []
    whose: str = "all"
    status: str = Status.OPEN
    search: str = ""
    has_more: bool = False
    is_loading: bool = True
    counts: dict[str, int] = {"all": 0, "mine": 0, "unassigned": 0}
    people: list[PersonRow] = []
    _place: Place | None = None

    @rx.var
    def fresh_ids(self) -> list[int]:
        """The conversations that moved to the top."""
        return [row.id for row in self.fresh]

    @rx.var
    def own_views(self) -> list[dict[str, str]]:
        """A view for each colleague's conversations."""
        return [{"id": str(person.id), "name": person.name} for person in self.people]

    @rx.event
    async def load(self):
        """Read the view anew."""
        await self._load()

    @rx.event
    async def show(self, whose: str):
        """Switch to another view: "all", "mine", "unassigned" or a user's id."""
        whose = as_text(whose, 20)
        if whose in {"all", "mine", "unassigned"} or whose.isdecimal():
            self.whose = whose
            await self._load()

    @rx.event
    async def show_status(self, status: str):
        """Switch between open and archived."""
        if status in {Status.OPEN, Status.ARCHIVED}:
            self.status = str(status)
            await self._load()

    @rx.event
    async def find(self, search: str):
        """Search by the contact's name, e-mail or phone, as one types."""
        self.search = as_text(search, 100)
        await self._load()

    @rx.event
    async def more(self):
        """The next page, when the end of the list comes near."""
        if self._place is None:
            return
        async with self._looking() as (db, actor):
            lines, self._place = await inbox_page(db, actor, self._view(), self._place)
            rows = list_page.plain(self.rows)
            known = {row.id for row in rows}
            self.rows = [*rows, *(conversation_row(line, actor) for line in lines if line.id not in known)]
            self.has_more = self._place is not None

    async def _load(self) -> None:
        """At most five queries, however many conversations there are."""
        async with self._looking() as (db, actor):
            await self._enter(actor)
            tab = tabs.tab_of(self.router.session.client_token)
            if tab is not None:
                tab.status = self.status
            lines, self._place = await inbox_page(db, actor, self._view())
            self.rows, self.fresh = [conversation_row(line, actor) for line in lines], []
            self.has_more = self._place is not None
            self._show_counts(await read_counts(db, actor, self.status))
            self.unread = await count_unread(db, actor)
            self.people = [PersonRow(u.id, u.name, initials(u.name), tint(u.id)) for u in await colleagues(db, actor)]
        self.is_loading = False

    def _view(self) -> View:
        return View(self.whose, self.status, self.search)

    def _show_counts(self, counts: Counts) -> None:
        shown = asdict(counts)
        if shown != self.counts:
            self.counts = shown

    def _apply(self, news: News, actor: Actor) -> None:
        """Bring the shown page up to date with what happened, sending only what changed."""
        fresh, rows = before = list_page.plain(self.fresh), list_page.plain(self.rows)
        for conversation_id in news.gone:
            fresh, rows = list_page.take(fresh, rows, conversation_id)
        for line in news.lines.values():
            fresh, rows = self._changed(fresh, rows, line, actor)
        if fresh is not before[0]:
            self.fresh = fresh
        if rows is not before[1]:
            self.rows = rows
        if news.counts is not None:
            self._show_counts(news.counts)
        if news.unread is not None and news.unread != self.unread:
            self.unread = news.unread

    def _changed(self, fresh: Rows, rows: Rows, line: Line, actor: Actor) -> tuple[Rows, Rows]:
        is_shown = any(row.id == line.id for row in [*fresh, *rows])
        # What a search finds only the database knows: there, changes are shown on what is listed already.
        view = self._view() if not self.search else View(self.whose, self.status)
        if not belongs_in(line, actor, view) or (self.search and not is_shown):
            return list_page.take(fresh, rows, line.id)
        return list_page.put(fresh, rows, conversation_row(line, actor), has_more=self.has_more)
