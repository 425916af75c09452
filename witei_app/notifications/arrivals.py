"""Contacts wrote: who is told, worked out for many messages at once."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, null, or_
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.live.events import Notified, announce
from witei_app.models import (
    Conversation,
    ConversationScope,
    Message,
    NoticeKind,
    Notification,
    NotificationChoice,
    Role,
    User,
)
from witei_app.notifications.choices import wants_any

_SEES_UNASSIGNED = (ConversationScope.ALL, ConversationScope.OWN_AND_UNASSIGNED)
_MAY_TAKE = or_(col(User.role) == Role.ADMIN, col(User.conversation_scope).in_(_SEES_UNASSIGNED))


async def tell_of_messages(db: Session, workspace_id: int, arrived: Sequence[tuple[Conversation, Message]]) -> None:
    """Whoever has a conversation is told, or, when nobody has it, all who may take it.

    Automatic mail (absence notes, bounces) is told to nobody.
    """
    heard = [(conversation, message) for conversation, message in arrived if not message.is_automatic]
    if not heard:
        return
    newest = {conversation.id: (conversation, message.id) for conversation, message in heard}
    quantities = Counter(conversation.id for conversation, _ in heard)
    assignees = {one.assignee_id for one, _ in newest.values() if one.assignee_id is not None}
    has_unassigned = any(one.assignee_id is None for one, _ in newest.values())
    told = await _who(db, workspace_id, NoticeKind.MESSAGE, col(User.id).in_(assignees)) if assignees else []
    takers = await _who(db, workspace_id, NoticeKind.UNASSIGNED, _MAY_TAKE) if has_unassigned else []
    rows = [
        row
        for conversation, message_id in newest.values()
        for row in _rows(conversation, message_id, quantities[conversation.id], told, takers)
    ]
    if rows:
        await _store(db, workspace_id, rows)


async def _who(db: Session, workspace_id: int, kind: NoticeKind, people: ColumnElement[bool]) -> Sequence[int]:
    """Those of the people who want to be told of the kind."""
    chosen = (col(NotificationChoice.user_id) == col(User.id)) & (col(NotificationChoice.kind) == str(kind))
    query = (
        select(User.id)
        .outerjoin(NotificationChoice, chosen)
        .where(User.workspace_id == workspace_id, col(User.is_active), people, wants_any())
        .order_by(col(User.id))
    )
    return (await db.exec(query)).all()


def _rows(
    conversation: Conversation, message_id: int, quantity: int, told: Sequence[int], takers: Sequence[int]
) -> list[dict[str, Any]]:
    is_free = conversation.assignee_id is None
    people = takers if is_free else [user_id for user_id in told if user_id == conversation.assignee_id]
    return [
        {
            "workspace_id": conversation.workspace_id,
            "user_id": user_id,
            "conversation_id": conversation.id,
            "kind": str(NoticeKind.UNASSIGNED if is_free else NoticeKind.MESSAGE),
            "message_id": message_id,
            "by_id": None,
            "quantity": quantity,
            "at": now(),
        }
        for user_id in people
    ]


async def _store(db: Session, workspace_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """What they have not read yet of the same kind is moved to the top."""
    connection = await db.connection()
    told = await connection.execute(_statement(db.get_bind().dialect.name), rows)
    came = {row["conversation_id"]: row["quantity"] for row in rows}
    reached: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for user_id, conversation_id, kind, quantity in told.all():
        first = quantity - came[conversation_id] + 1
        reached.setdefault((conversation_id, kind), []).append((user_id, first))
    for (conversation_id, kind), people in reached.items():
        announce(db, Notified(workspace_id, conversation_id, kind, "", tuple(people)))


@cache
def _statement(dialect: str) -> Any:
    """Put together once: it takes longer than running it."""
    rows = (postgres_insert if dialect == "postgresql" else sqlite_insert)(Notification)
    again = col(Notification.quantity) + rows.excluded.quantity
    return rows.on_conflict_do_update(
        index_elements=["user_id", "conversation_id", "kind"],
        set_={
            "message_id": rows.excluded.message_id,
            "by_id": rows.excluded.by_id,
            "at": rows.excluded.at,
            "quantity": case((col(Notification.read_at).is_(None), again), else_=rows.excluded.quantity),
            "read_at": null(),  # no parameter: many rows go in one statement then
        },
    ).returning(
        col(Notification.user_id),
        col(Notification.conversation_id),
        col(Notification.kind),
        col(Notification.quantity),
    )
