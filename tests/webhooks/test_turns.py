"""Whose turn it is when many are to be told: who is away keeps nobody waiting."""

import pytest

from tests.cast import Cast, open_conversation
from tests.webhooks.conftest import Receiver, as_admin, hook
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.models import Webhook
from witei_app.outbox.webhooks.claim import claim_next
from witei_app.outbox.webhooks.deliver import tell_next_that_answers, tell_next_webhook

pytestmark = pytest.mark.usefixtures("inside")
AWAY = "http://127.0.0.1:1/"


async def fail(*webhook_ids: int) -> None:
    """They have been away for a while."""
    async with transaction() as db:
        for webhook_id in webhook_ids:
            webhook = await db.get_one(Webhook, webhook_id)
            webhook.failures, webhook.failing_since = 1, now()


async def test_what_piled_up_for_those_that_fail_goes_after_those_that_answer(cast: Cast, receiver: Receiver) -> None:
    away = [(await hook(as_admin(cast.ana), AWAY, "message.received"))[0] for _ in range(3)]
    await fail(*away)
    await open_conversation(cast.marco, "One", "Two")
    await hook(as_admin(cast.ana), receiver.url, "message.received")
    await open_conversation(cast.marco, "Three")
    assert await tell_next_webhook()
    assert len(receiver.got) == 1


async def test_while_all_others_wait_for_one_that_fails_somebody_tells_those_that_answer(
    cast: Cast, receiver: Receiver
) -> None:
    away, _ = await hook(as_admin(cast.ana), AWAY, "message.received")
    await hook(as_admin(cast.ana), receiver.url, "message.received")
    await fail(away)
    await open_conversation(cast.marco, "One", "Two")
    assert [await tell_next_that_answers() for _ in range(3)] == [True, True, False]
    assert len(receiver.got) == 2
    async with transaction() as db:
        left = await claim_next(db)
    assert left is not None
    assert left.webhook_id == away
