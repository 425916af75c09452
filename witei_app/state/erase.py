"""The dialog in which a contact is erased: how much would go is counted before."""

import reflex as rx

from witei_app.crm.erase import erase_contact, erase_preview
from witei_app.crm.rows import EraseRow
from witei_app.state.signed_in import SignedInState, as_id


class EraseState(SignedInState):
    """Open while `row` is about a contact."""

    row: EraseRow = EraseRow()

    @rx.event
    async def begin(self, contact_id: int):
        """Count what would go."""
        self.row, self.notice = EraseRow(), ""
        async with self._looking() as (db, actor):
            self.row = await erase_preview(db, actor, as_id(contact_id))

    @rx.event
    async def cancel(self):
        """Leave it all."""
        self.row, self.notice = EraseRow(), ""

    @rx.event
    async def erase(self):
        """All of it goes, and the page with it."""
        is_done = False
        async with self._acting() as (db, actor):
            await erase_contact(db, actor, self.row.id)
            is_done = True
        if not is_done:
            return None
        self.row = EraseRow()
        self._say_done("The contact is erased.")
        return rx.redirect("/contacts", replace=True)
