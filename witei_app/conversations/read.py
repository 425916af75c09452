"""What each user has read: unread is what came from the contact after the user's cursor."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, union_all
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, padded, prepared
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.live.events import ConversationRead, announce
from witei_app.models import Conversation, ReadCursor, Status
from witei_app.notifications.tell import read_conversation

MOST_COUNTED = 100


async def mark_read(db: Session, actor: Actor, conversation: Conversation) -> None:
    """The actor has seen everything in it. Other tabs of the same user are told."""
    await read_conversation(db, actor, conversation)
    await _move_cursor(db, actor, conversation, conversation.last_inbound_id)


async def mark_unread(db: Session, actor: Actor, conversation: Conversation) -> None:
    """The contact's newest message counts as unseen again; where the contact never wrote, the conversation itself."""
    await _move_cursor(db, actor, conversation, conversation.last_inbound_id - 1)


async def _move_cursor(db: Session, actor: Actor, conversation: Conversation, message_id: int) -> None:
    assert actor.user_id is not None, "the system reads nothing"
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    await db.exec(
        insert(ReadCursor)
        .values(
            user_id=actor.user_id,
            conversation_id=conversation.id,
            workspace_id=conversation.workspace_id,
            message_id=message_id,
        )
        .on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_={"message_id": message_id})
    )
    announce(db, ConversationRead(conversation.workspace_id, conversation.id, actor.user_id, message_id))


async def read_cursors(db: Session, conversation_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How far each user has read these conversations: (user, conversation) to message id."""
    found = (await db.exec(_CURSORS, params={"ids": padded(list(conversation_ids))})).all()
    return {(user_id, conversation_id): message_id for user_id, conversation_id, message_id in found}


_CURSORS: Any = select(ReadCursor.user_id, ReadCursor.conversation_id, ReadCursor.message_id).where(
    col(ReadCursor.conversation_id).in_(bindparam("ids", expanding=True))
)


async def count_unread(db: Session, actor: Actor) -> int:
    """How many open conversations hold something unread for the actor; counted up to MOST_COUNTED."""
    quantity: int = (await db.exec(_unread(actor), params=asked_by(actor))).one()
    return quantity


@prepared
def _unread(actor: Actor) -> Any:
    found = union_all(_unread_since_then(actor), _put_back_before(actor)).limit(MOST_COUNTED)
    return select(func.count()).select_from(found.subquery())


def _unread_since_then(actor: Actor) -> Any:
    """Those with something newer than `read_up_to`: a range of the index, not every open conversation."""
    here = (col(ReadCursor.conversation_id) == col(Conversation.id)) & (col(ReadCursor.user_id) == actor.user_id)
    return (
        select(col(Conversation.id))
        .outerjoin(ReadCursor, here)
        .where(
            may_see(actor),
            Conversation.status == Status.OPEN,
            Conversation.last_inbound_id > actor.read_up_to,
            Conversation.last_inbound_id > func.coalesce(ReadCursor.message_id, actor.read_up_to),
        )
    )


def _put_back_before(actor: Actor) -> Any:
    """The older ones count as read, but for those that the user has left for later by hand."""
    return (
        select(col(Conversation.id))
        .join(ReadCursor, col(ReadCursor.conversation_id) == col(Conversation.id))
        .where(
            ReadCursor.user_id == actor.user_id,
            ReadCursor.message_id < actor.read_up_to,
            may_see(actor),
            Conversation.status == Status.OPEN,
            Conversation.last_inbound_id <= actor.read_up_to,
            Conversation.last_inbound_id > ReadCursor.message_id,
        )
    )
