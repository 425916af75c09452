"""A new quote or ticket, begun from its list: for whom, and of a ticket what it is about."""

import reflex as rx

from witei_app.crm.quotes import new_quote
from witei_app.crm.rows import ContactRow
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.models import TicketPriority
from witei_app.state.about_contact import Form, as_form
from witei_app.state.finding import Finding
from witei_app.state.signed_in import SignedInState, as_id, as_text


class NewRecordState(Finding, SignedInState):
    """`kind` is "quote", "ticket", or "" while nothing is begun; `contact_name` is of whom a ticket's form is."""

    kind: str = ""
    contact_name: str = ""
    _contact_id: int = 0

    @rx.event
    async def begin(self, kind: str):
        """Look for the contact."""
        self.kind = as_text(kind, 8)
        self.found, self.contact_name, self.notice = [], "", ""

    @rx.event
    async def pick(self, contact_id: int):
        """A quote is written on its own page; a ticket needs its title first."""
        if self.kind == "ticket":
            chosen = next((row for row in self.found if row.id == as_id(contact_id)), ContactRow())
            self._contact_id, self.contact_name = chosen.id, chosen.name
            return None
        address = ""
        async with self._acting() as (db, actor):
            address = f"/quotes/{(await new_quote(db, actor, as_id(contact_id))).id}"
        return self._go(address)

    @rx.event
    async def open_ticket(self, form: Form):
        """Open it, and show its page; what is refused stays in the form."""
        priority = as_text(as_form(form).get("priority"), 16) or TicketPriority.MEDIUM.value
        typed, address = TicketInput(as_text(as_form(form).get("title"), 500), priority=priority), ""
        async with self._acting() as (db, actor):
            address = f"/tickets/{(await open_ticket(db, actor, typed, contact_id=self._contact_id)).id}"
        return self._go(address)

    @rx.event
    async def cancel(self):
        """Begin none."""
        self.kind, self.notice = "", ""

    def _go(self, address: str) -> rx.event.EventSpec | None:
        if not address:
            return None
        self.kind = ""
        return rx.redirect(address)
