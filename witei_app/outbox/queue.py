"""Queueing: a delivery commits together with the message that it carries, and can be called back for some seconds."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import DeliveryQueued, announce
from witei_app.models import Delivery, DeliveryState, Message, Workspace
from witei_app.settings import settings


async def queue_delivery(db: Session, message: Message, *recipients: str) -> None:
    """Send this message to its address, or to each of several, once it can no longer be called back.
    Each has a delivery of its own: one that fails holds up no other."""
    seconds = 0 if message.is_automatic else await undo_seconds(db, message.workspace_id)
    due_at = now() + timedelta(seconds=seconds)
    for recipient in recipients or (message.address,):
        db.add(Delivery(workspace_id=message.workspace_id, message_id=message.id, recipient=recipient, due_at=due_at))
    announce(db, DeliveryQueued(message.workspace_id, seconds))


async def undo_seconds(db: Session, workspace_id: int) -> int:
    """How long an answer waits before it leaves: as the workspace says, else the installation (WITEI_UNDO_SECONDS)."""
    workspace = await db.get_one(Workspace, workspace_id)  # the session has it at hand, as a rule
    return settings().undo_seconds if workspace.undo_seconds is None else workspace.undo_seconds


async def call_back(db: Session, message: Message) -> None:
    """Take the message's deliveries out of the queue. Refused when a worker has one of them, or had."""
    await db.exec(
        delete(Delivery).where(
            col(Delivery.message_id) == message.id,
            col(Delivery.state) == DeliveryState.QUEUED,
            col(Delivery.attempts) == 0,
        )
    )
    on_its_way = select(Delivery.id).where(Delivery.message_id == message.id)
    if (await db.exec(on_its_way)).first() is not None:
        raise Refused("It is too late: the message is on its way.")
