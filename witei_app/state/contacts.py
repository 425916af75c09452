"""The pages of contacts: the list, and one contact with everything about it."""

from urllib.parse import urlencode

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.conversations.details import history_with
from witei_app.conversations.hand_out import takes_conversations
from witei_app.conversations.rows import CardRow, ColleagueRow
from witei_app.crm.addresses import other_addresses
from witei_app.crm.edit import create_contact
from witei_app.crm.lists import TicketFilter, contacts_page, quotes_page, tickets_page
from witei_app.crm.merge import merged_into, merges_of
from witei_app.crm.notes import notes_about
from witei_app.crm.rows import AddressRow, ContactRow, NoteRow, QuoteRow, TicketRow
from witei_app.crm.visible import see_contact
from witei_app.crm.worded import contact_row
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.state.about_contact import EMPTY, AboutContact, Form, as_form, contact_fields, contact_input
from witei_app.state.following import REST, Following
from witei_app.state.overtaken import Overtaken
from witei_app.state.record_list import RecordList
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.texts.people import initials, tint


async def people_of(db: Session, actor: Actor) -> list[ColleagueRow]:
    """The users to choose from."""
    return [
        ColleagueRow(user.id, user.name, initials(user.name), tint(user.id), user.is_away, takes_conversations(user))
        for user in await colleagues(db, actor)
    ]


class ContactsState(RecordList, SignedInState):
    """The list; `is_adding` while the dialog for a new contact is open."""

    rows: list[ContactRow] = []
    people: list[ColleagueRow] = []
    is_adding: bool = False
    fields: dict[str, str] = EMPTY
    fault: str = ""

    @rx.var
    def export_href(self) -> str:
        """Where the contacts that are found come as a file."""
        return f"/contacts/export.csv?{urlencode({'search': self.search})}"

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

    async def _page(self, db: Session, actor: Actor, before: int) -> tuple[list[ContactRow], int]:
        if not before:
            self._put(people=await people_of(db, actor))
        return await contacts_page(db, actor, self.search, before)


class ContactState(Following, AboutContact, Overtaken, SignedInState):
    """One contact, with everything about it; `asked_id` is whose page it is, whether it is there or missing.

    The page of one that was merged leads on to the other.
    """

    head: ContactRow = ContactRow()
    people: list[ColleagueRow] = []
    addresses: list[AddressRow] = []
    notes: list[NoteRow] = []
    history: list[CardRow] = []
    quotes: list[QuoteRow] = []
    tickets: list[TicketRow] = []
    merges: list[str] = []
    is_missing: bool = False
    asked_id: int = 0

    @rx.event
    async def arrive(self):
        """Read the contact in the address."""
        await self._enter_page()
        self.head = ContactRow()
        self._begin("")
        self._told = {}
        self.asked_id = as_id(self.router.url.path.rstrip("/").rpartition("/")[2])
        return await self._catch_up()

    async def _catch_up(self) -> rx.event.EventSpec | None:
        await self._load()
        if not self.is_missing:
            return None
        goal = 0
        async with self._looking() as (db, actor):
            goal = await merged_into(db, actor, self.asked_id)
        return rx.redirect(f"/contacts/{goal}", replace=True) if goal else None

    def _is_shown(self) -> bool:
        return self.asked_id > 0

    def _rest(self) -> float:
        return REST

    async def _saved(self) -> None:
        self._say_done("Saved")
        await self._reload()

    async def _contact_id(self) -> int:
        return self.head.id

    async def _notes(self) -> list[NoteRow]:
        return self.notes

    async def _reload(self) -> None:
        await self._load()

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            try:
                contact = await see_contact(db, actor, self.asked_id)
            except NotFound:
                self.is_missing = True
                return
            people = await people_of(db, actor)
            responsible = next((one.name for one in people if one.id == contact.responsible_id), "")
            quotes, _ = await quotes_page(db, actor, contact_id=contact.id)
            tickets, _ = await tickets_page(db, actor, TicketFilter("", contact_id=contact.id))
            fields = contact_fields(contact)
            self._put(
                people=people,
                notes=await notes_about(db, actor, contact.id),
                addresses=await other_addresses(db, actor, contact.id),
                history=await history_with(db, actor, contact.id),
                quotes=quotes,
                tickets=tickets,
                merges=await merges_of(db, actor, contact.id),
                head=contact_row(contact, responsible, actor),
                fields=fields,
                shown=fields,
                is_missing=False,
            )
