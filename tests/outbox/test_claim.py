"""One delivery, one worker; and what becomes of a worker's deliveries when it dies."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from tests.cast import Cast, act, all_of, get, queued
from tests.plans import asked, plan_of
from witei_app.clock import now
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.reply import send_reply
from witei_app.conversations.vouch import check_next_mail
from witei_app.db import transaction
from witei_app.live.events import DeliveryChanged, Event
from witei_app.models import Conversation, Delivery, DeliveryState
from witei_app.outbox import claim
from witei_app.outbox.claim import CLAIM_LIFE, LOST, claim_due, claim_next, note_handover, recover_claims, renew_claims
from witei_app.outbox.webhooks.claim import claim_next as claim_hook
from witei_app.outbox.webhooks.claim import recover_hook_claims


async def take() -> int | None:
    async with transaction() as db:
        return await claim_next(db)


async def take_all() -> list[int]:
    found = []
    while (delivery_id := await take()) is not None:
        found.append(delivery_id)
    return found


async def hand_over(delivery_id: int) -> bool:
    async with transaction() as db:
        return await note_handover(db, delivery_id)


async def recover(*, alone: bool) -> None:
    async with transaction() as db:
        await recover_claims(db, alone=alone)


async def test_eight_workers_at_once_take_each_delivery_once(cast: Cast) -> None:
    waiting = [(await queued(cast)).id for _ in range(10)]
    taken = Counter(
        delivery_id for found in await asyncio.gather(*(take_all() for _ in range(8))) for delivery_id in found
    )
    assert len(taken) == len(waiting)
    assert set(taken.values()) == {1}


async def test_the_oldest_that_is_due_goes_first(cast: Cast) -> None:
    for _ in range(3):
        await queued(cast)
    first, second, third = await all_of(Delivery)
    async with transaction() as db:
        (await db.get_one(Delivery, first.id)).due_at = now() + timedelta(minutes=1)
        (await db.get_one(Delivery, third.id)).due_at = now() - timedelta(minutes=1)
    assert await take_all() == [third.id, second.id]


async def test_several_are_taken_at_once_and_no_more_than_asked_for(cast: Cast) -> None:
    waiting = [(await queued(cast)).id for _ in range(5)]
    async with transaction() as db:
        taken = await claim_due(db, 3)
    assert (len(taken), len(await take_all())) == (3, len(waiting) - 3)


async def test_an_answer_waits_for_the_one_before_it_but_not_for_one_that_was_put_off(cast: Cast) -> None:
    message = await queued(cast)
    second = await act(cast.ana, message.conversation_id, send_reply, "And again")
    first, later = await all_of(Delivery)
    assert (later.message_id, await take_all()) == (second.id, [first.id])
    async with transaction() as db:
        put_off = await db.get_one(Delivery, first.id)
        put_off.state, put_off.due_at = DeliveryState.DEFERRED, now() + timedelta(minutes=5)
    assert await take_all() == [later.id]


async def test_who_waits_for_a_slow_server_keeps_the_claim(cast: Cast) -> None:
    await queued(cast)
    taken = await take() or 0
    async with transaction() as db:
        (await db.get_one(Delivery, taken)).claimed_at = now() - CLAIM_LIFE - timedelta(minutes=1)
    async with transaction() as db:
        await renew_claims(db, [taken])
    await recover(alone=False)
    assert (await get(Delivery, taken)).state == DeliveryState.SENDING


async def test_a_claim_says_who_when_and_which_try(cast: Cast) -> None:
    await queued(cast)
    delivery = await get(Delivery, await take() or 0)
    assert (delivery.state, delivery.claimed_by, delivery.attempts) == (DeliveryState.SENDING, claim.WORKER, 1)
    assert delivery.handed_at is None


async def test_a_dead_workers_delivery_is_queued_again_unless_it_was_handed_over(
    cast: Cast, announced: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [await queued(cast), await queued(cast)]
    untouched, handed = await take_all()
    await hand_over(handed)
    monkeypatch.setattr(claim, "WORKER", "the next one")
    announced.clear()
    await recover(alone=True)
    assert (await get(Delivery, untouched)).state == DeliveryState.QUEUED
    lost = await get(Delivery, handed)
    assert (lost.state, lost.reason) == (DeliveryState.UNKNOWN, LOST)
    opened = messages[1].conversation_id
    assert (await get(Conversation, opened)).has_failed
    assert announced == [DeliveryChanged(cast.sol, opened, messages[1].id)]


async def test_a_living_workers_deliveries_are_left_alone(cast: Cast) -> None:
    await queued(cast)
    taken = await take()
    await recover(alone=True)
    await recover(alone=False)
    assert (await get(Delivery, taken or 0)).state == DeliveryState.SENDING


async def test_beside_other_workers_only_an_old_claim_is_a_dead_ones(cast: Cast) -> None:
    await queued(cast)
    taken = await take() or 0
    async with transaction() as db:
        (await db.get_one(Delivery, taken)).claimed_at = now() - CLAIM_LIFE - timedelta(minutes=1)
    await recover(alone=False)
    assert (await get(Delivery, taken)).state == DeliveryState.QUEUED


async def test_who_lost_the_claim_does_not_send(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await queued(cast)
    taken = await take() or 0
    monkeypatch.setattr(claim, "WORKER", "another one")
    assert not await hand_over(taken)
    assert (await get(Delivery, taken)).handed_at is None


async def test_whoever_looks_for_work_reads_no_more_than_there_is(lite_cast: Cast) -> None:
    with asked() as queries:
        assert await take() is None
        await recover(alone=False)
        async with transaction() as db:
            await claim_hook(db)
            await recover_hook_claims(db, alone=False)
        await read_waiting_mail()
        await check_next_mail()
    plans = "\n".join([await plan_of(*query) for query in queries])
    tables = "delivery_due", "delivery_claimed", "webhook_delivery_next", "webhook_delivery_claimed"
    for index in (*tables, "inbound_mail_waiting", "inbound_mail_unvouched", "inbound_mail_unchecked"):
        assert f"INDEX ix_{index}" in plans, plans
