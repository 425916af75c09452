"""The lists of contacts, quotes and tickets: searched, filtered, a page at a time by keyset."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.crm.contacts import matching
from witei_app.crm.rows import ContactRow, QuoteRow, TicketRow
from witei_app.crm.visible import may_see_contact, may_see_quote, may_see_ticket
from witei_app.crm.worded import contact_row, quote_row, ticket_row
from witei_app.db import Session
from witei_app.models import Contact, Quote, QuoteState, Ticket, TicketPriority, TicketState, User

PAGE = 50
# "Not closed" is what one works through.
UNSETTLED = "unsettled"


async def contacts_page(db: Session, actor: Actor, search: str = "", before: int = 0) -> tuple[list[ContactRow], int]:
    """The same as `find_contacts`, worded for the reader."""
    found, following = await find_contacts(db, actor, search, before)
    return [contact_row(contact, user, actor) for contact, user in found], following


async def find_contacts(
    db: Session, actor: Actor, search: str = "", before: int = 0, limit: int = PAGE
) -> tuple[list[tuple[Contact, str | None]], int]:
    """The newest contacts that match, each with the name of who is responsible, and the id to go on from (0: that was
    all). One query."""
    query = (
        select(Contact, User.name)
        .outerjoin(User, col(User.id) == col(Contact.responsible_id))
        .where(may_see_contact(actor), *matching(db, search))
    )
    return await _page(db, query, Contact.id, before, limit)


async def quotes_page(
    db: Session, actor: Actor, state: str = "", search: str = "", before: int = 0, contact_id: int = 0
) -> tuple[list[QuoteRow], int]:
    """The same as `find_quotes`, worded for the reader."""
    found, following = await find_quotes(db, actor, state, search, before, contact_id)
    return [quote_row(quote, contact.full_name, actor) for quote, contact in found], following


async def find_quotes(
    db: Session,
    actor: Actor,
    state: str = "",
    search: str = "",
    before: int = 0,
    contact_id: int = 0,
    limit: int = PAGE,
) -> tuple[list[tuple[Quote, Contact]], int]:
    """The newest quotes, of one state or all, and the id to go on from. One query."""
    query = (
        select(Quote, Contact)
        .join(Contact, col(Contact.id) == col(Quote.contact_id))
        .where(may_see_quote(actor), *matching(db, search))
    )
    if state in set(QuoteState):
        query = query.where(Quote.state == state)
    if contact_id:
        query = query.where(Quote.contact_id == contact_id)
    return await _page(db, query, Quote.id, before, limit)


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets: `state` may be UNSETTLED, `assignee` "mine", "nobody" or a user's id; "" is all of them."""

    state: str = UNSETTLED
    priority: str = ""
    assignee: str = ""
    search: str = ""
    contact_id: int = 0

    def conditions(self, actor: Actor) -> list[ColumnElement[bool]]:
        """On Ticket. What makes no sense narrows nothing."""
        found = []
        if self.state == UNSETTLED:
            found.append(col(Ticket.state) != TicketState.CLOSED)
        elif self.state in set(TicketState):
            found.append(col(Ticket.state) == self.state)
        if self.priority in set(TicketPriority):
            found.append(col(Ticket.priority) == self.priority)
        if self.assignee == "nobody":
            found.append(col(Ticket.assignee_id).is_(None))
        elif self.assignee == "mine":
            found.append(col(Ticket.assignee_id) == actor.user_id)
        elif self.assignee.isascii() and self.assignee.isdigit() and len(self.assignee) < 19:
            found.append(col(Ticket.assignee_id) == int(self.assignee))
        return [*found, *([col(Ticket.contact_id) == self.contact_id] if self.contact_id else [])]


NOT_CLOSED = TicketFilter()


async def tickets_page(
    db: Session, actor: Actor, chosen: TicketFilter = NOT_CLOSED, before: int = 0
) -> tuple[list[TicketRow], int]:
    """The same as `find_tickets`, worded for the reader."""
    found, following = await find_tickets(db, actor, chosen, before)
    return [ticket_row(ticket, contact.full_name, user, actor) for ticket, contact, user in found], following


async def find_tickets(
    db: Session, actor: Actor, chosen: TicketFilter = NOT_CLOSED, before: int = 0, limit: int = PAGE
) -> tuple[list[tuple[Ticket, Contact, str | None]], int]:
    """The newest tickets, of those that were chosen, and the id to go on from. One query."""
    query = (
        select(Ticket, Contact, User.name)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .outerjoin(User, col(User.id) == col(Ticket.assignee_id))
        .where(may_see_ticket(actor), *matching(db, chosen.search), *chosen.conditions(actor))
    )
    return await _page(db, query, Ticket.id, before, limit)


async def _page(db: Session, query: Any, row_id: Any, before: int, limit: int) -> tuple[list[Any], int]:
    if before:
        query = query.where(row_id < before)
    rows = list((await db.exec(query.order_by(col(row_id).desc()).limit(limit + 1))).all())
    return rows[:limit], int(rows[limit - 1][0].id) if len(rows) > limit else 0
