"""Claim, post, record: webhooks are told outside any transaction, again with growing pauses for a day."""

from datetime import timedelta

import structlog
from sqlalchemy import delete
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.live.events import WebhookAnswered, announce
from witei_app.models import (
    AuditAction,
    AuditEntry,
    AuditTopic,
    HookState,
    Role,
    User,
    Webhook,
    WebhookDelivery,
    Workspace,
)
from witei_app.outbox.claim import WORKER
from witei_app.outbox.pauses import WEBHOOK_PAUSES, pause_after
from witei_app.outbox.system_mail import queue_system_mail
from witei_app.outbox.webhooks.wire import Answer, post
from witei_app.secrets import Unsealable, unseal
from witei_app.settings import settings
from witei_app.texts import later, translate

log = structlog.get_logger()
SEALED_AS = "webhook"
GIVE_UP_AFTER = timedelta(hours=24)
KEPT = timedelta(days=30)
_MANY = 10
_GONE = later("It answered that it is gone (410).")
_FAILED = later("It failed for a whole day, again and again.")


async def tell(webhook: Webhook, delivery: WebhookDelivery) -> None:
    """Post a delivery that was claimed, and write down what came back."""
    answer = await _post(webhook, delivery)  # outside any transaction: it may take ten seconds
    async with transaction() as db:
        await record_answer(db, delivery.id, answer)


async def _post(webhook: Webhook, delivery: WebhookDelivery) -> Answer:
    try:
        secrets = secrets_of(webhook)
    except Unsealable:
        log.error("webhook.unsealable", webhook=webhook.id)
        return Answer(0, later("Its secret cannot be read: the secret key of this installation is another one."))
    return await post(webhook.url, delivery.body, delivery.event_id, secrets, int(now().timestamp()))


def secrets_of(webhook: Webhook) -> list[str]:
    """Those that sign now: the newest first, and the one before it while it still counts."""
    found = [unseal(webhook.secret, SEALED_AS)]
    if webhook.previous_secret and webhook.previous_until is not None and webhook.previous_until > now():
        found.append(unseal(webhook.previous_secret, SEALED_AS))
    return found


async def record_answer(db: Session, delivery_id: int, answer: Answer) -> None:
    """Write down what came back, and when it is tried again. Not when another worker has taken it over."""
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()
    delivery = (await db.exec(query)).one_or_none()
    if delivery is None or delivery.claimed_by != WORKER or delivery.state != HookState.SENDING:
        return
    webhook = await db.get_one(Webhook, delivery.webhook_id, with_for_update=True)
    delivery.response, delivery.reason = answer.status, answer.reason[:255]
    announce(db, WebhookAnswered(webhook.workspace_id))
    log.info("webhook.answer", delivery=delivery.id, status=answer.status, attempts=delivery.attempts)
    if answer.is_success:
        delivery.state, delivery.ended_at = HookState.DELIVERED, now()
        webhook.failures, webhook.failing_since = 0, None
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now()
    _put_off(delivery)
    if answer.is_gone:
        delivery.reason = _GONE
        await _switch_off(db, webhook, delivery, _GONE)
    elif webhook.failures >= _MANY and now() - webhook.failing_since >= GIVE_UP_AFTER:
        await _switch_off(db, webhook, delivery, _FAILED)


def _put_off(delivery: WebhookDelivery) -> None:
    pause = pause_after(delivery.attempts, WEBHOOK_PAUSES)
    if now() + pause - delivery.asked_at > GIVE_UP_AFTER:
        delivery.state, delivery.ended_at = HookState.FAILED, now()
    else:
        delivery.state, delivery.due_at = HookState.WAITING, now() + pause


async def _switch_off(db: Session, webhook: Webhook, delivery: WebhookDelivery, why: str) -> None:
    """It is not tried any more until somebody has looked at it; the administrators are written to.

    What it refused last has ended. What waits behind that goes on once it is switched on again.
    """
    webhook.is_on, webhook.fault = False, why
    delivery.state, delivery.ended_at = HookState.FAILED, now()
    db.add(_noted(webhook))
    log.warning("webhook.switched_off", webhook=webhook.id, workspace=webhook.workspace_id)
    workspace = await db.get_one(Workspace, webhook.workspace_id)
    query = select(User).where(User.workspace_id == workspace.id, User.role == Role.ADMIN, col(User.is_active))
    for user in (await db.exec(query)).all():
        language = user.language or workspace.language
        said = {"address": webhook.url}
        subject = translate("A webhook was switched off", language)
        words = [
            translate("{address} is no longer told what happens here.", language, **said),
            translate("Look at what it answered, switch it on again, and send what it missed once more:", language),
        ]
        await queue_system_mail(db, user, subject, words, f"{settings().public_url}/settings/webhooks")


def _noted(webhook: Webhook) -> AuditEntry:
    return AuditEntry(
        workspace_id=webhook.workspace_id,
        user_id=None,  # the program did it
        user_name="",
        address="",
        topic=AuditTopic.SETTINGS,
        action=AuditAction.WEBHOOK_CHANGED,
        about=webhook.url[:320],
        changes={"is_on": [True, False]},
    )


async def drop_old_hook_deliveries() -> int:
    """Forget what is a month old. Gives how many."""
    async with transaction() as db:
        old = select(WebhookDelivery.id).where(col(WebhookDelivery.created_at) < now() - KEPT).limit(500)
        ids = (await db.exec(old)).all()
        await db.exec(delete(WebhookDelivery).where(col(WebhookDelivery.id).in_(ids)))
    return len(ids)
