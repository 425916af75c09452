"""A clock that ran ahead is set right: what waited goes on, what is put off for good reason waits."""

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import Cast, Configure, act, all_of, open_conversation
from tests.webhooks.conftest import as_admin, hook
from witei_app.clock import now
from witei_app.conversations.reply import send_reply
from witei_app.counters import counters
from witei_app.db import transaction
from witei_app.models import Delivery, DeliveryState, Job, JobState, WebhookDelivery
from witei_app.outbox.pauses import MAIL_PAUSES, WEBHOOK_PAUSES
from witei_app.outbox.set_back import bring_near


async def put_off(row: Delivery | WebhookDelivery | Job, state: str, attempts: int, later: timedelta) -> None:
    async with transaction() as db:
        found: Any = await db.get_one(type(row), row.id)
        found.state, found.attempts, found.due_at = state, attempts, now() + later


async def is_due(row: Delivery | WebhookDelivery | Job) -> bool:
    async with transaction() as db:
        await bring_near(db)
    async with transaction() as db:
        found: Any = await db.get_one(type(row), row.id)
        return bool(found.due_at <= now())


async def test_a_mail_that_waits_for_a_wrong_hour_is_due(cast: Cast) -> None:
    conversation = await open_conversation(cast.marco, "Hola")
    await act(cast.ana, conversation, send_reply, "<p>Hola</p>")
    [mail] = await all_of(Delivery)
    await put_off(mail, DeliveryState.QUEUED, 0, timedelta(minutes=10))
    assert not await is_due(mail)
    await put_off(mail, DeliveryState.QUEUED, 0, timedelta(hours=1))
    assert await is_due(mail)
    await put_off(mail, DeliveryState.DEFERRED, 7, max(MAIL_PAUSES))
    assert not await is_due(mail)
    await put_off(mail, DeliveryState.DEFERRED, 7, timedelta(days=1))
    assert await is_due(mail)


@pytest.mark.usefixtures("configure")
async def test_what_webhooks_are_told_and_long_work_too(cast: Cast) -> None:
    admin = as_admin(cast.ana)
    await hook(admin, "http://127.0.0.1:1/", "message.received")
    await open_conversation(cast.marco, "Hola")
    [told] = await all_of(WebhookDelivery)
    await put_off(told, "waiting", 8, max(WEBHOOK_PAUSES))
    assert not await is_due(told)
    await put_off(told, "waiting", 0, timedelta(hours=1))
    assert await is_due(told)
    async with transaction() as db:
        job = Job(workspace_id=admin.workspace_id, user_id=admin.user_id or 0, kind="export")
        db.add(job)
    await put_off(job, JobState.RUNNING, 1, timedelta(minutes=1))
    assert not await is_due(job)
    await put_off(job, JobState.RUNNING, 1, timedelta(hours=1))
    assert await is_due(job)


async def test_limits_begin_anew_when_the_clock_was_set_back(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure()
    store, today = counters(), time.time()
    monkeypatch.setattr(time, "time", lambda: today + 86_400)
    assert [await store.incr("here", 60), await store.incr("here", 60)] == [1, 2]
    monkeypatch.setattr(time, "time", lambda: today)
    assert await store.incr("here", 60) == 1
