"""Which worker tells which webhook: one conditional UPDATE decides. A webhook is told one thing at a time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import true, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import HookState, Webhook, WebhookDelivery
from witei_app.outbox.claim import WORKER
from witei_app.planner import literally

# Longer than any attempt can take: a claim that is so old is a dead worker's. To tell twice does no harm: receivers
# know the event by its id.
CLAIM_LIFE = timedelta(minutes=1)
_other = aliased(WebhookDelivery)


async def claim_next(db: Session, *, of_failing: bool = True) -> WebhookDelivery | None:
    """Take the oldest one that is due, of a webhook that is on and is not being told something; None for none.

    Those that fail come after all others.
    """
    moment = now()
    due = _next_due(moment, of_failing=of_failing)
    claimed = await db.exec(
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id).in_(select(due.c.id)), col(WebhookDelivery.state) == HookState.WAITING)
        .values(
            state=HookState.SENDING,
            claimed_by=WORKER,
            claimed_at=moment,
            attempts=WebhookDelivery.attempts + 1,
        )
        .returning(col(WebhookDelivery.id))
    )
    delivery_id = claimed.scalar_one_or_none()
    return await db.get_one(WebhookDelivery, delivery_id) if delivery_id else None


def _next_due(moment: datetime, *, of_failing: bool) -> Any:
    """Asked of each webhook: of what piled up for one that is away for hours, the oldest row alone is read."""
    does_fail = col(Webhook.failing_since).is_not(None)
    is_busy = select(_other.id).where(
        _other.webhook_id == Webhook.id,
        col(_other.state) == literally(HookState.SENDING),
        col(_other.claimed_at) > moment - CLAIM_LIFE,
    )
    oldest = (
        select(WebhookDelivery.id)
        .where(
            WebhookDelivery.webhook_id == Webhook.id,
            col(WebhookDelivery.state) == literally(HookState.WAITING),
            WebhookDelivery.due_at <= moment,
        )
        .order_by(col(WebhookDelivery.due_at), col(WebhookDelivery.id))
        .limit(1)
        .correlate(Webhook)
        .scalar_subquery()
    )
    return (
        select(oldest.label("id"))
        .select_from(Webhook)
        .where(
            col(Webhook.is_on),
            ~is_busy.correlate(Webhook).exists(),
            oldest.is_not(None),
            true() if of_failing else ~does_fail,
        )
        .order_by(does_fail, oldest)
        .limit(1)
        # What happens meanwhile for the webhook holds its row too, but only against its being removed.
        .with_for_update(skip_locked=True, of=Webhook, key_share=True)
        .cte("due")
    )


async def recover_hook_claims(db: Session, *, alone: bool) -> None:
    """What dead workers left waits again; `alone` when no other worker can exist."""
    dead = col(WebhookDelivery.claimed_at) < now() - CLAIM_LIFE
    if alone:
        dead = dead | (col(WebhookDelivery.claimed_by) != WORKER)
    left = update(WebhookDelivery).where(col(WebhookDelivery.state) == literally(HookState.SENDING), dead)
    await db.exec(left.values(state=HookState.WAITING, due_at=now()))
