"""The pages of contacts: the list, and one contact with everything about it."""

from urllib.parse import urlencode

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.conversations.details import history_with
from witei_app.conversations.rows import CardRow, PersonRow
from witei_app.crm.edit import create_contact, save_contact
from witei_app.crm.lists import contacts_page, quotes_page, tickets_page
from witei_app.crm.notes import add_note, delete_note, edit_note, notes_about
from witei_app.crm.quotes import new_quote
from witei_app.crm.rows import ContactRow, NoteRow, QuoteRow, TicketRow
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.crm.visible import see_contact
from witei_app.crm.worded import contact_row
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import TicketPriority
from witei_app.state.details import Form, as_form, contact_fields, contact_input
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.texts.people import initials, tint

EMPTY = {"name": "", "surnames": "", "email": "", "phone": "", "language": "", "origin": "", "responsible": ""}


async def people_of(db: Session, actor: Actor) -> list[PersonRow]:
    """The users to choose from."""
    return [PersonRow(user.id, user.name, initials(user.name), tint(user.id)) for user in await colleagues(db, actor)]


class ContactsState(SignedInState):
    """The list; `is_adding` while the dialog for a new contact is open."""

    rows: list[ContactRow] = []
    people: list[PersonRow] = []
    search: str = ""
    next_id: int = 0
    is_loaded: bool = False
    is_adding: bool = False
    fields: dict[str, str] = EMPTY
    fault: str = ""

    @rx.var
    def export_href(self) -> str:
        """Where the contacts that are found come as a file."""
        return f"/contacts/export.csv?{urlencode({'search': self.search})}"

    @rx.event
    async def arrive(self):
        """Read the list."""
        await self._enter_page()
        self.is_adding = False
        await self._load()

    @rx.event
    async def find(self, search: str):
        """Search by name, e-mail or phone, as one types."""
        self.search = as_text(search, 100)
        await self._load()

    @rx.event
    async def more(self):
        """The next page."""
        if not self.next_id:
            return
        async with self._looking() as (db, actor):
            rows, self.next_id = await contacts_page(db, actor, self.search, self.next_id)
            self.rows = [*self.rows, *rows]

    @rx.event
    async def begin(self):
        """Fill in a new contact."""
        self.fields, self.fault, self.notice, self.is_adding = EMPTY, "", "", True

    @rx.event
    async def cancel(self):
        """Add none."""
        self.is_adding = False

    @rx.event
    async def create(self, form: Form):
        """Add the contact and show its page; what is refused stays in the dialog."""
        address = ""
        async with self._acting() as (db, actor):
            contact = await create_contact(db, actor, contact_input(form))
            address = f"/contacts/{contact.id}"
        if address:
            self.is_adding = False
            return rx.redirect(address)
        self.fields = {name: as_text(as_form(form).get(name), 500) for name in EMPTY}
        self.fault, self.notice = self.notice, ""
        return None

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            self.people = await people_of(db, actor)
            self.rows, self.next_id = await contacts_page(db, actor, self.search)
        self.is_loaded = True


class ContactState(SignedInState):
    """One contact. `editing` is "", "note" or "ticket"; `note_id` is 0 for a new note."""

    head: ContactRow = ContactRow()
    fields: dict[str, str] = EMPTY
    people: list[PersonRow] = []
    notes: list[NoteRow] = []
    history: list[CardRow] = []
    quotes: list[QuoteRow] = []
    tickets: list[TicketRow] = []
    editing: str = ""
    note_id: int = 0
    note_body: str = ""
    fault: str = ""
    contact_fault: str = ""
    saved_number: int = 0
    is_missing: bool = False

    @rx.event
    async def arrive(self):
        """Read the contact in the address."""
        await self._enter_page()
        self.head, self.editing, self.fault, self.contact_fault = ContactRow(), "", "", ""
        await self._load(as_id(self.router.url.path.rstrip("/").rpartition("/")[2]))

    @rx.event
    async def save(self, form: Form):
        """Keep the fields."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_contact(db, actor, self.head.id, contact_input(form))
            is_saved = True
        self.contact_fault, self.notice = self.notice, ""
        if is_saved:
            await self._load(self.head.id)
            self.saved_number += 1

    @rx.event
    async def write_note(self):
        """Begin a new note."""
        self.note_id, self.note_body = 0, ""
        self.editing, self.fault = "note", ""

    @rx.event
    async def change_note(self, note_id: int):
        """Write an own note anew."""
        note = next((one for one in self.notes if one.id == as_id(note_id) and one.is_own), None)
        if note is not None:
            self.note_id, self.note_body = note.id, note.body
            self.editing, self.fault = "note", ""

    @rx.event
    async def save_note(self, form: Form):
        """Keep the note."""
        body, is_saved = as_text(as_form(form).get("body"), 20_000), False
        async with self._acting() as (db, actor):
            if self.note_id:
                await edit_note(db, actor, self.note_id, body)
            else:
                await add_note(db, actor, self.head.id, body)
            is_saved = True
        self.note_body = body
        await self._finish(is_saved)

    @rx.event
    async def remove_note(self, note_id: int):
        """Delete an own note."""
        async with self._acting() as (db, actor):
            await delete_note(db, actor, as_id(note_id))
        await self._load(self.head.id)

    @rx.event
    async def begin_ticket(self):
        """Fill in a new ticket."""
        self.editing, self.fault = "ticket", ""

    @rx.event
    async def save_ticket(self, form: Form):
        """Open the ticket."""
        priority, is_saved = as_text(as_form(form).get("priority"), 16) or str(TicketPriority.MEDIUM), False
        async with self._acting() as (db, actor):
            typed = TicketInput(as_text(as_form(form).get("title"), 500), priority=priority)
            await open_ticket(db, actor, typed, contact_id=self.head.id)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def begin_quote(self):
        """Write a new quote, on its own page."""
        address = ""
        async with self._acting() as (db, actor):
            quote = await new_quote(db, actor, self.head.id)
            address = f"/quotes/{quote.id}"
        return rx.redirect(address) if address else None

    @rx.event
    async def cancel(self):
        """Leave it as it was."""
        self.editing, self.fault = "", ""

    async def _finish(self, is_saved: bool) -> None:
        self.fault, self.notice = self.notice, ""
        if is_saved:
            self.editing, self.fault = "", ""
            await self._load(self.head.id)

    async def _load(self, contact_id: int) -> None:
        async with self._looking() as (db, actor):
            try:
                contact = await see_contact(db, actor, contact_id)
            except NotFound:
                self.is_missing = True
                return
            people = await people_of(db, actor)
            responsible = next((one.name for one in people if one.id == contact.responsible_id), "")
            notes = await notes_about(db, actor, contact.id)
            self.history = await history_with(db, actor, contact.id)
            self.quotes, _ = await quotes_page(db, actor, contact_id=contact.id)
            self.tickets, _ = await tickets_page(db, actor, "", contact_id=contact.id)
            self.people, self.notes, self.is_missing = people, notes, False
            self.fields, self.head = contact_fields(contact), contact_row(contact, responsible, actor)
