"""Whose turn it is when many are to be told: who is slow or away keeps nobody waiting."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.cast import Cast, all_of, open_conversation
from tests.webhooks.conftest import Receiver, as_admin, hook, tell_next_webhook
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.models import Webhook, WebhookDelivery
from witei_app.outbox.webhooks import turns as limits
from witei_app.outbox.webhooks.claim import claim_next
from witei_app.outbox.webhooks.turns import Turns

pytestmark = pytest.mark.usefixtures("inside")
AWAY = "http://127.0.0.1:1/"


@pytest.fixture
async def turns() -> AsyncIterator[Turns]:
    """A worker's, ended as it ends."""
    found = Turns()
    yield found
    await found.end()


@pytest.fixture
async def sleeper() -> AsyncIterator[Receiver]:
    """One that answers late, and not within this test."""
    found = Receiver(answer="slow")
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


async def fail(*webhook_ids: int) -> None:
    """They have been away for a while."""
    async with transaction() as db:
        for webhook_id in webhook_ids:
            webhook = await db.get_one(Webhook, webhook_id)
            webhook.failures, webhook.failing_since = 1, now()


async def begin_all(turns: Turns) -> int:
    """Until nothing is due. Gives how many began."""
    began = 0
    while await turns.begin_next():
        began += 1
    return began


async def test_what_piled_up_for_those_that_fail_goes_after_those_that_answer(cast: Cast, receiver: Receiver) -> None:
    away = [(await hook(as_admin(cast.ana), AWAY, "message.received"))[0] for _ in range(3)]
    await fail(*away)
    await open_conversation(cast.marco, "One", "Two")
    await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco, "Three")
    assert await tell_next_webhook()
    assert len(receiver.got) == 1


async def test_however_many_are_slow_one_that_answers_is_told_at_once(
    cast: Cast, turns: Turns, receiver: Receiver, sleeper: Receiver
) -> None:
    for _ in range(8):
        await hook(as_admin(cast.ana), sleeper.url, "message.received")
    await open_conversation(cast.marco, "One", "Two", "Three")
    quick, _ = await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco, "Four", "Five")
    assert await begin_all(turns) == 9, "each is told one thing at a time"
    of_quick = WebhookDelivery.webhook_id == quick
    for quantity in (1, 2):
        async with asyncio.timeout(20):
            while len(await all_of(WebhookDelivery, of_quick, WebhookDelivery.state == "delivered")) < quantity:
                await asyncio.sleep(0.02)
        assert await begin_all(turns) == 2 - quantity
    assert len(receiver.got) == 2


async def test_those_that_fail_leave_places_to_those_that_answer(
    cast: Cast, turns: Turns, receiver: Receiver, sleeper: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FAILING_AT_ONCE", 2)
    away = [(await hook(as_admin(cast.ana), sleeper.url, "message.received"))[0] for _ in range(4)]
    await fail(*away)
    await open_conversation(cast.marco, "One")
    assert await begin_all(turns) == 2
    await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco, "Two")
    assert await begin_all(turns) == 1


async def test_none_that_fails_is_taken_when_those_that_answer_alone_are_asked_for(cast: Cast) -> None:
    away, _ = await hook(as_admin(cast.ana), AWAY, "message.received")
    await fail(away)
    await open_conversation(cast.marco)
    async with transaction() as db:
        assert await claim_next(db, of_failing=False) is None
        assert await claim_next(db) is not None
