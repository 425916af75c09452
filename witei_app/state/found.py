"""Below the contacts that a search finds: conversations by what was written in them."""

import reflex as rx

from witei_app.conversations.rows import FoundRow
from witei_app.conversations.search import found_row, search_messages, terms_of
from witei_app.state.list_page import plain
from witei_app.state.signed_in import SignedInState, as_text


class FoundState(SignedInState):
    """The messages that hold what was searched for, a page at a time."""

    found: list[FoundRow] = []
    has_more_found: bool = False
    is_looking_for: bool = False
    _searched: str = ""
    _next: int = 0

    @rx.event
    async def look_for(self, search: str):
        """Find it anew; too short a search finds nothing."""
        search = as_text(search, 100)
        is_enough = bool(terms_of(search))
        if not is_enough:
            self._searched, self._next, self.found = "", 0, []
            self.has_more_found = self.is_looking_for = False
            return
        self._searched, self._next, self.is_looking_for = search, 0, True
        await self._read([])

    @rx.event
    async def more_found(self):
        """The next page, when the end of what was found comes near."""
        if self._searched and self._next:
            await self._read(plain(self.found))

    async def _read(self, before: list[FoundRow]) -> None:
        async with self._looking() as (db, actor):
            known = {row.conversation_id for row in before}
            found, self._next = await search_messages(db, actor, self._searched, self._next)
            rows = [found_row(one, self._searched, actor) for one in found if one.conversation_id not in known]
            self.found = [*before, *rows]
            self.has_more_found = self._next > 0

    def _drop(self, gone: set[int]) -> None:
        """Show no more what the reader may see no more."""
        shown = plain(self.found)
        if any(row.conversation_id in gone for row in shown):
            self.found = [row for row in shown if row.conversation_id not in gone]
