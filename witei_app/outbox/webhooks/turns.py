"""Each webhook is told in a task of its own: who is slow or away keeps nobody waiting but itself."""

import asyncio

import structlog

from witei_app.db import transaction
from witei_app.models import Webhook, WebhookDelivery
from witei_app.outbox.webhooks.claim import claim_next
from witei_app.outbox.webhooks.deliver import tell
from witei_app.tasks import end

log = structlog.get_logger()
# A webhook is told one thing at a time, so this is how many may be slow at once. Each try of one that is away lasts ten
# seconds: those that fail leave some places to those that answer.
AT_ONCE = 32
FAILING_AT_ONCE = 24


class Turns:
    """Who is being told at this moment, by this process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin_next(self) -> bool:
        """Begin to tell the next one, as soon as there is a place. False when none is due.

        What waits for one that is being told is due once that has answered (`WebhookAnswered`).
        """
        if len(self._tasks) >= AT_ONCE:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        async with transaction() as db:
            delivery = await claim_next(db, of_failing=len(self._tasks) < FAILING_AT_ONCE)
            if delivery is None:
                return False
            webhook = await db.get_one(Webhook, delivery.webhook_id)
        task = asyncio.create_task(_tell(webhook, delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def end(self) -> None:
        """Wait for nobody's answer: what is under way is told once more by the next worker."""
        await end(self._tasks)


async def _tell(webhook: Webhook, delivery: WebhookDelivery) -> None:
    try:
        await tell(webhook, delivery)
    except Exception:  # the database is away; the claim grows old, and it is told once more
        log.exception("webhook.fault", delivery=delivery.id)
