"""Claim, send, record: each sender one delivery at a time, and all of them together what they write to the database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.live.events import ConversationChanged, DeliveryChanged, announce
from witei_app.models import Conversation, Delivery, DeliveryState, Message
from witei_app.outage import is_outage
from witei_app.outbox.breaker import HELD_BACK, is_too_much
from witei_app.outbox.claim import LOST, WORKER, claim_due, note_handovers, renew_claims
from witei_app.outbox.failures import mark_failed
from witei_app.outbox.letter import letter_of
from witei_app.outbox.pauses import MAIL_PAUSES, pause_after
from witei_app.outbox.transport import Outcome, Transport
from witei_app.outbox.webhooks.tell import tell_of_delivery
from witei_app.together import Together

log = structlog.get_logger()
GIVE_UP_AFTER = timedelta(hours=48)
AGAIN_SECONDS = 1.0
END_WITHIN = 5.0  # seconds; who stops us by force waits ten, most often
Result = TypeVar("Result")
_in_hand: set[int] = set()
_ending = asyncio.Event()


async def deliver_next(transport: Transport) -> bool:
    """Send the oldest waiting delivery. False means that nothing was waiting."""
    delivery_id = await _claim_together(None)
    if delivery_id is None:
        return False
    async with _in_our_hands(delivery_id) as is_ours:
        if is_ours:
            outcome = await _send(transport, delivery_id)  # outside any transaction: it may take minutes
            await _kept(partial(_record_together, (delivery_id, outcome)))
    return True


async def deliver_waiting(transport: Transport) -> None:
    """Send until nothing is waiting. What became of one delivery is written down as the next one is claimed."""
    delivery_id = await _claim_together(None)
    while delivery_id is not None:
        async with _in_our_hands(delivery_id) as is_ours:
            done = (delivery_id, await _send(transport, delivery_id)) if is_ours else None
            delivery_id = await _kept(partial(_go_on_together, done))


async def _kept(write_down: Callable[[], Awaitable[Result]]) -> Result:
    """What became of a letter nobody else knows: while the database is away, it waits here to be written down."""
    while True:
        try:
            return await write_down()
        except Exception as fault:
            if not is_outage(fault):
                raise
            await asyncio.sleep(AGAIN_SECONDS)


@asynccontextmanager
async def _in_our_hands(delivery_id: int) -> AsyncIterator[bool]:
    """False when it is there already: the process slept so long that the claim was settled as a dead worker's."""
    if delivery_id in _in_hand:
        yield False
        return
    _in_hand.add(delivery_id)
    try:
        yield True
    finally:
        _in_hand.discard(delivery_id)


def is_ending() -> bool:
    """Whether this process claims nothing more, because it is about to stop."""
    return _ending.is_set()


@asynccontextmanager
async def ending() -> AsyncIterator[None]:
    """Nothing more is claimed, and what goes over the wire has had some seconds to be answered when this begins.

    Cut off in the middle nobody could say whether it arrived, and a person would have to decide.
    """
    _ending.set()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(END_WITHIN):
                while _in_hand:  # noqa: ASYNC110 (an Event belongs to one loop; this is once, and short)
                    await asyncio.sleep(0.05)
        yield
    finally:
        _ending.clear()


async def renew() -> None:
    """Keep what this process is sending from looking like a dead worker's."""
    if _in_hand:
        async with transaction() as db:
            await renew_claims(db, _in_hand)


async def _claim(db: Session, senders: Sequence[None]) -> list[int | None]:
    claimed = [] if is_ending() else await claim_due(db, len(senders))
    return [*claimed, *[None] * (len(senders) - len(claimed))]


async def _note(db: Session, delivery_ids: Sequence[int]) -> list[bool]:
    ours = await note_handovers(db, delivery_ids)
    return [delivery_id in ours for delivery_id in delivery_ids]


async def _record(db: Session, outcomes: Sequence[tuple[int, Outcome]]) -> list[None]:
    by_id = dict(outcomes)
    for delivery_id in sorted(by_id):  # in one order, so that no two workers wait for each other
        await record_outcome(db, delivery_id, by_id[delivery_id])
    return [None] * len(outcomes)


async def _go_on(db: Session, done: Sequence[tuple[int, Outcome] | None]) -> list[int | None]:
    await _record(db, [one for one in done if one is not None])
    return await _claim(db, [None] * len(done))


_claim_together = Together(_claim)
_go_on_together = Together(_go_on)
_note_together = Together(_note)
_record_together = Together(_record)


async def _send(transport: Transport, delivery_id: int) -> Outcome:
    is_handed = False

    async def handover() -> bool:
        nonlocal is_handed
        is_handed = await _note_together(delivery_id)
        return is_handed

    try:
        async with reading() as db:
            _held = await db.get_one(Delivery, delivery_id)  # both ask for it
            if await is_too_much(db, delivery_id):
                return Outcome(DeliveryState.FAILED, HELD_BACK)
            letter = await letter_of(db, delivery_id)
    except Exception as fault:  # a letter that cannot be composed must not stop the others
        if is_outage(fault):
            raise  # nothing is wrong with the letter: it is taken up again
        log.exception("outbox.not_composed", delivery=delivery_id)
        return Outcome(DeliveryState.FAILED, "The message could not be put together.", type(fault).__name__)
    try:
        return await transport.send(letter, handover)
    except Exception as fault:  # neither the server nor the line, but a fault of ours: it must not come again and again
        if is_outage(fault) and not is_handed:
            raise
        log.exception("outbox.fault", delivery=delivery_id)
        state = DeliveryState.UNKNOWN if is_handed else DeliveryState.FAILED
        return Outcome(state, LOST if is_handed else "The message could not be put together.", type(fault).__name__)


async def record_outcome(db: Session, delivery_id: int, outcome: Outcome) -> None:
    """Write down what became of it, and let the thread and the list show it.

    Not when it is no longer ours to say: another worker has taken it over, or the report of its return was faster.
    """
    delivery = (await db.exec(_DELIVERY, params={"delivery_id": delivery_id})).one()
    if delivery.claimed_by != WORKER or delivery.state not in {DeliveryState.SENDING, DeliveryState.UNKNOWN}:
        return
    _apply(delivery, outcome)
    log.info("outbox.outcome", delivery=delivery_id, state=str(delivery.state), attempts=delivery.attempts)
    if delivery.message_id is None:
        return  # mail of the program: no thread shows it
    message = await db.get_one(Message, delivery.message_id)
    tell_of_delivery(db, delivery, message)
    has_failed = delivery.state in {DeliveryState.FAILED, DeliveryState.UNKNOWN}
    if has_failed:
        conversation = await db.get_one(Conversation, message.conversation_id, with_for_update=True)
        await mark_failed(db, conversation, message, DeliveryState(delivery.state))
        announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
    announce(db, DeliveryChanged(delivery.workspace_id, message.conversation_id, message.id))


_DELIVERY = (
    select(Delivery)
    .where(col(Delivery.id) == bindparam("delivery_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _apply(delivery: Delivery, outcome: Outcome) -> None:
    delivery.state = outcome.state
    delivery.reason = outcome.reason
    delivery.response = outcome.response
    if outcome.state == DeliveryState.SENT:
        delivery.sent_at = now()
    elif outcome.state == DeliveryState.DEFERRED:
        if now() - delivery.created_at > GIVE_UP_AFTER:
            delivery.state = DeliveryState.FAILED
            delivery.reason = "It could not be delivered for two days and was given up."
        delivery.due_at = now() + pause_after(delivery.attempts, MAIL_PAUSES)
