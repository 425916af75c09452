"""What becomes of a delivery, by what the mail server says."""

import asyncio
import email
import email.policy
from contextlib import AsyncExitStack
from datetime import timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tests.cast import Cast, Configure, all_of, eventually, get, queued, write_in
from tests.mail_server import Server
from tests.servers import free_port
from witei_app.clock import now
from witei_app.db import transaction
from witei_app.files import load
from witei_app.live import bus
from witei_app.live.events import ConversationChanged, DeliveryChanged, Event
from witei_app.mail.addresses import read_reply_address
from witei_app.mail.parse import parse_mail
from witei_app.models import Contact, Conversation, Delivery, DeliveryState, DemoMail, Message
from witei_app.outbox import deliver
from witei_app.outbox.deliver import deliver_next
from witei_app.outbox.transport import DemoMailbox, Relay, transport_for
from witei_app.settings import settings
from witei_app.worker import running_worker


async def send(server: Server) -> Delivery:
    """One try; gives the delivery afterwards."""
    relay = Relay(server.url)
    assert await deliver_next(relay)
    await relay.close()
    return (await all_of(Delivery))[-1]


async def test_a_taken_mail_is_sent(cast: Cast, server: Server, announced: list[Event]) -> None:
    message = await queued(cast)
    delivery = await send(server)
    assert (delivery.state, delivery.attempts, delivery.reason) == (DeliveryState.SENT, 1, "")
    assert delivery.sent_at is not None
    assert server.taken[0].rcpt_tos == ["marco@contact.test"]
    assert announced[-1] == DeliveryChanged(cast.sol, message.conversation_id, message.id)
    assert not await deliver_next(Relay(server.url))


async def test_who_is_stopped_hears_out_what_goes_over_the_wire_and_begins_nothing_more(
    lite_cast: Cast, server: Server, configure: Configure
) -> None:
    configure(SMTP_LISTEN=f"127.0.0.1:{free_port()}", SMTP_RELAY_URL=server.url)
    bus.use(bus.InProcessBus())
    server.may_answer.clear()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running_worker())
        await queued(lite_cast)
        assert await eventually(lambda: said(server.holds == 1))
        stop = asyncio.create_task(stack.pop_all().aclose())
        assert await eventually(lambda: said(deliver.is_ending()))
        await queued(lite_cast)
        server.may_answer.set()
        await stop
    assert [one.state for one in await all_of(Delivery)] == [DeliveryState.SENT, DeliveryState.QUEUED]


async def said(fact: bool) -> bool:
    return fact


REFUSALS = {
    "450 4.2.0 Greylisted": (DeliveryState.DEFERRED, "cannot take it now"),
    "550 5.1.1 Unknown": (DeliveryState.FAILED, "does not exist"),
    "552 5.2.2 Full": (DeliveryState.FAILED, "full"),
    "554 5.7.1 Spam": (DeliveryState.FAILED, "policy"),
    "550 5.7.1 Message rejected as spam": (DeliveryState.FAILED, "policy"),
    "550 5.2.2 The mailbox is over its quota": (DeliveryState.FAILED, "mailbox is full"),
    "550 5.7.26 Unauthenticated email is not accepted": (DeliveryState.FAILED, "could not verify"),
    "552 5.3.4 Message too big": (DeliveryState.FAILED, "too large"),
    "550 No": (DeliveryState.FAILED, "does not exist or does not take our mail"),
    "554 No": (DeliveryState.FAILED, "refused the message"),
    "drop": (DeliveryState.DEFERRED, "cannot be reached"),
}


@pytest.mark.parametrize("answer", REFUSALS)
async def test_a_refused_recipient_fails_or_waits(lite_cast: Cast, server: Server, answer: str) -> None:
    message = await queued(lite_cast)
    server.rcpt = answer
    delivery = await send(server)
    state, words = REFUSALS[answer]
    assert delivery.state == state
    assert words in delivery.reason
    assert answer == "drop" or delivery.response.startswith(answer[:3])
    assert (await get(Conversation, message.conversation_id)).has_failed == (state == DeliveryState.FAILED)


async def test_a_refusal_after_the_text_is_as_final_as_before_it(cast: Cast, server: Server) -> None:
    await queued(cast)
    server.data = "554 5.7.1 We do not like it"
    assert (await send(server)).state == DeliveryState.FAILED


async def test_a_connection_lost_after_the_text_leaves_it_unknown_and_is_never_retried(
    cast: Cast, server: Server, announced: list[Event]
) -> None:
    message = await queued(cast)
    server.data = "drop"
    delivery = await send(server)
    assert delivery.state == DeliveryState.UNKNOWN
    assert "may have arrived" in delivery.reason
    assert any(isinstance(event, ConversationChanged) for event in announced[-2:])
    assert (await get(Conversation, message.conversation_id)).has_failed
    assert not await deliver_next(Relay(server.url))


async def test_a_relay_that_is_away_costs_a_try_and_no_mail(cast: Cast) -> None:
    await queued(cast)
    delivery = await send(Server(port=free_port()))
    assert (delivery.state, delivery.attempts) == (DeliveryState.DEFERRED, 1)
    assert delivery.handed_at is None


async def test_the_pauses_grow_and_after_two_days_it_is_given_up(
    lite_cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queued(lite_cast)
    server.rcpt = "450 Later"
    pauses = []
    for _ in range(9):
        delivery = await send(server)
        pauses.append(round((delivery.due_at - now()).total_seconds() / 60))
        await _due_now(delivery.id)
    assert pauses == [1, 5, 15, 30, 60, 120, 240, 240, 240]
    monkeypatch.setattr(deliver, "GIVE_UP_AFTER", timedelta(0))
    assert ((await send(server)).state, (await get(Delivery, 1)).attempts) == (DeliveryState.FAILED, 10)


async def _due_now(delivery_id: int) -> None:
    async with transaction() as db:
        (await db.get_one(Delivery, delivery_id)).due_at = now()


async def test_one_connection_serves_many_mails_also_after_a_refusal(lite_cast: Cast, server: Server) -> None:
    relay = Relay(server.url)
    for rcpt in ("250 OK", "550 No", "250 OK"):
        await queued(lite_cast)
        server.rcpt = rcpt
        await deliver_next(relay)
    await relay.close()
    assert [delivery.state for delivery in await all_of(Delivery)] == ["sent", "failed", "sent"]
    assert server.connections == 1


async def test_a_mail_that_cannot_be_put_together_fails_alone(
    lite_cast: Cast, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queued(lite_cast)

    async def broken(*_: object) -> None:
        raise ValueError("no letter")

    monkeypatch.setattr(deliver, "letter_of", broken)
    delivery = await send(server)
    assert (delivery.state, delivery.response) == (DeliveryState.FAILED, "ValueError")


async def test_what_the_contact_gets_is_a_proper_answer(cast: Cast, server: Server, configure: Configure) -> None:
    message = await queued(cast)
    await write_in(
        message.conversation_id, "Thanks", rfc_message_id="second@contact.test", address="marco@contact.test"
    )
    await send(server)
    raw = server.taken[0].original_content or b""
    mail = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
    parsed = parse_mail(raw)
    assert (parsed.message_id, parsed.subject) == (message.rfc_message_id, "Re: Flat in Calle Sol")
    assert (parsed.in_reply_to, parsed.references) == (("first@contact.test",), ("first@contact.test",))
    assert read_reply_address(parsed.reply_to[0].email, settings().secret()) == message.conversation_id
    assert server.taken[0].mail_from == parsed.reply_to[0].email
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.startswith("Yes, it is free.")
    assert "Ana at Inmobiliaria Sol" in text
    assert "<b>is</b>" in html
    assert "Ana at Inmobiliaria Sol" in html
    assert "Is it free?" in html


async def test_a_quote_is_introduced_in_the_contacts_language(lite_cast: Cast, server: Server) -> None:
    message = await queued(lite_cast)
    async with transaction() as db:
        conversation = await db.get_one(Conversation, message.conversation_id)
        (await db.get_one(Contact, conversation.contact_id)).language = "de"
    await send(server)
    assert " schrieb Marco" in (parse_mail(server.taken[0].original_content or b"").text or "")


async def test_each_try_sends_the_same_mail(lite_cast: Cast, server: Server) -> None:
    await queued(lite_cast)
    relay = Relay(server.url)
    for answer in ("451 Later", "250 OK"):
        server.data = answer
        await deliver_next(relay)
        await _due_now(1)
    await relay.close()
    (message,) = await all_of(Message, Message.direction == "out")
    assert parse_mail(server.taken[0].original_content or b"").message_id == message.rfc_message_id


async def test_without_a_relay_it_lies_in_the_demo_mailbox(cast: Cast) -> None:
    await queued(cast)
    transport = transport_for("")
    assert isinstance(transport, DemoMailbox)
    assert await deliver_next(transport)
    (demo,) = await all_of(DemoMail)
    assert (demo.recipient, demo.subject) == ("marco@contact.test", "Re: Flat in Calle Sol")
    assert parse_mail(await load(demo.sha256)).text.startswith("Yes, it is free.")
    assert (await all_of(Delivery))[0].state == DeliveryState.SENT


async def test_an_address_beyond_ascii_is_spelt_as_it_is(lite_cast: Cast, server: Server) -> None:
    await queued(lite_cast)
    async with transaction() as db:
        (await db.get_one(Delivery, 1)).recipient = "josé@contact.test"
    assert (await send(server)).state == DeliveryState.SENT
    assert server.taken[0].rcpt_tos == ["josé@contact.test"]


async def test_a_server_that_knows_no_such_letters_is_not_asked_and_the_sender_reads_why(lite_cast: Cast) -> None:
    older = Server()
    controller = Controller(older, hostname="127.0.0.1", port=older.port, enable_SMTPUTF8=False)
    controller.start()
    await queued(lite_cast)
    async with transaction() as db:
        (await db.get_one(Delivery, 1)).recipient = "josé@contact.test"
    delivery = await send(older)
    controller.stop()
    assert delivery.state == DeliveryState.FAILED
    assert "letters such as ñ" in delivery.reason
    assert older.taken == []


async def test_a_server_that_refuses_the_greeting_is_one_that_cannot_be_reached(
    lite_cast: Cast, server: Server
) -> None:
    await queued(lite_cast)
    server.hello = "550 5.7.1 Nothing from your address"
    delivery = await send(server)
    assert delivery.state == DeliveryState.DEFERRED
    assert "Nothing from your address" in delivery.response
