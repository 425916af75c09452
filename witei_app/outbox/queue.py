"""Queueing: a delivery commits together with the message that it carries."""

from witei_app.db import Session
from witei_app.live.events import DeliveryQueued, announce
from witei_app.models import Delivery, Message


def queue_delivery(db: Session, message: Message) -> Delivery:
    """Send this message to its address as soon as a worker is free. The worker is told after the commit."""
    delivery = Delivery(workspace_id=message.workspace_id, message_id=message.id, recipient=message.address)
    db.add(delivery)
    announce(db, DeliveryQueued(message.workspace_id))
    return delivery
