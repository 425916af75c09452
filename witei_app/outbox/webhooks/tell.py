"""An event for webhooks: it is written in the transaction in which it happens, so that neither is there alone."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, before_commit
from witei_app.live.events import WebhookQueued, announce
from witei_app.models import Delivery, DeliveryState, Message, Webhook, WebhookDelivery


class Happening(StrEnum):
    """What webhooks can be told."""

    CONVERSATION_CREATED = "conversation.created"
    CONVERSATION_ASSIGNED = "conversation.assigned"
    CONVERSATION_ARCHIVED = "conversation.archived"
    CONVERSATION_REOPENED = "conversation.reopened"
    CONVERSATION_DELETED = "conversation.deleted"
    CONVERSATION_RESTORED = "conversation.restored"
    CONVERSATION_RATED = "conversation.rated"
    MESSAGE_RECEIVED = "message.received"
    MESSAGE_SENT = "message.sent"
    MESSAGE_FAILED = "message.failed"
    NOTE_CREATED = "note.created"
    CONTACT_CREATED = "contact.created"
    CONTACT_CHANGED = "contact.changed"
    TICKET_CREATED = "ticket.created"
    TICKET_CHANGED = "ticket.changed"
    QUOTE_SENT = "quote.sent"
    QUOTE_READ = "quote.read"
    QUOTE_ACCEPTED = "quote.accepted"
    QUOTE_DECLINED = "quote.declined"
    QUOTE_EXPIRED = "quote.expired"
    QUOTE_WITHDRAWN = "quote.withdrawn"


TEST = "webhook.test"  # what an administrator sends to try one


@dataclass(frozen=True)
class Told:
    """One happening, with the ids of what it is about."""

    workspace_id: int
    event: str
    data: tuple[tuple[str, Any], ...]


def tell(db: Session, workspace_id: int, event: Happening, **data: int | str | None) -> None:
    """Have the workspace's webhooks told, once this transaction commits. `data` holds ids and words, no contents:
    whoever is told looks the rest up by the API, with the permissions of a token.
    """
    told = Told(workspace_id, event, tuple(data.items()))
    waiting: dict[Told, None] = db.info.setdefault("told", {})
    waiting[told] = None  # the same twice in one transaction is told once
    before_commit(db, "webhooks", _settle)


_OUTCOMES = {
    DeliveryState.SENT: Happening.MESSAGE_SENT,
    DeliveryState.FAILED: Happening.MESSAGE_FAILED,
    DeliveryState.BOUNCED: Happening.MESSAGE_FAILED,
    DeliveryState.UNKNOWN: Happening.MESSAGE_FAILED,
}


def tell_of_delivery(db: Session, delivery: Delivery, message: Message) -> None:
    """A mail has left for one of its addresses, or never will; `state` says which."""
    happening = _OUTCOMES.get(DeliveryState(delivery.state))
    if happening is not None:
        tell(
            db,
            delivery.workspace_id,
            happening,
            conversation_id=message.conversation_id,
            message_id=message.id,
            delivery_id=delivery.id,
            state=str(delivery.state),
            user_id=message.user_id,
        )


def delivery_of(webhook: Webhook, event: str, data: dict[str, Any], event_id: str = "") -> WebhookDelivery:
    """What is posted to the webhook: one JSON object of a kind that programs can tell apart."""
    moment, event_id = now(), event_id or new_event_id()
    body = {
        "id": event_id,
        "type": event,
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "workspace_id": webhook.workspace_id,
        "data": data,
    }
    return WebhookDelivery(
        workspace_id=webhook.workspace_id,
        webhook_id=webhook.id,
        event=event,
        event_id=event_id,
        body=json.dumps(body, ensure_ascii=False),
        due_at=moment,
        asked_at=moment,
        created_at=moment,
    )


def new_event_id() -> str:
    """A name for a happening, by which a program that is told twice knows it."""
    return f"evt_{secrets.token_hex(12)}"


async def _settle(db: Session) -> None:
    """One query, whatever happened; most workspaces have no webhook."""
    waiting: Iterable[Told] = db.info.pop("told", {})
    workspaces = {told.workspace_id for told in waiting}
    query = (
        select(Webhook).where(col(Webhook.workspace_id).in_(workspaces), col(Webhook.is_on)).order_by(col(Webhook.id))
    )
    webhooks = (await db.exec(query.order_by(col(Webhook.id)))).all()
    for told in waiting:
        listening = [one for one in webhooks if one.workspace_id == told.workspace_id and told.event in one.events]
        event_id = new_event_id()
        db.add_all(delivery_of(one, told.event, dict(told.data), event_id) for one in listening)
        if listening:
            announce(db, WebhookQueued(told.workspace_id))
