"""Finding a contact by what one types, in a dialog."""

import reflex as rx

from witei_app.crm.lists import contacts_page
from witei_app.crm.rows import ContactRow
from witei_app.state.signed_in import as_text

MOST_FOUND = 6


class Finding(rx.State, mixin=True):
    """Whoever mixes it in is a SignedInState. `found` are those whom the search finds."""

    found: list[ContactRow] = []

    @rx.event
    async def find(self, search: str):
        """Whom the search finds, but for the one whom it is about."""
        words = as_text(search, 100)
        async with self._looking() as (db, actor):
            rows = (await contacts_page(db, actor, words))[0] if words.strip() else []
            self.found = [row for row in rows if row.id != self._besides()][:MOST_FOUND]

    def _besides(self) -> int:
        return 0
