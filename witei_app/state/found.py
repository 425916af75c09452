"""Below the contacts that a search finds: conversations by what was written in them."""

import reflex as rx

from witei_app.conversations.rows import FoundRow
from witei_app.conversations.search import found_row, search_messages
from witei_app.conversations.terms import terms_of
from witei_app.state.list_page import plain
from witei_app.state.signed_in import SignedInState, as_text
from witei_app.texts.when import moment_label

PATIENCE = 0.2  # seconds
MORE_PATIENCE = 1.0  # for who asks to look further back


class FoundState(SignedInState):
    """The messages that hold what was searched for, a page at a time.

    `found_since` says how far back it has been looked, when there was no time for a whole page; `found_turn` counts the
    looks.
    """

    found: list[FoundRow] = []
    has_more_found: bool = False
    found_since: str = ""
    is_looking_for: bool = False
    is_looking_further: bool = False
    found_turn: int = 0
    _searched: str = ""
    _next: int = 0

    @rx.event
    async def look_for(self, search: str):
        """Find it anew; too short a search finds nothing."""
        await self._look_for(as_text(search, 100))

    @rx.event
    async def read_anew(self):
        """Who searched may see other conversations by now."""
        if self._searched:
            await self._look_for(self._searched)

    @rx.event
    async def more_found(self):
        """The next page, when the end of what was found comes near."""
        if self._searched and self._next:
            await self._read(plain(self.found), PATIENCE)

    @rx.event
    async def look_further(self):
        """What is older than it has been looked through so far."""
        if not self._searched or not self._next:
            return
        self.is_looking_further = True
        yield
        await self._read(plain(self.found), MORE_PATIENCE)
        self.is_looking_further = False

    async def _look_for(self, search: str) -> None:
        is_enough = bool(terms_of(search))
        if not is_enough:
            self._searched, self._next, self.found, self.found_since = "", 0, [], ""
            self.has_more_found = self.is_looking_for = False
            return
        self._searched, self._next, self.is_looking_for = search, 0, True
        await self._read([], PATIENCE)

    async def _read(self, before: list[FoundRow], patience: float) -> None:
        async with self._looking() as (db, actor):
            known = {row.conversation_id for row in before}
            look = await search_messages(db, actor, self._searched, self._next, patience)
            rows = [found_row(one, self._searched, actor) for one in look.found if one.conversation_id not in known]
            self.found, self._next, self.found_turn = [*before, *rows], look.place, self.found_turn + 1
            self.found_since = moment_label(look.since, actor.time_zone, actor.language) if look.since else ""
            self.has_more_found = look.place > 0 and look.since is None

    def _drop(self, gone: set[int]) -> None:
        """Show no more what the reader may see no more."""
        shown = plain(self.found)
        if any(row.conversation_id in gone for row in shown):
            self.found = [row for row in shown if row.conversation_id not in gone]
