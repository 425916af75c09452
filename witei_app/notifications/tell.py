"""Writing down whom something is told to, in the transaction in which it happens."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, case, inspect, literal, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session
from witei_app.live.events import NotificationsChanged, Notified, announce
from witei_app.models import (
    Conversation,
    Message,
    NoticeKind,
    Notification,
    NotificationChoice,
    User,
)
from witei_app.notifications.choices import wants_any

_COLUMNS = ["workspace_id", "conversation_id", "kind", "message_id", "by_id", "quantity", "at", "user_id"]


async def tell_of_assignment(db: Session, actor: Actor, conversation: Conversation) -> None:
    """Somebody was given the conversation by somebody else; for all others it waits no more, and some see it no more.

    What the program hands out comes with a message, which tells more.
    """
    await settle(db, conversation)
    await tell_of_sight(db, conversation)
    if actor.user_id is not None and conversation.assignee_id not in {None, actor.user_id}:
        await _tell(db, actor, conversation, NoticeKind.ASSIGNED, col(User.id) == conversation.assignee_id)


async def tell_of_mention(
    db: Session, actor: Actor, conversation: Conversation, message: Message, user_ids: Collection[int]
) -> None:
    """A note names colleagues. Who names oneself is not told; who may not see the conversation never reads of it."""
    people = (col(User.id).in_(user_ids)) & (col(User.id) != actor.user_id)
    await _tell(db, actor, conversation, NoticeKind.MENTIONED, people, message.id)


async def settle(db: Session, conversation: Conversation) -> None:
    """Somebody deals with it: what waits there, other than mentions, counts as read for everybody."""
    await _read(db, conversation.workspace_id, _here(conversation), col(Notification.kind) != NoticeKind.MENTIONED)


async def tell_of_sight(db: Session, conversation: Conversation) -> None:
    """It went out of sight, or is back: what bells count is another number now. Nothing is read by that."""
    waiting = select(Notification.user_id).where(_here(conversation), col(Notification.read_at).is_(None)).distinct()
    people = sorted((await db.exec(waiting)).all())
    if people:
        announce(db, NotificationsChanged(conversation.workspace_id, tuple(people)))


async def read_conversation(db: Session, actor: Actor, conversation: Conversation) -> None:
    """The actor has seen all of the conversation."""
    await _read(db, actor.workspace_id, _here(conversation), col(Notification.user_id) == actor.user_id)


async def _read(db: Session, workspace_id: int, *which: ColumnElement[bool]) -> None:
    """Mark as read, and have the tabs of those concerned told."""
    marked = await db.exec(
        update(Notification)
        .where(col(Notification.read_at).is_(None), *which)
        .values(read_at=now())
        .returning(col(Notification.user_id))
    )
    people = sorted(set(marked.scalars().all()))
    if people:
        announce(db, NotificationsChanged(workspace_id, tuple(people)))


def _here(conversation: Conversation) -> ColumnElement[bool]:
    return col(Notification.conversation_id) == conversation.id


async def _tell(
    db: Session,
    actor: Actor | None,
    conversation: Conversation,
    kind: NoticeKind,
    people: ColumnElement[bool],
    message_id: int = 0,
) -> None:
    """One statement for all of them; what they have not read yet of the same kind is moved to the top."""
    by_id = actor.user_id if actor else None
    fixed: tuple[Any, ...] = (conversation.workspace_id, conversation.id, str(kind), message_id, by_id, 1, now())
    types = inspect(Notification).columns
    columns = [literal(value, types[name].type) for name, value in zip(_COLUMNS, fixed, strict=False)]
    chosen = (col(NotificationChoice.user_id) == col(User.id)) & (col(NotificationChoice.kind) == str(kind))
    query = (
        select(*columns, col(User.id))  # type: ignore[call-overload]
        .outerjoin(NotificationChoice, chosen)
        .where(User.workspace_id == conversation.workspace_id, col(User.is_active), people, wants_any())
    )
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    rows = insert(Notification).from_select(_COLUMNS, query)
    again = case((col(Notification.read_at).is_(None), col(Notification.quantity) + 1), else_=1)
    told = await db.exec(
        rows.on_conflict_do_update(
            index_elements=["user_id", "conversation_id", "kind"],
            set_={
                "message_id": rows.excluded.message_id,
                "by_id": rows.excluded.by_id,
                "at": rows.excluded.at,
                "quantity": again,
                "read_at": None,
            },
        ).returning(col(Notification.user_id), col(Notification.quantity))
    )
    reached = tuple((user_id, quantity) for user_id, quantity in told.all())
    if reached:
        name = actor.name if actor else ""
        announce(db, Notified(conversation.workspace_id, conversation.id, str(kind), name, reached))
