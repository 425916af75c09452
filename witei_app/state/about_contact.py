"""What is done about a contact in the same way beside the thread and on the contact's own page."""

import reflex as rx

from witei_app.crm.addresses import add_address, make_main, remove_address
from witei_app.crm.edit import ContactInput, save_contact
from witei_app.crm.notes import add_note, delete_note, edit_note
from witei_app.crm.quotes import new_quote
from witei_app.crm.rows import NoteRow
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.crm.visible import see_contact
from witei_app.models import Contact, TicketPriority
from witei_app.state.signed_in import as_id, as_text

Form = dict[str, str]
EMPTY = dict.fromkeys(("name", "surnames", "email", "phone", "language", "origin", "responsible", "time_zone"), "")


def as_form(value: object) -> Form:
    """A form that a browser sent: names and texts; anything else is left out."""
    fields = value if isinstance(value, dict) else {}
    return {name: text for name, text in fields.items() if isinstance(name, str) and isinstance(text, str)}


def contact_input(form: object) -> ContactInput:
    """A contact's form as a browser sent it."""
    values = as_form(form)
    texts = {name: as_text(values.get(name), 500) for name in ("name", "surnames", "email", "phone", "language")}
    origin, responsible = as_text(values.get("origin"), 64), as_id(values.get("responsible"))
    zone = as_text(values["time_zone"], 64) if "time_zone" in values else None
    return ContactInput(**texts, origin=origin, responsible_id=responsible, time_zone=zone)


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
        "time_zone": contact.time_zone,
    }


class AboutContact(rx.State, mixin=True):
    """`editing` names the part that is a form: "contact", "note", "ticket" or none; `note_id` is 0 for a new note.

    Whoever mixes it in is Overtaken and a SignedInState, and says which contact it is about, and how it is read anew.
    """

    editing: str = ""
    note_id: int = 0
    note_body: str = ""
    fault: str = ""
    contact_fault: str = ""
    address_fault: str = ""
    address_turn: int = 0
    fields: dict[str, str] = EMPTY
    email_turn: int = 0

    @rx.event
    async def save(self, form: Form):
        """Keep the contact's fields; what is refused stays in the form."""
        self.fields = {name: as_text(as_form(form).get(name), 500) for name in EMPTY}
        is_saved = False
        async with self._acting() as (db, actor):
            contact_id = await self._contact_id()
            there = contact_fields(await see_contact(db, actor, contact_id))
            left = self._untouched(form, self.fields, there, actor.language)
            names = ["responsible_id" if name == "responsible" else name for name in left]
            contact = await save_contact(db, actor, contact_id, contact_input(form), names)
            self._keep(contact_fields(contact))
            is_saved = True
        self.contact_fault, self.notice = ("" if is_saved else self.notice), ""
        if is_saved:
            await self._saved()

    @rx.event
    async def write_note(self):
        """Begin a new note."""
        self.note_id, self.note_body = 0, ""
        self._begin("note")

    @rx.event
    async def change_note(self, note_id: int):
        """Write an own note anew."""
        note = next((one for one in await self._notes() if one.id == as_id(note_id) and one.is_own), None)
        if note is not None:
            self.note_id, self.note_body = note.id, note.body
            self._begin("note")

    @rx.event
    async def save_note(self, form: Form):
        """Keep the note."""
        self.note_body = as_text(as_form(form).get("body"), 20_000)
        is_saved = False
        async with self._acting() as (db, actor):
            if self.note_id:
                await edit_note(db, actor, self.note_id, self.note_body)
            else:
                await add_note(db, actor, await self._contact_id(), self.note_body)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def remove_note(self, note_id: int):
        """Delete an own note."""
        async with self._acting() as (db, actor):
            await delete_note(db, actor, as_id(note_id))
        await self._reload()

    @rx.event
    async def add_address(self, form: Form):
        """One more address that the contact writes from."""
        async with self._acting() as (db, actor):
            await add_address(db, actor, await self._contact_id(), as_text(as_form(form).get("address"), 320))
            self.address_turn += 1
        await self._finish_address()

    @rx.event
    async def remove_address(self, address_id: int):
        """The contact does not write from there any more."""
        async with self._acting() as (db, actor):
            await remove_address(db, actor, as_id(address_id))
        await self._finish_address()

    @rx.event
    async def make_main(self, address_id: int):
        """Answers go there from now on."""
        async with self._acting() as (db, actor):
            await make_main(db, actor, as_id(address_id))
            self.email_turn += 1
        await self._finish_address()

    @rx.event
    async def begin_ticket(self):
        """Fill in a new ticket."""
        self._begin("ticket")

    @rx.event
    async def save_ticket(self, form: Form):
        """Open the ticket, linked to the conversation if there is one."""
        priority, is_saved = as_text(as_form(form).get("priority"), 16) or TicketPriority.MEDIUM.value, False
        typed = TicketInput(as_text(as_form(form).get("title"), 500), priority=priority)
        async with self._acting() as (db, actor):
            contact_id, conversation_id = await self._contact_id(), await self._conversation_id()
            await open_ticket(db, actor, typed, contact_id=contact_id, conversation_id=conversation_id)
            is_saved = True
        await self._finish(is_saved)

    @rx.event
    async def begin_quote(self):
        """Write a new quote, on its own page."""
        address = ""
        async with self._acting() as (db, actor):
            quote = await new_quote(db, actor, await self._contact_id())
            address = f"/quotes/{quote.id}"
        return rx.redirect(address) if address else None

    @rx.event
    async def cancel(self):
        """Leave it as it was."""
        self._begin("")

    def _begin(self, what: str) -> None:
        self.notice = ""
        self.editing = what
        self.fault, self.contact_fault, self.address_fault = "", "", ""

    async def _finish(self, is_saved: bool) -> None:
        """Say a refusal in the form, else show everything as it is now."""
        self.fault, self.notice = ("" if is_saved else self.notice), ""
        if is_saved:
            self.editing = ""
            await self._reload()

    async def _finish_address(self) -> None:
        self.address_fault, self.notice = self.notice, ""
        await self._reload()

    async def _saved(self) -> None:
        """The contact's fields were kept."""
        raise NotImplementedError

    async def _contact_id(self) -> int:
        raise NotImplementedError

    async def _conversation_id(self) -> int:
        return 0

    async def _notes(self) -> list[NoteRow]:
        raise NotImplementedError

    async def _reload(self) -> None:
        raise NotImplementedError
