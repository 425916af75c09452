"""What the page of webhooks shows, worded for one reader."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from witei_app.accounts.actor import Actor
from witei_app.models import HookState, Webhook, WebhookDelivery
from witei_app.texts import later, translate
from witei_app.texts.when import moment_label

_STATES = {
    HookState.WAITING: (later("waiting"), "wait"),
    HookState.SENDING: (later("on its way"), "wait"),
    HookState.DELIVERED: (later("delivered"), "good"),
    HookState.FAILED: (later("given up"), "bad"),
}


@dataclass(frozen=True)
class WebhookRow:
    """One webhook; its secrets are in no row. `problem` is empty while it answers."""

    id: int
    url: str
    host: str
    events: str
    event_names: list[str]
    is_on: bool
    state: str
    tone: str
    problem: str


@dataclass(frozen=True)
class HookDeliveryRow:
    """One thing that it was told, or is to be told."""

    id: int
    event: str
    when: str
    state: str
    tone: str
    answer: str
    attempts: int
    next_try: str
    can_resend: bool


def webhook_row(webhook: Webhook, actor: Actor) -> WebhookRow:
    """A webhook for the reader."""
    language = actor.language
    state, tone = (later("Switched off"), "") if not webhook.is_on else (later("Switched on"), "good")
    problem = translate(webhook.fault, language) if webhook.fault else ""
    if webhook.is_on and webhook.failing_since is not None:
        state, tone = later("Failing"), "bad"
        since = moment_label(webhook.failing_since, actor.time_zone, language)
        problem = translate("It has failed since {time}; it is tried again.", language, time=since)
    return WebhookRow(
        id=webhook.id,
        url=webhook.url,
        host=urlsplit(webhook.url).netloc,
        events=", ".join(webhook.events),
        event_names=list(webhook.events),
        is_on=webhook.is_on,
        state=translate(state, language),
        tone=tone,
        problem=problem,
    )


def delivery_row(delivery: WebhookDelivery, actor: Actor, webhook: WebhookRow) -> HookDeliveryRow:
    """A delivery to this webhook for the reader."""
    language = actor.language
    state, tone = _STATES[HookState(delivery.state)]
    is_waiting = delivery.state == HookState.WAITING
    if is_waiting and not webhook.is_on:
        state, tone = later("waits until it is switched on"), ""
    reason = translate(delivery.reason, language, host=webhook.host) if delivery.reason else ""
    is_put_off = is_waiting and webhook.is_on and delivery.attempts > 0
    due = moment_label(delivery.due_at, actor.time_zone, language)
    return HookDeliveryRow(
        id=delivery.id,
        event=delivery.event,
        when=moment_label(delivery.created_at, actor.time_zone, language),
        state=translate(state, language),
        tone=tone,
        answer=f"{delivery.response} {reason}".strip() if delivery.response else reason,
        attempts=delivery.attempts,
        next_try=translate("Next try: {time}.", language, time=due) if is_put_off else "",
        can_resend=delivery.state != HookState.SENDING and (delivery.attempts > 0),
    )
