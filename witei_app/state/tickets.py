"""The pages of tickets: the list, and one ticket."""

import reflex as rx
from sqlmodel import select

from witei_app.conversations.rows import PersonRow
from witei_app.crm.lists import UNSETTLED, tickets_page
from witei_app.crm.rows import TicketRow
from witei_app.crm.tickets import TicketInput, find_ticket, save_ticket
from witei_app.crm.worded import ticket_row
from witei_app.errors import NotFound
from witei_app.models import Contact
from witei_app.state.about_contact import Form, as_form
from witei_app.state.contacts import people_of
from witei_app.state.signed_in import SignedInState, as_id, as_text


class TicketsState(SignedInState):
    """The list: what is not settled, one state, or all."""

    rows: list[TicketRow] = []
    shown: str = UNSETTLED
    search: str = ""
    next_id: int = 0
    is_loaded: bool = False

    @rx.event
    async def arrive(self):
        """Read the list."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def show(self, state: str):
        """Only tickets of this state."""
        self.shown = as_text(state, 16)
        await self._load()

    @rx.event
    async def find(self, search: str):
        """Search by contact."""
        self.search = as_text(search, 100)
        await self._load()

    @rx.event
    async def more(self):
        """The next page."""
        if not self.next_id:
            return
        async with self._looking() as (db, actor):
            rows, self.next_id = await tickets_page(db, actor, self.shown, self.search, self.next_id)
            self.rows = [*self.rows, *rows]

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            self.rows, self.next_id = await tickets_page(db, actor, self.shown, self.search)
        self.is_loaded = True


class TicketState(SignedInState):
    """One ticket."""

    head: TicketRow = TicketRow()
    people: list[PersonRow] = []
    fault: str = ""
    is_missing: bool = False

    @rx.event
    async def arrive(self):
        """Read the ticket in the address."""
        await self._enter_page()
        self.head, self.fault = TicketRow(), ""
        await self._load(as_id(self.router.url.path.rstrip("/").rpartition("/")[2]))

    @rx.event
    async def save(self, form: Form):
        """Keep title, state, priority, assignee."""
        is_saved = False
        typed = TicketInput(
            as_text(as_form(form).get("title"), 500),
            as_text(as_form(form).get("state"), 16),
            as_text(as_form(form).get("priority"), 16),
            as_id(as_form(form).get("assignee")),
        )
        async with self._acting() as (db, actor):
            await save_ticket(db, actor, self.head.id, typed)
            is_saved = True
        self.fault, self.notice = self.notice, ""
        if is_saved:
            self.fault = ""
            await self._load(self.head.id)
            self._say_done("Saved")

    async def _load(self, ticket_id: int) -> None:
        async with self._looking() as (db, actor):
            try:
                ticket = await find_ticket(db, actor, ticket_id)
            except NotFound:
                self.is_missing = True
                return
            contact = (await db.exec(select(Contact).where(Contact.id == ticket.contact_id))).one()
            self.people = await people_of(db, actor)
            assignee = next((one.name for one in self.people if one.id == ticket.assignee_id), "")
            self.is_missing, self.head = False, ticket_row(ticket, contact.full_name, assignee, actor)
