"""The dialog in which a contact is merged with another: find the other, choose side by side, merge."""

from dataclasses import replace

import reflex as rx

from witei_app.crm.merge import CHOSEN, merge_contacts, merge_preview
from witei_app.crm.rows import MergeRow
from witei_app.state.contacts import ContactState
from witei_app.state.details import DetailsState
from witei_app.state.finding import Finding
from witei_app.state.signed_in import SignedInState, as_id


class MergeState(Finding, SignedInState):
    """Open where the contact `kept_id` is shown, if there is one; `sides` is empty until the other was picked."""

    kept_id: int = 0
    sides: MergeRow = MergeRow()

    @rx.event
    async def begin(self, contact_id: int):
        """Look for the other contact."""
        self.kept_id = as_id(contact_id)
        self.found, self.sides, self.notice = [], MergeRow(), ""

    @rx.event
    async def pick(self, contact_id: int):
        """Show both side by side."""
        async with self._looking() as (db, actor):
            self.sides = await merge_preview(db, actor, self.kept_id, as_id(contact_id))
            self.notice = ""

    @rx.event
    async def choose(self, name: str, is_other: bool):
        """Take this field from one of the two."""
        fields = [
            replace(field, is_other=is_other is True) if field.name == name and field.is_choice else field
            for field in self.sides.fields
        ]
        self.sides = replace(self.sides, fields=fields)

    @rx.event
    async def merge(self):
        """Make them one."""
        choices = {field.name: field.is_other for field in self.sides.fields if field.name in CHOSEN}
        is_done = False
        async with self._acting() as (db, actor):
            await merge_contacts(db, actor, self.kept_id, self.sides.other_id, choices)
            is_done = True
        if not is_done:
            return
        self.kept_id = 0
        self._say_done("The two contacts are one now.")
        page = ContactState if self.router.url.path.startswith("/contacts") else DetailsState
        await (await self.get_state(page))._reload()
        return

    @rx.event
    async def cancel(self):
        """Leave them two."""
        self.kept_id = 0

    def _besides(self) -> int:
        return self.kept_id
