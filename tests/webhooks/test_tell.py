"""What happens is told, once it has really happened, to who asked for it, and to nobody else."""

import json
from datetime import datetime

import pytest

from tests.cast import Cast, act, all_of, give, open_conversation, write_in
from tests.webhooks.conftest import as_admin, hook
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.delete import delete
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.visible import find_conversation
from witei_app.crm.edit import ContactInput, create_contact, save_contact
from witei_app.crm.quote_edit import LineInput, save_quote
from witei_app.crm.quote_states import set_state
from witei_app.crm.quotes import new_quote
from witei_app.crm.tickets import TicketInput, open_ticket, save_ticket
from witei_app.db import transaction
from witei_app.models import Channel, Delivery, DeliveryState, WebhookDelivery
from witei_app.outbox.claim import claim_due
from witei_app.outbox.deliver import record_outcome
from witei_app.outbox.transport import Outcome

URL = "https://example.com/hook"


async def told() -> list[str]:
    return [one.event for one in await all_of(WebhookDelivery)]


async def test_each_act_on_a_conversation_is_told_by_ids_alone(cast: Cast) -> None:
    await hook(as_admin(cast.ana), URL)
    opened = await open_conversation(cast.marco, "A secret", channel=Channel.WEB_CHAT)
    await give(cast.ana, opened, cast.luis)
    await act(cast.luis, opened, send_reply, "Another secret")
    await act(cast.luis, opened, write_note, "A third secret")
    for rule in (archive, reopen, delete):
        await act(cast.luis, opened, rule)
    assert await told() == [
        *("conversation.created", "message.received", "conversation.assigned", "message.sent", "note.created"),
        *("conversation.archived", "conversation.reopened", "conversation.deleted"),
    ]
    deliveries = await all_of(WebhookDelivery)
    assert not any("secret" in one.body for one in deliveries)
    assigned = json.loads(deliveries[2].body)
    assert assigned["type"] == "conversation.assigned"
    assert assigned["data"]["assignee_id"] == cast.luis.user_id
    assert (assigned["data"]["previous_assignee_id"], assigned["data"]["user_id"]) == (None, cast.ana.user_id)
    assert datetime.fromisoformat(assigned["timestamp"]).utcoffset() is not None


async def test_a_mail_is_told_when_it_has_left_or_failed(cast: Cast) -> None:
    await hook(as_admin(cast.ana), URL, "message.sent", "message.failed")
    opened = await open_conversation(cast.marco)
    for outcome in (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DEFERRED):
        await act(cast.ana, opened, send_reply, "Yes")
        async with transaction() as db:
            (delivery_id,) = await claim_due(db, 1)
            await record_outcome(db, delivery_id, Outcome(outcome))
    assert await told() == ["message.sent", "message.failed"]
    body = json.loads((await all_of(WebhookDelivery))[0].body)
    assert body["data"]["delivery_id"] == (await all_of(Delivery))[0].id


async def test_contacts_tickets_and_quotes_are_told(cast: Cast) -> None:
    await hook(as_admin(cast.ana), URL)
    async with transaction() as db:
        contact = await create_contact(db, cast.ana, ContactInput(name="Rosa"))
    async with transaction() as db:
        await save_contact(db, cast.ana, contact.id, ContactInput(name="Rosa María"))
    async with transaction() as db:
        ticket = await open_ticket(db, cast.ana, TicketInput("Key"), contact_id=contact.id)
    async with transaction() as db:
        await save_ticket(db, cast.ana, ticket.id, TicketInput("Key", "closed"))
        await save_ticket(db, cast.ana, ticket.id, TicketInput("Key", "closed"))  # nothing is another
        quote = await new_quote(db, cast.ana, contact.id, title="Rent")
        await save_quote(db, cast.ana, quote.id, title="Rent", valid_until="", lines=[LineInput("Fees", "1", "500")])
    for state in ("sent", "accepted"):
        async with transaction() as db:
            await set_state(db, cast.ana, quote.id, state)
    assert await told() == [
        *("contact.created", "contact.changed", "ticket.created", "ticket.changed", "quote.sent", "quote.accepted")
    ]


async def test_what_is_undone_was_never_told(cast: Cast) -> None:
    await hook(as_admin(cast.ana), URL)
    opened = await open_conversation(cast.marco)
    before = await told()

    async def fail() -> None:
        async with transaction() as db:
            await archive(db, cast.ana, await find_conversation(db, cast.ana, opened))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await told() == before


async def test_each_is_told_what_it_asked_for_of_its_own_workspace(cast: Cast) -> None:
    wants_it, _ = await hook(as_admin(cast.ana), URL, "message.received")
    also, _ = await hook(as_admin(cast.ana), URL, "message.received", "conversation.created")
    await hook(as_admin(cast.ana), URL, "quote.sent")
    await hook(as_admin(cast.vera), URL)
    opened = await open_conversation(cast.marco)
    await write_in(opened)
    deliveries = await all_of(WebhookDelivery)
    assert [(one.webhook_id, one.event) for one in deliveries] == [
        *((also, "conversation.created"), (wants_it, "message.received"), (also, "message.received")),
        *((wants_it, "message.received"), (also, "message.received")),
    ]
    assert deliveries[1].event_id == deliveries[2].event_id != deliveries[3].event_id
