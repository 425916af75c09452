"""An answer that did not arrive brings its conversation back from the archive."""

from dataclasses import replace

import pytest

from tests.cast import Cast, act, get, open_conversation
from witei_app.conversations.archive import archive
from witei_app.conversations.delete import delete
from witei_app.conversations.failed import bring_back
from witei_app.conversations.reply import send_reply
from witei_app.conversations.thread import thread_page
from witei_app.conversations.worded import message_rows
from witei_app.db import reading, transaction
from witei_app.models import Conversation, DeliveryState, Status
from witei_app.outbox import failures
from witei_app.outbox.claim import claim_next, give_up_claims, note_handovers
from witei_app.outbox.deliver import record_outcome
from witei_app.outbox.transport import Outcome


@pytest.fixture(autouse=True)
def _as_the_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "_rules", [])
    failures.use(bring_back)


async def sent_and_archived(cast: Cast) -> tuple[int, int]:
    """A conversation that its answer archived, and the delivery of that, taken by a worker."""
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, send_reply, "Goodbye", archives=True)
    async with transaction() as db:
        return opened, await claim_next(db) or 0


async def ends(delivery_id: int, state: DeliveryState) -> None:
    async with transaction() as db:
        await record_outcome(db, delivery_id, Outcome(state, "Why", "550"))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DeliveryState.FAILED, "Reopened because an answer was not delivered"),
        (DeliveryState.UNKNOWN, "Reopened because an answer was perhaps not delivered"),
    ],
)
async def test_what_failed_after_it_was_archived_is_open_again(cast: Cast, state: DeliveryState, said: str) -> None:
    opened, delivery = await sent_and_archived(cast)
    await ends(delivery, state)
    conversation = await get(Conversation, opened)
    assert (conversation.status, conversation.has_failed) == (Status.OPEN, True)
    async with reading() as db:
        rows = message_rows((await thread_page(db, conversation))[0], conversation, replace(cast.ana, language="en"))
    assert rows[-1].text == said


async def test_what_a_dying_worker_had_in_hand_is_open_again(cast: Cast) -> None:
    opened, delivery = await sent_and_archived(cast)
    async with transaction() as db:
        await note_handovers(db, [delivery])
    async with transaction() as db:
        await give_up_claims(db)
    conversation = await get(Conversation, opened)
    assert (conversation.status, conversation.has_failed) == (Status.OPEN, True)


async def test_what_arrived_or_waits_stays_in_the_archive(cast: Cast) -> None:
    for state in (DeliveryState.SENT, DeliveryState.DEFERRED):
        opened, delivery = await sent_and_archived(cast)
        await ends(delivery, state)
        assert (await get(Conversation, opened)).is_archived


async def test_who_archives_it_knowing_has_it_archived_and_the_bin_stays_the_bin(cast: Cast) -> None:
    opened, delivery = await sent_and_archived(cast)
    await ends(delivery, DeliveryState.FAILED)
    await act(cast.ana, opened, archive)
    assert (await get(Conversation, opened)).is_archived
    opened, delivery = await sent_and_archived(cast)
    await act(cast.ana, opened, delete)
    await ends(delivery, DeliveryState.FAILED)
    assert (await get(Conversation, opened)).deleted_at is not None
