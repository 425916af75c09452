"""What a leaving user has goes to another one, or to nobody: counted, asked for, never lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, tuple_, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.assign import assign
from witei_app.conversations.hand_out import next_assignee
from witei_app.crm.ticket_history import note_entry
from witei_app.db import Session, transaction
from witei_app.models import (
    Contact,
    Conversation,
    Quote,
    QuoteState,
    Status,
    Ticket,
    TicketEntryKind,
    TicketState,
    User,
    Widget,
    Workspace,
)

_AT_ONCE = 50


@dataclass(frozen=True)
class Had:
    """How much somebody has that goes to another: contacts, open conversations, open tickets, quotes not answered."""

    contacts: int = 0
    conversations: int = 0
    tickets: int = 0
    quotes: int = 0


async def what_has(db: Session, user: User) -> Had:
    """Counted, for whoever decides who gets it. One query."""
    counted = (_contacts(user), _conversations(user), _tickets(user), _quotes(user))
    tables: tuple[Any, ...] = (Contact, Conversation, Ticket, Quote)
    counts = [
        select(func.count(col(table.id))).where(*conditions).scalar_subquery()
        for table, conditions in zip(tables, counted, strict=True)
    ]
    return Had(*(await db.exec(select(*counts))).one())


async def hand_over(db: Session, actor: Actor, user: User, heir_id: int | None) -> None:
    """All of it goes to the heir; what would come to the user from now on does too."""
    await hand_over_conversations(db, actor, user, heir_id)
    for ticket in await _to_give(db, Ticket, _tickets(user)):
        ticket.assignee_id = heir_id
        note_entry(db, actor, ticket, TicketEntryKind.ASSIGNEE, str(user.id), str(heir_id or ""))
    await db.exec(update(Contact).where(*_contacts(user)).values(responsible_id=heir_id))
    await db.exec(update(Quote).where(*_quotes(user)).values(author_id=heir_id))


async def hand_over_conversations(db: Session, actor: Actor, user: User, heir_id: int | None) -> None:
    """The open ones go to the heir, and new ones too that would come to the user from now on."""
    for conversation in await _to_give(db, Conversation, _conversations(user)):
        await assign(db, actor, conversation, heir_id)
    await db.exec(update(Widget).where(col(Widget.assignee_id) == user.id).values(assignee_id=heir_id))
    coordinated = update(Workspace).where(col(Workspace.coordinator_id) == user.id)
    await db.exec(coordinated.values(coordinator_id=heir_id))


async def give_out_what_is_left() -> int:
    """Open conversations that somebody who left has all the same: one was given to them at that very moment, or an
    old one was opened again. They go as new ones do. Gives how many."""
    async with transaction() as db:
        gone = select(User.workspace_id, User.id).where(~col(User.is_active))
        theirs = tuple_(col(Conversation.workspace_id), col(Conversation.assignee_id)).in_(gone)
        query = (
            select(Conversation)
            .where(theirs, Conversation.status != Status.ARCHIVED, col(Conversation.deleted_at).is_(None))
            .limit(_AT_ONCE)
            .with_for_update(of=Conversation, skip_locked=True)
        )
        left = (await db.exec(query)).all()
        for conversation in left:
            heir_id = await next_assignee(db, conversation.workspace_id)
            await assign(db, Actor.system(conversation.workspace_id), conversation, heir_id)
    return len(left)


async def _to_give(db: Session, table: Any, conditions: Sequence[Any]) -> Sequence[Any]:
    return (await db.exec(select(table).where(*conditions).order_by(table.id).with_for_update())).all()


def _contacts(user: User) -> Sequence[Any]:
    return (col(Contact.responsible_id) == user.id,)


def _conversations(user: User) -> Sequence[Any]:
    return (
        col(Conversation.assignee_id) == user.id,
        col(Conversation.status) != Status.ARCHIVED,
        col(Conversation.deleted_at).is_(None),
    )


def _tickets(user: User) -> Sequence[Any]:
    return (col(Ticket.assignee_id) == user.id, col(Ticket.state) != TicketState.CLOSED)


def _quotes(user: User) -> Sequence[Any]:
    return (col(Quote.author_id) == user.id, col(Quote.state).in_((QuoteState.DRAFT, QuoteState.SENT)))
