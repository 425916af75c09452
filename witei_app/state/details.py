"""The pane beside the thread: the contact's fields, notes and tickets, changed in place."""

import reflex as rx

from witei_app.conversations.details import contact_details
from witei_app.conversations.visible import see_conversation
from witei_app.crm.edit import ContactInput, save_contact
from witei_app.crm.notes import add_note, delete_note, edit_note
from witei_app.crm.quotes import new_quote
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.crm.visible import see_contact
from witei_app.models import Contact, TicketPriority
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.state.thread import ThreadState

Form = dict[str, str]


def as_form(value: object) -> Form:
    """A form that a browser sent: names and texts; anything else is left out."""
    fields = value if isinstance(value, dict) else {}
    return {name: text for name, text in fields.items() if isinstance(name, str) and isinstance(text, str)}


def contact_input(form: object) -> ContactInput:
    """A contact's form as a browser sent it."""
    values = as_form(form)
    texts = {name: as_text(values.get(name), 500) for name in ("name", "surnames", "email", "phone", "language")}
    origin, responsible = as_text(values.get("origin"), 64), as_id(values.get("responsible"))
    return ContactInput(**texts, origin=origin, responsible_id=responsible)


def contact_fields(contact: Contact) -> Form:
    """What the form begins with."""
    return {
        "name": contact.name,
        "surnames": contact.surnames,
        "email": contact.email,
        "phone": contact.phone,
        "language": contact.language,
        "origin": contact.origin,
        "responsible": str(contact.responsible_id or ""),
    }


class DetailsState(SignedInState):
    """`editing` names the part that is a form: "contact", "note", "ticket" or none; `note_id` is 0 for a new note."""

    editing: str = ""
    note_id: int = 0
    note_body: str = ""
    fault: str = ""
    fields: dict[str, str] = {}

    @rx.event
    async def edit_contact(self):
        """Show the contact's fields as a form."""
        async with self._looking() as (db, actor):
            contact = await see_contact(db, actor, (await self._details()).contact_id)
            self.fields = contact_fields(contact)
            self._begin("contact")

    @rx.event
    async def save_contact(self, form: Form):
        """Keep the contact's fields; what is refused stays in the form."""
        self.fields = {name: as_text(as_form(form).get(name), 500) for name in self.fields}
        async with self._acting() as (db, actor):
            await save_contact(db, actor, (await self._details()).contact_id, contact_input(form))
            self.editing = ""
        await self._finish()

    @rx.event
    async def write_note(self):
        """Begin a new note."""
        self.note_id, self.note_body = 0, ""
        self._begin("note")

    @rx.event
    async def change_note(self, note_id: int):
        """Write an own note anew."""
        notes = (await self._details()).notes
        note = next((one for one in notes if one.id == as_id(note_id) and one.is_own), None)
        if note is not None:
            self.note_id, self.note_body = note.id, note.body
            self._begin("note")

    @rx.event
    async def save_note(self, form: Form):
        """Keep the note."""
        self.note_body = as_text(as_form(form).get("body"), 20_000)
        async with self._acting() as (db, actor):
            if self.note_id:
                await edit_note(db, actor, self.note_id, self.note_body)
            else:
                await add_note(db, actor, (await self._details()).contact_id, self.note_body)
            self.editing = ""
        await self._finish()

    @rx.event
    async def remove_note(self, note_id: int):
        """Delete an own note."""
        async with self._acting() as (db, actor):
            await delete_note(db, actor, as_id(note_id))
        await self._finish()

    @rx.event
    async def begin_ticket(self):
        """Fill in a new ticket."""
        self._begin("ticket")

    @rx.event
    async def save_ticket(self, form: Form):
        """Open the ticket, linked to this conversation."""
        thread = await self.get_state(ThreadState)
        typed = TicketInput(
            as_text(as_form(form).get("title"), 500),
            priority=as_text(as_form(form).get("priority"), 16) or TicketPriority.MEDIUM,
        )
        async with self._acting() as (db, actor):
            await open_ticket(db, actor, typed, conversation_id=thread.conversation_id)
            self.editing = ""
        await self._finish()

    @rx.event
    async def begin_quote(self):
        """Write a new quote, on its own page."""
        address = ""
        async with self._acting() as (db, actor):
            quote = await new_quote(db, actor, (await self._details()).contact_id)
            address = f"/quotes/{quote.id}"
        return rx.redirect(address) if address else None

    @rx.event
    async def cancel(self):
        """Leave it as it was."""
        self.editing, self.fault = "", ""

    def _begin(self, what: str) -> None:
        self.editing, self.fault, self.notice = what, "", ""

    async def _details(self):
        return (await self.get_state(ThreadState)).details

    async def _finish(self) -> None:
        """Say a refusal in the form, else show the pane as it is now."""
        self.fault, self.notice = (self.notice if self.editing else ""), ""
        thread = await self.get_state(ThreadState)
        async with self._looking() as (db, actor):
            thread.details = await contact_details(db, actor, await see_conversation(db, actor, thread.conversation_id))
