"""Adding a webhook, changing it, a new secret, taking it away; and what it was told, once more."""

import base64
import os
from collections.abc import Collection, Sequence
from datetime import timedelta

import httpx
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import differences, note
from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import WebhookQueued, announce
from witei_app.mail.hosts import addresses_of, is_local
from witei_app.models import AuditAction, HookState, Webhook, WebhookDelivery
from witei_app.outbox.webhooks.deliver import SEALED_AS
from witei_app.outbox.webhooks.tell import TEST, Happening, delivery_of
from witei_app.outbox.webhooks.wire import SECRET_PREFIX, threads
from witei_app.secrets import seal
from witei_app.settings import settings

MOST_WEBHOOKS = 20
LONGEST_URL = 1000
# Receivers have a day to learn the new secret; until then both sign.
BOTH_SIGN = timedelta(hours=24)
PAGE = 30
_PORTS = {None, *range(1, 65_536)}  # None is the scheme's own


async def list_webhooks(db: Session, actor: Actor) -> Sequence[Webhook]:
    """All of the workspace, in the order in which they were added."""
    actor.must_administer()
    query = select(Webhook).where(Webhook.workspace_id == actor.workspace_id).order_by(col(Webhook.id))
    return (await db.exec(query)).all()


async def find_webhook(db: Session, actor: Actor, webhook_id: int) -> Webhook:
    """One of the workspace, locked, or NotFound."""
    actor.must_administer()
    query = select(Webhook).where(Webhook.id == webhook_id, Webhook.workspace_id == actor.workspace_id)
    webhook = (await db.exec(query.with_for_update())).one_or_none()
    if webhook is None:
        raise NotFound("This webhook is not here any more.")
    return webhook


async def check_address(actor: Actor, url: str) -> str:
    """The address in one form. Refuses one that cannot be told; to be called outside a transaction, it asks the DNS."""
    actor.must_administer()
    url = url.strip()
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        target = httpx.URL()
    is_whole = target.scheme in {"https", "http"} and bool(target.host) and target.port in _PORTS
    if not is_whole or len(url) > LONGEST_URL or not url.isprintable():
        raise Refused("Enter a whole address, such as https://example.com/webhook.")
    if target.userinfo:
        raise Refused("Leave name and password out of the address: everybody who sees it would see them.")
    allowed = settings().webhook_networks
    found = await addresses_of(target.host, target.port or 443, threads, allowed)
    if target.scheme != "https" and not all(is_local(address, allowed) for address in found):
        raise Refused("The address must begin with https://.")
    return str(target.copy_with(fragment=None))


async def add_webhook(db: Session, actor: Actor, url: str, events: Collection[str]) -> tuple[Webhook, str]:
    """A webhook at a checked address, and the secret that it checks our signatures with: the only time it is told."""
    actor.must_administer()
    query = select(func.count()).select_from(Webhook).where(col(Webhook.workspace_id) == actor.workspace_id)
    if (await db.exec(query)).one() >= MOST_WEBHOOKS:
        raise Refused("A workspace has at most {most} webhooks.", most=MOST_WEBHOOKS)
    secret = _new_secret()
    webhook = Webhook(workspace_id=actor.workspace_id, url=url, events=_chosen(events), secret=seal(secret, SEALED_AS))
    db.add(webhook)
    await db.flush()
    note(db, actor, AuditAction.WEBHOOK_ADDED, url, {"events": (None, ", ".join(webhook.events))})
    return webhook, secret


async def change_webhook(db: Session, actor: Actor, webhook_id: int, url: str, events: Collection[str]) -> Webhook:
    """Another (checked) address, other events."""
    webhook = await find_webhook(db, actor, webhook_id)
    before = _said(webhook)
    webhook.url, webhook.events = url, _chosen(events)
    note(db, actor, AuditAction.WEBHOOK_CHANGED, url, differences(before, _said(webhook)))
    return webhook


async def switch_webhook(db: Session, actor: Actor, webhook_id: int, is_on: bool) -> None:
    """Tell it, or leave it alone. What happens meanwhile it is not told."""
    webhook = await find_webhook(db, actor, webhook_id)
    if webhook.is_on == is_on:
        return
    webhook.is_on, webhook.fault, webhook.failures, webhook.failing_since = is_on, "", 0, None
    note(db, actor, AuditAction.WEBHOOK_CHANGED, webhook.url, {"is_on": (not is_on, is_on)})
    announce(db, WebhookQueued(actor.workspace_id))


async def renew_secret(db: Session, actor: Actor, webhook_id: int) -> str:
    """A new secret, told this once. The old one signs too for a day."""
    webhook, secret = await find_webhook(db, actor, webhook_id), _new_secret()
    webhook.previous_secret, webhook.previous_until = webhook.secret, now() + BOTH_SIGN
    webhook.secret = seal(secret, SEALED_AS)
    note(db, actor, AuditAction.WEBHOOK_SECRET_RENEWED, webhook.url)
    return secret


async def remove_webhook(db: Session, actor: Actor, webhook_id: int) -> None:
    """Forget it, with what it was told."""
    webhook = await find_webhook(db, actor, webhook_id)
    note(db, actor, AuditAction.WEBHOOK_REMOVED, webhook.url)
    await db.delete(webhook)


async def try_webhook(db: Session, actor: Actor, webhook_id: int) -> None:
    """Tell it something that did not happen, to see what it answers."""
    webhook = await find_webhook(db, actor, webhook_id)
    if not webhook.is_on:
        raise Refused("Switch it on first.")
    db.add(delivery_of(webhook, TEST, {"user_id": actor.user_id}))
    announce(db, WebhookQueued(actor.workspace_id))


async def deliveries_of(
    db: Session, actor: Actor, webhook_id: int, before: int = 0
) -> tuple[Sequence[WebhookDelivery], int]:
    """What it was told, newest first, and the id to go on from (0: that was all)."""
    actor.must_administer()
    query = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.workspace_id == actor.workspace_id
    )
    if before:
        query = query.where(col(WebhookDelivery.id) < before)
    found = (await db.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(PAGE + 1))).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0


async def send_again(db: Session, actor: Actor, delivery_id: int) -> None:
    """Tell it once more, the same, from the beginning."""
    actor.must_administer()
    query = select(WebhookDelivery).where(
        WebhookDelivery.id == delivery_id, WebhookDelivery.workspace_id == actor.workspace_id
    )
    delivery = (await db.exec(query.with_for_update())).one_or_none()
    if delivery is None:
        raise NotFound("This delivery is not here any more.")
    if delivery.state == HookState.SENDING:
        raise Refused("It is being sent at this moment.")
    if not (await db.get_one(Webhook, delivery.webhook_id)).is_on:
        raise Refused("Switch it on first.")
    delivery.state, delivery.attempts, delivery.ended_at = HookState.WAITING, 0, None
    delivery.due_at = delivery.asked_at = now()
    announce(db, WebhookQueued(actor.workspace_id))


def _said(webhook: Webhook) -> dict[str, str]:
    return {"url": webhook.url, "events": ", ".join(webhook.events)}


def _chosen(events: Collection[str]) -> list[str]:
    chosen = [event.value for event in Happening if event in events]
    if not chosen:
        raise Refused("Choose what it is told.")
    return chosen


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(os.urandom(32)).decode()
