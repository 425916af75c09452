"""What the head of the thread needs besides the conversation itself, and what opening it has to know. One query."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.db import Session, at_hand
from witei_app.models import Contact, Conversation, ConversationEvent, Notification, ReadCursor, User, Workspace


@dataclass(frozen=True)
class Head:
    """`last_event_id` is the newest line of the log: what comes after it is news. `is_news` when reading it changes
    something for the reader: a message not yet seen, a notification not yet read."""

    assignee_name: str
    email: str
    mailbox: str
    last_event_id: int
    is_news: bool


async def head_of(db: Session, actor: Actor, conversation: Conversation) -> Head:
    """The head of a conversation that the actor sees."""
    values = asked_by(
        actor,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        assignee_id=conversation.assignee_id or 0,
    )
    assignee, email, workspace, event_id, read_to, is_told = (await db.exec(_head(actor), params=values)).one()
    at_hand(db, workspace)
    is_news = bool(is_told) or conversation.last_inbound_id > read_to
    return Head(assignee or "", email, workspace.mailbox, event_id or 0, is_news)


@prepared
def _head(actor: Actor) -> Any:
    here: Any = bindparam("conversation_id")
    last_event = select(func.max(col(ConversationEvent.id))).where(ConversationEvent.conversation_id == here)
    read_to = select(ReadCursor.message_id).where(
        ReadCursor.user_id == actor.user_id, ReadCursor.conversation_id == here
    )
    told = select(Notification.id).where(
        col(Notification.read_at).is_(None),
        Notification.conversation_id == here,
        Notification.user_id == actor.user_id,
    )
    return (
        select(
            User.name,
            Contact.email,
            Workspace,
            last_event.scalar_subquery(),
            func.coalesce(read_to.scalar_subquery(), actor.read_up_to),
            told.exists(),
        )  # type: ignore[call-overload]
        .select_from(Workspace)
        .join(Contact, col(Contact.id) == bindparam("contact_id"))
        .outerjoin(User, col(User.id) == bindparam("assignee_id"))
        .where(Workspace.id == actor.workspace_id)
    )
