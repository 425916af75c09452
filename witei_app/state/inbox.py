"""The list at the left: which view, which page of it, what changed since."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from urllib.parse import urlencode

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import BIN, NEEDS_REPLY, Counts, read_counts
from witei_app.conversations.inbox import PAGE, conversation_row, found_among, inbox_page
from witei_app.conversations.read import count_unread
from witei_app.conversations.rows import ColleagueRow, ConversationRow
from witei_app.conversations.view import Order, Place, View, belongs_in
from witei_app.db import Session
from witei_app.live import tabs
from witei_app.live.tabs import News
from witei_app.models import Channel, Status
from witei_app.state import list_page
from witei_app.state.contacts import people_of
from witei_app.state.found import FoundState
from witei_app.state.list_page import ListPage
from witei_app.state.signed_in import SignedInState, as_text

MOST_COMPARED = 1000
PIECES = [f"changed_{number}" for number in range(list_page.PIECES)]

FIRST_VIEW = {"view": "all", "status": Status.OPEN.value, "channel": "", "sort": Order.NEWEST.value, "reply": ""}


class InboxState(SignedInState):
    """One view of the inbox, a page at a time; what changed since the page was loaded is in the pieces."""

    rows: list[ConversationRow] = []
    changed_0: list[ConversationRow] = []
    changed_1: list[ConversationRow] = []
    changed_2: list[ConversationRow] = []
    changed_3: list[ConversationRow] = []
    changed_4: list[ConversationRow] = []
    changed_5: list[ConversationRow] = []
    changed_6: list[ConversationRow] = []
    changed_7: list[ConversationRow] = []
    changed_8: list[ConversationRow] = []
    changed_9: list[ConversationRow] = []
    changed_10: list[ConversationRow] = []
    changed_11: list[ConversationRow] = []
    gone: list[int] = []
    whose: str = "all"
    status: str = Status.OPEN
    search: str = ""
    channel: str = ""
    order: str = Order.NEWEST.value
    needs_reply: bool = False
    has_more: bool = False
    is_loading: bool = True
    counts: dict[str, int] = {"all": 0, "mine": 0, "unassigned": 0}
    people: list[ColleagueRow] = []
    _place: Place | None = None

    @rx.var
    def own_views(self) -> list[dict[str, str]]:
        """A view for each colleague's conversations."""
        return [{"id": str(person.id), "name": person.name} for person in self.people]

    @rx.var
    def address(self) -> str:
        """The view as the page's address says it; "" is the one that everybody begins with."""
        reply = "1" if self.needs_reply else ""
        said = dict(zip(FIRST_VIEW, (self.whose, self.status, self.channel, self.order, reply), strict=True))
        query = urlencode({name: value for name, value in said.items() if value != FIRST_VIEW[name]})
        return f"?{query}" if query else ""

    @rx.event
    async def load(self):
        """Read the view anew."""
        await self._load()

    @rx.event
    async def show(self, whose: str):
        """Switch to another view: "all", "mine", "unassigned" or a user's id."""
        await self._narrow({"view": as_text(whose, 20)})

    @rx.event
    async def show_status(self, status: str):
        """Switch between open and archived."""
        await self._narrow({"status": as_text(status, 16)})

    @rx.event
    async def show_channel(self, channel: str):
        """One channel alone, or all ("")."""
        await self._narrow({"channel": as_text(channel, 16)})

    @rx.event
    async def sort(self, order: str):
        """Newest first, or the longest waiting."""
        await self._narrow({"sort": as_text(order, 16)})

    @rx.event
    async def show_needs_reply(self, needs_reply: bool):
        """Those alone whose contact waits for an answer, or all."""
        await self._narrow({"reply": "1" if needs_reply is True else ""})

    @rx.event
    async def find(self, search: str):
        """Search by the contact's name, e-mail or phone, as one types; then by what was written."""
        self.search = as_text(search, 100)
        async with self._looking() as (db, actor):
            await self._list(db, actor)  # who searches changes no number, so they are not read anew
        return FoundState.look_for(self.search)

    @rx.event
    async def more(self):
        """The next page, when the end of the list comes near."""
        if self._place is None:
            return
        async with self._looking() as (db, actor):
            lines, self._place = await inbox_page(db, actor, self._view(), self._place)
            self._show(list_page.grown(self._page(), [conversation_row(line, actor, self._view()) for line in lines]))
            self.has_more = self._place is not None

    def _arrive(self, said: Mapping[str, str]) -> None:
        """Show the view that the page's address names. One without a view leaves it as it is."""
        if not FIRST_VIEW.keys().isdisjoint(said):
            self._follow({**FIRST_VIEW, **said})

    def _follow(self, said: Mapping[str, str]) -> None:
        """Take from the page's address what it says about the view; what makes no sense there changes nothing."""
        whose = said.get("view", self.whose)
        if whose in {"all", "mine", "unassigned"} or whose.isdecimal():
            self.whose = whose
        if said.get("status", self.status) in {*Status, BIN}:
            self.status = str(said.get("status", self.status))
        if said.get("channel", self.channel) in {"", *Channel}:
            self.channel = str(said.get("channel", self.channel))
        if said.get("sort", self.order) in set(Order):
            self.order = str(said.get("sort", self.order))
        if "reply" in said:
            self.needs_reply = said["reply"] == "1"

    async def _narrow(self, said: Mapping[str, str]) -> None:
        """Another view alone: who is there and what is unread stay, and the relay tells when they change."""
        self._follow(said)
        async with self._looking() as (db, actor):
            await self._list_and_count(db, actor)

    async def _compare(self) -> None:
        """Events were missed: read as many lines as are shown, so that the reader keeps their place."""
        await self._load(len(list_page.shown(self._page())))

    async def _load(self, quantity: int = 0) -> None:
        """At most six queries, however many conversations there are."""
        async with self._looking() as (db, actor):
            await self._enter(actor)
            await self._list_and_count(db, actor, quantity)
            self.unread = await count_unread(db, actor)
            self.people = await people_of(db, actor)
        self.is_loading = False

    async def _follow_people(self) -> None:
        """The users to choose from are others now, or one of them is away."""
        async with self._looking() as (db, actor):
            self._put(people=await people_of(db, actor))

    async def _list_and_count(self, db: Session, actor: Actor, quantity: int = 0) -> None:
        tab = tabs.tab_of(self.router.session.client_token)
        if tab is not None:
            tab.counted = self._counted(), self.channel
        await self._list(db, actor, quantity)
        self._show_counts(await read_counts(db, actor, self._counted(), self.channel))

    async def _list(self, db: Session, actor: Actor, quantity: int = 0) -> None:
        view = self._view()
        lines, self._place = await inbox_page(db, actor, view, limit=min(max(quantity, PAGE), MOST_COMPARED))
        rows = [conversation_row(line, actor, view) for line in lines]
        self._show(list_page.read_again(self._page(), rows) if quantity else list_page.whole(rows))
        self.has_more = self._place is not None

    def _view(self) -> View:
        needs_reply = self.needs_reply and self.status == Status.OPEN
        return View(self.whose, self.status, self.search, self.channel, self.order, needs_reply)

    def _counted(self) -> str:
        """What the numbers beside the views count."""
        return NEEDS_REPLY if self._view().needs_reply else self.status

    def _page(self) -> ListPage:
        pieces = tuple(list_page.plain(getattr(self, name)) for name in PIECES)
        return ListPage(list_page.plain(self.rows), pieces, list_page.plain(self.gone))

    def _show(self, page: ListPage) -> None:
        """Set what changed, so that nothing else is sent."""
        for name, part in zip(["rows", "gone", *PIECES], [page.rows, page.gone, *page.pieces], strict=True):
            if list_page.plain(getattr(self, name)) != part:
                setattr(self, name, part)

    def _show_counts(self, counts: Counts) -> None:
        shown = asdict(counts)
        if shown != self.counts:
            self.counts = shown

    async def _newly_found(self, news: News) -> set[int]:
        """Of what changed and is not listed, what the search finds: that only the database knows."""
        found: set[int] = set()
        if self.search.strip() and news.lines:
            listed = list_page.shown(self._page())
            async with self._looking() as (db, actor):
                lines = [line for line in news.lines.values() if line.id not in listed]
                found = await found_among(db, actor, self.search, lines)
        return found

    def _apply(self, news: News, actor: Actor, found: set[int]) -> None:
        """Bring the shown page up to date with what happened, sending only what changed. `found`: `_newly_found`."""
        page = self._page()
        # Who deletes and looks into the bin at once is told by then that it is gone from the list before.
        for conversation_id in news.gone - (news.binned if self.status == BIN else set()):
            page = list_page.take(page, conversation_id)
        view = self._view()
        for line in news.lines.values():
            is_found = not view.search or line.id in found or line.id in list_page.shown(page)
            if is_found and belongs_in(line, actor, replace(view, search="")):
                page = list_page.put(page, conversation_row(line, actor, view), has_more=self.has_more)
            else:
                page = list_page.take(page, line.id)
        self._show(page)
        if news.counts is not None:
            self._show_counts(news.counts)
        if news.unread is not None and news.unread != self.unread:
            self.unread = news.unread
