"""An answer that failed, or perhaps arrived, goes out again when somebody says so."""

import pytest

from tests.cast import Cast, all_of, get, queued
from witei_app.accounts.actor import Actor
from witei_app.conversations.inbox import inbox_page, shared_lines
from witei_app.conversations.send_again import send_again
from witei_app.conversations.view import View
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import DeliveryQueued, Event
from witei_app.models import Conversation, Delivery, DeliveryState, Message
from witei_app.outbox.claim import claim_next
from witei_app.outbox.deliver import record_outcome
from witei_app.outbox.transport import Outcome


async def ended(cast: Cast, state: DeliveryState) -> Message:
    message = await queued(cast)
    async with transaction() as db:
        taken = await claim_next(db) or 0
    async with transaction() as db:
        await record_outcome(db, taken, Outcome(state, "Why", "550"))
    return message


async def again(actor: Actor, message: Message) -> None:
    async with transaction() as db:
        await send_again(db, actor, message.id)


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.DEFERRED])
async def test_it_is_queued_once_more(cast: Cast, announced: list[Event], state: DeliveryState) -> None:
    message = await ended(cast, state)
    await again(cast.luis, message)
    (delivery,) = await all_of(Delivery)
    assert (delivery.state, delivery.reason, delivery.handed_at) == (DeliveryState.QUEUED, "", None)
    assert not (await get(Conversation, message.conversation_id)).has_failed
    assert DeliveryQueued(cast.sol) in announced
    with pytest.raises(Refused):
        await again(cast.luis, message)


async def test_what_was_sent_is_not_sent_again_and_strangers_send_nothing(cast: Cast) -> None:
    sent, unknown = await ended(cast, DeliveryState.SENT), await ended(cast, DeliveryState.UNKNOWN)
    with pytest.raises(Refused):
        await again(cast.ana, sent)
    for outsider in (cast.vera, cast.eva):
        for message in (unknown, Message(id=10**9)):  # whether there is such a message is not told
            with pytest.raises(NotFound, match="This is not here, or you may not see it"):
                await again(outsider, message)
    assert [delivery.state for delivery in await all_of(Delivery)] == [DeliveryState.SENT, DeliveryState.UNKNOWN]


async def test_the_list_tells_what_perhaps_arrived_from_what_did_not(cast: Cast) -> None:
    states = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.DEFERRED)
    messages = {state: await ended(cast, state) for state in states}
    async with reading() as db:
        lines = {line.id: line for line in (await inbox_page(db, cast.ana, View()))[0]}
    found = {state: lines[message.conversation_id] for state, message in messages.items()}
    said = {state: (line.has_failed, line.is_unsure) for state, line in found.items()}
    nothing = dict.fromkeys((DeliveryState.SENT, DeliveryState.DEFERRED), (False, False))
    assert said == {DeliveryState.UNKNOWN: (True, True), DeliveryState.FAILED: (True, False), **nothing}


async def test_one_recipient_for_certain_outweighs_another_in_doubt(cast: Cast) -> None:
    message = await ended(cast, DeliveryState.UNKNOWN)
    async with transaction() as db:
        lost = Delivery(workspace_id=cast.sol, message_id=message.id, recipient="b@b.test", state=DeliveryState.FAILED)
        db.add(lost)
    async with reading() as db:
        (line,) = await shared_lines(db, [message.conversation_id])
    assert (line.has_failed, line.is_unsure) == (True, False)
