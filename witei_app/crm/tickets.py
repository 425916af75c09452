"""Incidents and requests of contacts: opened from a conversation or a contact, worked through, closed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import find_colleague
from witei_app.accounts.turns import take_turn
from witei_app.conversations.visible import see_conversation
from witei_app.crm.edit import tell_of_contact
from witei_app.crm.ticket_history import log_ticket, note_entry
from witei_app.crm.visible import find_contact, may_see_ticket, see_contact
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import (
    Contact,
    Conversation,
    EventKind,
    Reach,
    Ticket,
    TicketEntryKind,
    TicketPriority,
    TicketState,
)
from witei_app.outbox.webhooks.tell import Happening, tell


@dataclass(frozen=True)
class TicketInput:
    """A ticket as somebody filled it in; `assignee_id` 0 is nobody."""

    title: str
    state: str = TicketState.OPEN
    priority: str = TicketPriority.MEDIUM
    assignee_id: int = 0


async def find_ticket(db: Session, actor: Actor, ticket_id: int, *, to_change: bool = False) -> Ticket:
    """A ticket of a contact that the actor sees, or NotFound."""
    query = (
        select(Ticket)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .where(Ticket.id == ticket_id, may_see_ticket(actor))
    )
    ticket = (await db.exec(query.with_for_update(of=Ticket) if to_change else query)).one_or_none()
    if ticket is None:
        raise NotFound("This ticket is not here, or you may not see it.")
    return ticket


async def open_ticket(
    db: Session, actor: Actor, typed: TicketInput, *, contact_id: int = 0, conversation_id: int = 0
) -> Ticket:
    """A new ticket about a contact, or about the contact of a conversation, which it is then linked to."""
    conversation: Conversation | None = None
    if conversation_id:
        conversation = await see_conversation(db, actor, conversation_id)
        if contact_id not in (0, conversation.contact_id):
            raise Refused("This conversation is with somebody else.")
        contact_id = conversation.contact_id
    else:
        await see_contact(db, actor, contact_id)
    contact = await db.get_one(Contact, contact_id)
    ticket = Ticket(
        workspace_id=actor.workspace_id,
        number=await _next_number(db, actor.workspace_id),
        contact_id=contact_id,
        conversation_id=conversation.id if conversation else None,
    )
    _write(ticket, await _checked(db, actor, ticket, typed))
    db.add(ticket)
    await db.flush()
    note_entry(db, actor, ticket, TicketEntryKind.OPENED, after=ticket.title)
    await log_ticket(db, actor, ticket, EventKind.TICKET_OPENED)
    _tell(db, actor, ticket, Happening.TICKET_CREATED)
    await tell_of_contact(db, contact)
    return ticket


async def save_ticket(
    db: Session, actor: Actor, ticket_id: int, typed: TicketInput, untouched: Collection[str] = ()
) -> Ticket:
    """Change title, state, priority, assignee; each change is a line of its history.

    Fields named in `untouched` stay as they are now: a colleague may have changed them since the form was opened.
    """
    ticket = await find_ticket(db, actor, ticket_id, to_change=True)
    now_there: dict[str, Any] = {name: getattr(ticket, name) or 0 for name in untouched}
    typed = replace(typed, **now_there)
    clean = await _checked(db, actor, ticket, typed)
    before = _said(ticket)
    _write(ticket, clean)
    changed = {kind: (before[kind], after) for kind, after in _said(ticket).items() if before[kind] != after}
    for kind, (old, new) in changed.items():
        note_entry(db, actor, ticket, kind, old, new)
    if changed:
        _tell(db, actor, ticket, Happening.TICKET_CHANGED)
    if TicketEntryKind.STATE in changed:
        await log_ticket(db, actor, ticket, EventKind.TICKET_CHANGED)
    await tell_of_contact(db, await find_contact(db, actor, ticket.contact_id))
    return ticket


def _tell(db: Session, actor: Actor, ticket: Ticket, happening: Happening) -> None:
    tell(
        db,
        ticket.workspace_id,
        happening,
        ticket_id=ticket.id,
        contact_id=ticket.contact_id,
        conversation_id=ticket.conversation_id,
        state=str(ticket.state),
        priority=str(ticket.priority),
        assignee_id=ticket.assignee_id,
        user_id=actor.user_id,
    )


def _said(ticket: Ticket) -> dict[TicketEntryKind, str]:
    return {
        TicketEntryKind.TITLE: ticket.title,
        TicketEntryKind.STATE: ticket.state,
        TicketEntryKind.PRIORITY: ticket.priority,
        TicketEntryKind.ASSIGNEE: str(ticket.assignee_id or ""),
    }


async def _checked(db: Session, actor: Actor, ticket: Ticket, typed: TicketInput) -> TicketInput:
    must_write_tickets(actor)
    title = " ".join(typed.title.split())[:255]
    if not title:
        raise Refused("Give the ticket a title.")
    if typed.state not in set(TicketState) or typed.priority not in set(TicketPriority):
        raise Refused("A ticket has no such state.")
    if typed.assignee_id and typed.assignee_id != ticket.assignee_id:
        await find_colleague(db, actor, typed.assignee_id)
    return TicketInput(title, str(typed.state), str(typed.priority), typed.assignee_id)


def _write(ticket: Ticket, clean: TicketInput) -> None:
    ticket.title, ticket.state, ticket.priority = clean.title, clean.state, clean.priority
    ticket.assignee_id = clean.assignee_id or None


def must_write_tickets(actor: Actor) -> None:
    """Refuse who only reads, and who has nothing to do with tickets."""
    actor.must(actor.permissions.can_write and actor.permissions.ticket_scope != Reach.NONE)


async def _next_number(db: Session, workspace_id: int) -> int:
    """Who makes one holds the workspace until it is stored, so that no number is given twice."""
    await take_turn(db, workspace_id)
    query = select(func.coalesce(func.max(Ticket.number), 0)).where(Ticket.workspace_id == workspace_id)
    return (await db.exec(query)).one() + 1
