"""The lists of contacts, quotes and tickets: searched, narrowed, a page at a time; what is chosen is in the address."""

from typing import Any, ClassVar
from urllib.parse import urlencode

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.state.following import Following
from witei_app.state.list_page import plain
from witei_app.state.signed_in import as_text

MOST_LETTERS = 100
MOST_FOLLOWED = 300  # rows; what is below them stays as it was unfolded


class RecordList(Following, mixin=True):
    """`chosen` is what narrows the list, by name; FIRST is what everybody begins with, and all that there is.

    Whoever mixes it in is a SignedInState with `rows`, and says how a page of them is read.
    """

    FIRST: ClassVar[dict[str, str]] = {}

    search: str = ""
    chosen: dict[str, str] = {}
    next_id: int = 0
    is_loaded: bool = False

    @rx.var
    def address(self) -> str:
        """What is chosen and sought as the page's address says it; "" is what everybody begins with."""
        said = {name: value for name, value in self.chosen.items() if value != self.FIRST.get(name)}
        query = urlencode(said | ({"search": self.search} if self.search else {}))
        return f"?{query}" if query else ""

    @rx.event
    async def arrive(self):
        """Read the list as the address wants it; one that says nothing leaves it as it was."""
        await self._enter_page()
        said = {name: as_text(value, MOST_LETTERS) for name, value in self.router.url.query_parameters.items()}
        if said:
            self.search = said.get("search", "")
        before = self.FIRST if said else {**self.FIRST, **self.chosen}
        self.chosen = {name: said.get(name, before[name]) for name in self.FIRST}
        await self._load()

    @rx.event
    async def narrow(self, name: str, value: str):
        """Only those of this state, this person …"""
        if (named := as_text(name, 32)) in self.FIRST:
            self.chosen = {**self.chosen, named: as_text(value, 32)}
            await self._load()

    @rx.event
    async def find(self, search: str):
        """Search by contact, as one types."""
        self.search = as_text(search, MOST_LETTERS)
        await self._load()

    @rx.event
    async def more(self):
        """The next page."""
        if not self.next_id:
            return
        async with self._looking() as (db, actor):
            rows, self.next_id = await self._page(db, actor, self.next_id)
            self.rows = [*self.rows, *rows]

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            self.rows, self.next_id = await self._page(db, actor, 0)
        self.is_loaded = True

    def _is_shown(self) -> bool:
        return self.is_loaded

    async def _catch_up(self) -> None:
        """Read again as much as is shown; who is at the foot of the list stays there."""
        shown = plain(self.rows)
        async with self._looking() as (db, actor):
            rows, next_id = await self._page(db, actor, 0)
            while next_id and len(rows) < min(len(shown), MOST_FOLLOWED):
                more, next_id = await self._page(db, actor, next_id)
                rows = [*rows, *more]
            below = [row for row in shown if row.id < next_id] if len(rows) < len(shown) else []
            self._put(rows=[*rows, *below], next_id=self.next_id if below else next_id)

    async def _page(self, db: Session, actor: Actor, before: int) -> tuple[list[Any], int]:
        raise NotImplementedError
