"""Sending an answer again, because somebody decided so: it failed, came back, waits, or perhaps arrived."""

from sqlalchemy import update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.line import redraw_line
from witei_app.conversations.visible import find_conversation, may_see
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import DeliveryChanged, DeliveryQueued, announce
from witei_app.models import NOT_ARRIVED, Conversation, Delivery, DeliveryState, Direction, Message

_AGAIN = (*NOT_ARRIVED, DeliveryState.DEFERRED)


async def send_again(db: Session, actor: Actor, message_id: int) -> None:
    """Queue the message anew where it did not arrive for certain. Pressed twice, it is queued once."""
    actor.must(actor.permissions.can_write)
    query = select(Message).join(Conversation, col(Conversation.id) == col(Message.conversation_id))
    query = query.where(Message.id == message_id, Message.direction == Direction.OUT, may_see(actor))
    message = (await db.exec(query)).one_or_none()
    if message is None:
        raise NotFound
    conversation = await find_conversation(db, actor, message.conversation_id)
    queued = await db.exec(
        update(Delivery)
        .where(col(Delivery.message_id) == message.id, col(Delivery.state).in_(_AGAIN))
        .values(
            state=DeliveryState.QUEUED,
            due_at=now(),
            created_at=now(),
            reason="",
            response="",
            claimed_by="",
            handed_at=None,
        )
    )
    if not queued.rowcount:
        raise Refused("This message needs no other try.")
    await redraw_line(db, conversation)
    announce(db, DeliveryQueued(conversation.workspace_id))
    announce(db, DeliveryChanged(conversation.workspace_id, conversation.id, message.id))
