"""The circuit breaker: whatever goes wrong, machines of ours write only so much to one address."""

from datetime import timedelta

from sqlalchemy import func, or_
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Delivery, Message

WITHIN = timedelta(hours=1)
MOST = 20
HELD_BACK = "Held back: too many automatic messages to this address within an hour."


async def is_too_much(db: Session, delivery_id: int) -> bool:
    """Whether the delivery is automatic mail, and as many as may be went to its address in the hour before it."""
    delivery = await db.get_one(Delivery, delivery_id)
    if not await _is_automatic(db, delivery):
        return False
    earlier = (
        select(func.count())
        .select_from(Delivery)
        .outerjoin(Message, col(Message.id) == col(Delivery.message_id))
        .where(
            Delivery.workspace_id == delivery.workspace_id,
            Delivery.recipient == delivery.recipient,
            Delivery.created_at > now() - WITHIN,
            Delivery.id < delivery.id,
            or_(col(Delivery.message_id).is_(None), col(Message.is_automatic)),
        )
    )
    return (await db.exec(earlier)).one() >= MOST


async def _is_automatic(db: Session, delivery: Delivery) -> bool:
    if delivery.message_id is None:
        return True
    return (await db.get_one(Message, delivery.message_id)).is_automatic
