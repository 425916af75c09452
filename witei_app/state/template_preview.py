"""A template as a contact would read it."""

import reflex as rx

from witei_app.conversations.rows import RecipientRow
from witei_app.conversations.write_first import people_to_write_to
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.templates.library import preview_for_address


class TemplatePreviewState(SignedInState):
    """`showing` is the template's id, 0 for none; `people` are contacts to choose among."""

    showing: int = 0
    contact: str = ""
    people: list[RecipientRow] = []
    title: str = ""
    subject: str = ""
    html: str = ""

    @rx.event
    async def show(self, template_id: int):
        """For the newest contact first."""
        self.showing = as_id(template_id)
        await self._find("")
        await self._fill(self.people[0].address if self.people else "")

    @rx.event
    async def close(self):
        """Seen."""
        self.showing = 0

    @rx.event
    async def choose(self, address: str):
        """For this contact."""
        await self._fill(as_text(address, 320))

    async def _find(self, search: str) -> None:
        async with self._looking() as (db, actor):
            found = await people_to_write_to(db, actor, search)
            self.people = [RecipientRow(email, name) for email, name in found]

    async def _fill(self, address: str) -> None:
        async with self._looking() as (db, actor):
            filled = await preview_for_address(db, actor, self.showing, address)
            self.contact, self.title = address, filled.title
            self.subject, self.html = filled.subject, filled.html
