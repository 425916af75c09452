"""Which worker sends which delivery: one conditional UPDATE decides."""

import os
import secrets
import socket
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.live.events import DeliveryChanged, announce
from witei_app.models import Conversation, Delivery, DeliveryState, Message
from witei_app.outbox.failures import mark_failed
from witei_app.planner import literally

WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
# A relay may take 10 minutes to answer the end of DATA (RFC 5321 4.5.3.2.6), so whoever waits for it renews the claim
# from time to time: one that is so old is a dead worker's.
CLAIM_LIFE = timedelta(minutes=1)
RENEW_SECONDS = 15
WORKER = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
LOST = "The connection was lost while it was being handed over. It may have arrived."


async def claim_next(db: Session) -> int | None:
    """Take the oldest delivery that is due. Returns its id, or None when nothing is."""
    return next(iter(await claim_due(db, 1)), None)


async def claim_due(db: Session, quantity: int) -> list[int]:
    """The same for several at once. What follows another message of its conversation waits until that one is away."""
    values = {"moment": now(), "quantity": quantity, "worker": WORKER}
    return sorted((await db.exec(_CLAIM, params=values)).scalars())


def _is_overtaking() -> ColumnElement[bool]:
    """Whether an earlier message of the conversation is on its way, or could be; one that is put off holds up none."""
    this, earlier, other = aliased(Message), aliased(Message), aliased(Delivery)
    is_first = or_(
        col(other.state) == DeliveryState.SENDING,
        (col(other.state) == DeliveryState.QUEUED) & (col(other.due_at) <= bindparam("moment")),
    )
    return (
        select(other.id)
        .join(earlier, col(earlier.id) == col(other.message_id))
        .join(this, col(this.conversation_id) == col(earlier.conversation_id))
        .where(this.id == Delivery.message_id, earlier.number < this.number, is_first)
        .correlate(Delivery)
        .exists()
    )


def _claim() -> Any:
    due = (
        select(Delivery.id)
        .where(
            col(Delivery.state).in_(literally(WAITING)), col(Delivery.due_at) <= bindparam("moment"), ~_is_overtaking()
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(bindparam("quantity", type_=Integer))
        .with_for_update(skip_locked=True, of=Delivery)
        .cte("due")  # by itself, so that PostgreSQL chooses once and locks no more than these
    )
    return (
        update(Delivery)
        .where(col(Delivery.id).in_(select(due.c.id)), col(Delivery.state).in_(WAITING))
        .values(
            state=DeliveryState.SENDING,
            claimed_by=bindparam("worker"),
            claimed_at=bindparam("moment"),
            handed_at=None,
            attempts=Delivery.attempts + 1,
        )
        .returning(col(Delivery.id))
        .execution_options(synchronize_session=False)
    )


_CLAIM = _claim()  # put together once: it takes milliseconds


async def note_handover(db: Session, delivery_id: int) -> bool:
    """Write down that its text goes over the wire now. False when the claim is not ours any more: then do not send."""
    return delivery_id in await note_handovers(db, [delivery_id])


async def note_handovers(db: Session, delivery_ids: Collection[int]) -> set[int]:
    """The same for several: those that are still ours."""
    values = {"ids": list(delivery_ids), "worker": WORKER, "moment": now()}
    return set((await db.exec(_NOTE, params=values)).scalars())


_NOTE = (
    update(Delivery)
    .where(
        col(Delivery.id).in_(bindparam("ids", expanding=True)),
        col(Delivery.state) == DeliveryState.SENDING,
        col(Delivery.claimed_by) == bindparam("worker"),
    )
    .values(handed_at=bindparam("moment"))
    .returning(col(Delivery.id))
    .execution_options(synchronize_session=False)
)


async def renew_claims(db: Session, delivery_ids: Collection[int]) -> None:
    """Say that these are still on their way: their claims begin anew."""
    await db.exec(
        update(Delivery)
        .where(
            col(Delivery.id).in_(delivery_ids),
            col(Delivery.state) == DeliveryState.SENDING,
            col(Delivery.claimed_by) == WORKER,
        )
        .values(claimed_at=now())
    )


async def recover_claims(db: Session, *, alone: bool) -> None:
    """Settle what dead workers left: not handed over is queued again, handed over is unknown and a person's to decide.

    `alone` is true when no other worker can exist (SQLite, at the start): then every claim is a dead one's.
    """
    if alone:
        await _settle(db, or_(col(Delivery.claimed_by) != WORKER, col(Delivery.claimed_by).is_(None)))
    else:
        await _settle(db, col(Delivery.claimed_at) < now() - CLAIM_LIFE)


async def give_up_claims(db: Session) -> None:
    """The same for our own, when this worker stops: the next one need not wait until they are old."""
    await _settle(db, col(Delivery.claimed_by) == WORKER)


async def _settle(db: Session, is_dead: ColumnElement[bool]) -> None:
    stale = (col(Delivery.state) == literally(DeliveryState.SENDING)) & is_dead
    unsent = update(Delivery).where(stale, col(Delivery.handed_at).is_(None))
    await db.exec(unsent.values(state=DeliveryState.QUEUED, due_at=now()))
    lost = await db.exec(
        update(Delivery)
        .where(stale, col(Delivery.handed_at).is_not(None))
        .values(state=DeliveryState.UNKNOWN, reason=LOST)
        .returning(col(Delivery.message_id))
    )
    message_ids = list(lost.scalars().all())
    query = (
        select(Conversation, Message)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(col(Message.id).in_(message_ids))
    )
    query = query.order_by(col(Conversation.id)).with_for_update(of=Conversation)
    for conversation, message in (await db.exec(query)).all():
        await mark_failed(db, conversation, message, DeliveryState.UNKNOWN)
        announce(db, DeliveryChanged(conversation.workspace_id, conversation.id, message.id))
