"""From the composer through a real mail server to a mailbox, and back."""

from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.cast import Cast, Configure, act, all_of, eventually, get, open_conversation
from tests.real_servers.postfix import Postfix
from witei_app.conversations.reply import send_reply
from witei_app.live import bus
from witei_app.models import Contact, Conversation, Delivery, DeliveryState, Message
from witei_app.worker import running_worker


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """One for all tests here."""
    server = Postfix()
    yield server
    server.stop()


@pytest.fixture
async def desk(lite_cast: Cast, configure: Configure, postfix: Postfix) -> AsyncIterator[Cast]:
    """The worker, with Postfix as its relay."""
    configure(SMTP_LISTEN=f"127.0.0.1:{postfix.our_port}", SMTP_RELAY_URL=postfix.url)
    bus.use(bus.InProcessBus())
    async with running_worker():
        yield lite_cast


async def test_an_answer_lies_in_the_contacts_mailbox_and_his_answer_joins_it(desk: Cast, postfix: Postfix) -> None:
    opened = await open_conversation(desk.marco, "Is it free?", rfc_message_id="first@contact.test")
    sent = await act(desk.ana, opened, send_reply, "<p>It <b>is</b>, señor.</p>")

    async def arrived() -> list[EmailMessage]:
        return postfix.marcos_mail()

    (mail,) = await eventually(arrived)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("It is, señor.")
    assert (mail["Message-ID"], mail["In-Reply-To"]) == (f"<{sent.rfc_message_id}>", "<first@contact.test>")

    async def recorded() -> bool:
        return (await all_of(Delivery))[0].state == DeliveryState.SENT

    assert await eventually(recorded)
    await answer(mail, postfix)

    async def joined() -> bool:
        return [message.text for message in await all_of(Message)][-1] == "Then I come at five."

    assert await eventually(joined)
    assert {message.conversation_id for message in await all_of(Message)} == {opened}


async def answer(mail: EmailMessage, postfix: Postfix) -> None:
    """As Marco's mail program does, through his own server."""
    reply = EmailMessage()
    reply["From"], reply["To"] = "Marco Peña <marco@contact.test>", mail["Reply-To"]
    reply["Subject"], reply["Message-ID"] = mail["Subject"], "<third@contact.test>"
    reply["In-Reply-To"], reply["References"] = mail["Message-ID"], mail["Message-ID"]
    reply.set_content("Then I come at five.")
    await aiosmtplib.send(reply, hostname="127.0.0.1", port=postfix.port, start_tls=False)


async def test_a_mail_that_comes_back_is_shown_as_returned_where_it_was_written(desk: Cast, postfix: Postfix) -> None:
    nobody = Contact(**{**desk.marco.model_dump(), "email": "nobody@contact.test"})
    opened = await open_conversation(nobody)
    await act(desk.ana, opened, send_reply, "Hello?")

    async def returned() -> bool:
        return (await all_of(Delivery))[-1].state == DeliveryState.BOUNCED

    assert await eventually(returned)
    delivery = (await all_of(Delivery))[-1]
    assert delivery.reason
    assert "unknown user" in delivery.response
    assert (await get(Conversation, opened)).has_failed
    assert len(await all_of(Conversation)) == 1
    assert {message.conversation_id for message in await all_of(Message)} == {opened}
