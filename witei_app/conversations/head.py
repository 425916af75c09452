"""What the head of the thread and the pane beside it need besides the conversation, and what opening it has to know.

One query. Most contacts have no second address, no notes, tickets or quotes, and most conversations no draft: whether
there are any is asked here, so that nobody has to look for what is not there.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.db import Session, at_hand
from witei_app.models import (
    Contact,
    ContactAddress,
    ContactNote,
    Conversation,
    ConversationEvent,
    Draft,
    Notification,
    Quote,
    ReadCursor,
    Ticket,
    Upload,
    User,
    Workspace,
)


@dataclass(frozen=True)
class Head:
    """`last_event_id` is the newest line of the log: what comes after it is news. `is_news` when reading it changes
    something for the reader: a message not yet seen, a notification not yet read. `is_begun` when the reader has a
    draft in it, or files of one. The contact has more addresses than one, notes and so on."""

    contact: Contact
    responsible: str
    assignee_name: str
    mailbox: str
    last_event_id: int
    is_news: bool
    is_begun: bool
    has_addresses: bool
    has_notes: bool
    has_tickets: bool
    has_quotes: bool


async def head_of(db: Session, actor: Actor, conversation: Conversation) -> Head:
    """The head of a conversation that the actor sees."""
    values = asked_by(
        actor,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        assignee_id=conversation.assignee_id or 0,
    )
    found = (await db.exec(_head(actor), params=values)).one()
    at_hand(db, found.Contact, found.Workspace)
    return Head(
        contact=found.Contact,
        responsible=found.responsible or "",
        assignee_name=found.assignee or "",
        mailbox=found.Workspace.mailbox,
        last_event_id=found.last_event or 0,
        is_news=found.is_told or conversation.last_inbound_id > found.read_to,
        is_begun=found.is_begun,
        has_addresses=found.has_addresses,
        has_notes=found.has_notes,
        has_tickets=found.has_tickets,
        has_quotes=found.has_quotes,
    )


@prepared
def _head(actor: Actor) -> Any:
    here: Any = bindparam("conversation_id")
    assignee, responsible = aliased(User), aliased(User)
    last_event = select(func.max(col(ConversationEvent.id))).where(ConversationEvent.conversation_id == here)
    read_to = select(ReadCursor.message_id).where(
        ReadCursor.user_id == actor.user_id, ReadCursor.conversation_id == here
    )
    return (
        select(
            Contact,
            Workspace,
            col(responsible.name).label("responsible"),
            col(assignee.name).label("assignee"),
            last_event.scalar_subquery().label("last_event"),
            func.coalesce(read_to.scalar_subquery(), actor.read_up_to).label("read_to"),
            _has_own(Notification, actor, here, col(Notification.read_at).is_(None)).label("is_told"),
            or_(_has_own(Draft, actor, here), _has_own(Upload, actor, here)).label("is_begun"),
            _has(ContactAddress, col(ContactAddress.address) != col(Contact.email)).label("has_addresses"),
            _has(ContactNote).label("has_notes"),
            _has(Ticket).label("has_tickets"),
            _has(Quote).label("has_quotes"),
        )  # type: ignore[call-overload]
        .select_from(Workspace)
        .join(Contact, col(Contact.id) == bindparam("contact_id"))
        .outerjoin(assignee, col(assignee.id) == bindparam("assignee_id"))
        .outerjoin(responsible, col(responsible.id) == col(Contact.responsible_id))
        .where(Workspace.id == actor.workspace_id)
    )


def _has(table: Any, *conditions: Any) -> Any:
    """Whether the contact has any of these."""
    return exists().where(col(table.contact_id) == col(Contact.id), *conditions)


def _has_own(table: Any, actor: Actor, conversation_id: Any, *conditions: Any) -> Any:
    """Whether the actor has any of these in the conversation."""
    own = col(table.user_id) == actor.user_id, col(table.conversation_id) == conversation_id
    return exists().where(*own, *conditions)
