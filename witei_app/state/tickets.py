"""The pages of tickets: the list, and one ticket."""

import reflex as rx
from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.conversations.rows import CardRow, ColleagueRow
from witei_app.crm.lists import UNSETTLED, TicketFilter, tickets_page
from witei_app.crm.rows import TicketEntryRow, TicketRow
from witei_app.crm.ticket_history import ticket_history
from witei_app.crm.ticket_links import (
    comment_on_ticket,
    link_conversation,
    linkable_conversations,
    linked_conversations,
    unlink_conversation,
)
from witei_app.crm.tickets import TicketInput, find_ticket, save_ticket
from witei_app.crm.worded import ticket_row
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import Contact, Ticket
from witei_app.state.about_contact import Form, as_form
from witei_app.state.contacts import people_of
from witei_app.state.following import REST, Following
from witei_app.state.overtaken import Overtaken
from witei_app.state.record_list import RecordList
from witei_app.state.signed_in import SignedInState, as_id, as_text


class TicketsState(RecordList, SignedInState):
    """The list: what is not settled, one state, or all; of one priority; of one assignee, or mine."""

    FIRST = {"state": UNSETTLED, "priority": "", "assignee": ""}

    rows: list[TicketRow] = []
    people: list[ColleagueRow] = []

    async def _page(self, db: Session, actor: Actor, before: int) -> tuple[list[TicketRow], int]:
        if not before:
            self._put(people=await people_of(db, actor))
        chosen = TicketFilter(self.chosen["state"], self.chosen["priority"], self.chosen["assignee"], self.search)
        return await tickets_page(db, actor, chosen, before)


class TicketState(Following, Overtaken, SignedInState):
    """One ticket, with what happened to it and the conversations that it is linked with; `asked_id` is the one in the
    address, whether it is there or missing."""

    head: TicketRow = TicketRow()
    people: list[ColleagueRow] = []
    history: list[TicketEntryRow] = []
    linked: list[CardRow] = []
    linkable: list[CardRow] = []
    fault: str = ""
    comment_fault: str = ""
    comment: str = ""
    comment_turn: int = 0
    is_missing: bool = False
    asked_id: int = 0

    @rx.event
    async def arrive(self):
        """Read the ticket in the address."""
        await self._enter_page()
        self.head, self.fault, self.comment_fault, self.comment = TicketRow(), "", "", ""
        self._told = {}
        self.asked_id = as_id(self.router.url.path.rstrip("/").rpartition("/")[2])
        await self._load()

    @rx.event
    async def save(self, form: Form):
        """Keep title, state, priority, assignee."""
        is_saved = False
        fields = {name: as_text(as_form(form).get(name), 500) for name in ("title", "state", "priority", "assignee")}
        typed = TicketInput(fields["title"], fields["state"], fields["priority"], as_id(fields["assignee"]))
        async with self._acting() as (db, actor):
            left = self._untouched(form, fields, _fields(await find_ticket(db, actor, self.head.id)), actor.language)
            names = ["assignee_id" if name == "assignee" else name for name in left]
            self._keep(_fields(await save_ticket(db, actor, self.head.id, typed, names)))
            is_saved = True
        self.fault, self.notice = ("" if is_saved else self.notice), ""
        if is_saved:
            await self._load()
            self._say_done("Saved")

    @rx.event
    async def write_comment(self, form: Form):
        """Add a comment; what is refused stays in the form."""
        self.comment, is_saved = as_text(as_form(form).get("body"), 20_000), False
        async with self._acting() as (db, actor):
            await comment_on_ticket(db, actor, self.head.id, self.comment)
            is_saved = True
        self.comment_fault, self.notice = ("" if is_saved else self.notice), ""
        if is_saved:
            self.comment = ""
            self.comment_turn += 1
            await self._load()

    @rx.event
    async def link(self, form: Form):
        """Link one more conversation."""
        async with self._acting() as (db, actor):
            await link_conversation(db, actor, self.head.id, as_id(as_form(form).get("conversation")))
        await self._load()

    @rx.event
    async def unlink(self, conversation_id: int):
        """Take a conversation away."""
        async with self._acting() as (db, actor):
            await unlink_conversation(db, actor, self.head.id, as_id(conversation_id))
        await self._load()

    def _is_shown(self) -> bool:
        return self.asked_id > 0

    def _rest(self) -> float:
        return REST

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            try:
                ticket = await find_ticket(db, actor, self.asked_id)
            except NotFound:
                self.is_missing = True
                return
            contact = (await db.exec(select(Contact).where(Contact.id == ticket.contact_id))).one()
            people = await people_of(db, actor)
            assignee = next((one.name for one in people if one.id == ticket.assignee_id), "")
            self._put(
                people=people,
                history=await ticket_history(db, actor, ticket),
                linked=await linked_conversations(db, actor, ticket),
                linkable=await linkable_conversations(db, actor, ticket),
                head=ticket_row(ticket, contact.full_name, assignee, actor),
                shown=_fields(ticket),
                is_missing=False,
            )


def _fields(ticket: Ticket) -> Form:
    """What the form begins with."""
    assignee = str(ticket.assignee_id or "")
    return {"title": ticket.title, "state": ticket.state, "priority": ticket.priority, "assignee": assignee}
