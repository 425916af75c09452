"""To whom an answer goes."""

import email
import email.policy

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from tests.conversations.test_mail_in import store
from witei_app.conversations.archive import reopen
from witei_app.conversations.draft import draft_recipients, drop_draft, find_draft, keep_draft, keep_draft_recipients
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.recipients import MOST, Recipients, add_typed, participants, reply_recipients
from witei_app.conversations.reply import send_reply
from witei_app.conversations.thread import newest_mail, thread_page
from witei_app.conversations.typed_addresses import typed_addresses
from witei_app.crm.contacts import add_contact
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.mail.addresses import normalise_address
from witei_app.mail.types import Address
from witei_app.models import (
    Channel,
    Conversation,
    ConversationEvent,
    Delivery,
    EventKind,
    ImapAccount,
    Message,
    MessageRecipient,
    RecipientKind,
    SenderAddress,
    SenderDomain,
    Status,
)
from witei_app.outbox.letter import letter_of

MARCO = Address("Marco Peña", "marco@contact.test")
LAURA = Address("Laura", "laura@b.test")
NOTARY = Address("", "notary@c.test")


async def to_whom(conversation_id: int, *, to_all: bool = False) -> Recipients:
    async with reading() as db:
        return await reply_recipients(db, await db.get_one(Conversation, conversation_id), to_all=to_all)


async def typed(cast: Cast, text: str, kind: str = "cc", before: Recipients = Recipients()) -> Recipients:  # noqa: B008
    async with reading() as db:
        return await add_typed(db, cast.ana, before, kind, text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a@b.test", ["a@b.test"]),
        (
            "A@B.test, c@d.test;e@f.test\ng@h.test i@j.test",
            ["a@b.test", "c@d.test", "e@f.test", "g@h.test", "i@j.test"],
        ),
        ('"Peña, Laura" <l@b.test>, Torres, Marco <m@b.test>', ["l@b.test", "m@b.test"]),
        ("Torres, Marco <m@b.test>; Gil, Eva <e@b.test>", ["m@b.test", "e@b.test"]),
        ("a@b.test, a@B.test", ["a@b.test"]),
        ("laura@españa.es", ["laura@xn--espaa-rta.es"]),
        ("mailto:a@b.test", ["a@b.test"]),
    ],
)
def test_what_people_type_or_paste_is_understood(text: str, found: list[str]) -> None:
    assert [one.email for one in typed_addresses(text)] == found


@pytest.mark.parametrize("text", ["no", "a@", "Laura, a@b.test", "<>", "a@b.test, no", "Laura <no>", "a@b.test\0x"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        typed_addresses(text)


async def test_a_contact_without_an_address_is_named_to_who_sees_them(lite_cast: Cast) -> None:
    async with transaction() as db:
        await add_contact(db, lite_cast.sol, name="Nora Teléfono")
        await add_contact(db, lite_cast.norte, name="Vera Ajena")
    with pytest.raises(Refused) as refused:
        await typed(lite_cast, "nora")
    assert str(refused.value) == "Nora Teléfono has no e-mail address here. Write the address itself."
    for name in ("vera", "nobody", "nora@"):
        with pytest.raises(Refused, match="is not an e-mail address"):
            await typed(lite_cast, name)


async def test_an_address_is_written_to_once_and_our_own_never(lite_cast: Cast) -> None:
    both = await typed(lite_cast, "Laura <LAURA@b.test>", "bcc", Recipients(to=(LAURA,)))
    assert both == Recipients(to=(LAURA,))
    with pytest.raises(Refused, match="our own"):
        await typed(lite_cast, "sol+c12.abc@localhost.test")
    with pytest.raises(Refused, match=f"{MOST} addresses"):
        await typed(lite_cast, ",".join(f"a{n}@b.test" for n in range(MOST + 1)))


async def test_an_answer_goes_to_the_author_and_to_all_when_asked(cast: Cast) -> None:
    named = (
        (RecipientKind.TO, NOTARY),
        (RecipientKind.CC, LAURA),
        (RecipientKind.CC, Address("", "sol@localhost.test")),
    )
    opened = await open_conversation(cast.marco, named=named)
    assert await to_whom(opened) == Recipients(to=(MARCO,))
    assert await to_whom(opened, to_all=True) == Recipients(to=(MARCO, NOTARY), cc=(LAURA,))


async def test_who_was_in_copy_and_wrote_last_is_answered(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, named=((RecipientKind.CC, LAURA),))
    await write_in(opened, address="laura@b.test", named=((RecipientKind.CC, MARCO),))
    assert (await to_whom(opened)).emails() == ["laura@b.test"]
    assert (await to_whom(opened, to_all=True)).emails() == ["laura@b.test", "marco@contact.test"]


async def test_an_absence_note_of_who_was_in_copy_changes_neither_whom_nor_what_is_answered(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, rfc_message_id="first@contact.test")
    await act(cast.ana, opened, send_reply, "One", recipients=Recipients(to=(MARCO,), cc=(LAURA,)))
    note = await write_in(opened, "I am away", address="laura@b.test", is_automatic=True, rfc_message_id="away@b.test")
    assert (await to_whom(opened)).emails() == ["marco@contact.test"]
    async with reading() as db:
        conversation = await db.get_one(Conversation, opened)
        entries, _ = await thread_page(db, conversation)
        assert newest_mail(entries) is not None
        assert newest_mail([one for one in entries if one.message and one.message.id == note.id]) is None
    await act(cast.ana, opened, send_reply, "Two")
    async with reading() as db:
        mail = email.message_from_bytes((await letter_of(db, (await all_of(Delivery))[-1].id)).raw)
    assert (mail["Cc"], mail["In-Reply-To"]) == (None, "<first@contact.test>")
    assert "marco@contact.test" in mail["To"]
    assert "away@b.test" in mail["References"]
    assert "I am away" not in mail.as_string()


async def test_where_programs_alone_wrote_the_newest_of_them_is_answered(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, is_automatic=True, rfc_message_id="first@contact.test")
    await write_in(opened, "Again", address="laura@b.test", is_automatic=True, rfc_message_id="again@b.test")
    assert (await to_whom(opened)).emails() == ["laura@b.test"]
    await act(cast.ana, opened, send_reply, "Yes?")
    async with reading() as db:
        mail = email.message_from_bytes((await letter_of(db, (await all_of(Delivery))[-1].id)).raw)
    assert mail["In-Reply-To"] == "<again@b.test>"
    assert "> Again" in mail.as_string()


async def test_answers_go_where_their_author_wants_them(cast: Cast) -> None:
    portal = ((RecipientKind.REPLY_TO, Address("Nuria", "nuria@contact.test")),)
    opened = await open_conversation(cast.marco, named=portal)
    assert (await to_whom(opened, to_all=True)).emails() == ["nuria@contact.test"]


async def test_after_our_answer_the_next_one_goes_to_the_same_people(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    first = Recipients(to=(MARCO, NOTARY), cc=(LAURA,), bcc=(Address("", "boss@sol.test"),))
    await act(cast.ana, opened, send_reply, "One", recipients=first)
    assert await to_whom(opened) == Recipients(to=(MARCO, NOTARY))
    assert await to_whom(opened, to_all=True) == Recipients(to=(MARCO, NOTARY), cc=(LAURA,))


async def test_each_recipient_has_a_delivery_and_a_blind_copy_stands_in_no_header(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, rfc_message_id="first@contact.test")
    sent_to = Recipients(to=(MARCO,), cc=(LAURA,), bcc=(NOTARY,))
    message = await act(cast.ana, opened, send_reply, "Hello", recipients=sent_to)
    deliveries = await all_of(Delivery)
    assert [one.recipient for one in deliveries] == ["marco@contact.test", "laura@b.test", "notary@c.test"]
    assert [one.kind for one in await all_of(MessageRecipient)] == ["to", "cc", "bcc"]
    for delivery in deliveries:
        async with reading() as db:
            letter = await letter_of(db, delivery.id)
        mail = email.message_from_bytes(letter.raw, policy=email.policy.default)
        assert letter.recipient == delivery.recipient
        assert (mail["To"], mail["Cc"]) == ("Marco Peña <marco@contact.test>", "Laura <laura@b.test>")
        assert b"notary" not in letter.raw
    assert message.address == "marco@contact.test"


async def test_nobody_to_write_to_is_refused(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    with pytest.raises(Refused, match="whom to write to"):
        await act(cast.ana, opened, send_reply, "Hello", recipients=Recipients(cc=(LAURA,)))
    assert len(await all_of(Message)) == 1


async def test_a_chat_has_no_recipients(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    await act(cast.ana, opened, send_reply, "Hello", recipients=Recipients(to=(LAURA,)))
    assert await all_of(Delivery) == await all_of(MessageRecipient) == []


async def test_a_draft_keeps_whom_it_is_for_though_its_text_is_gone(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    wanted = Recipients(to=(MARCO,), cc=(LAURA,))
    await act(cast.ana, opened, keep_draft, "<p>Dear both</p>")
    await act(cast.ana, opened, keep_draft_recipients, wanted)
    await act(cast.ana, opened, keep_draft, "")
    assert await act(cast.ana, opened, draft_recipients) == wanted
    async with reading() as db:
        assert await find_draft(db, cast.ana, opened) == ""
    assert await act(cast.luis, opened, draft_recipients) == Recipients(to=(MARCO,))
    await act(cast.ana, opened, drop_draft)
    assert await act(cast.ana, opened, draft_recipients) == Recipients(to=(MARCO,))


async def test_who_takes_part_wrote_or_was_named(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, named=((RecipientKind.CC, LAURA),))
    await act(cast.ana, opened, send_reply, "Hello", recipients=Recipients(to=(MARCO,), bcc=(NOTARY,)))
    async with reading() as db:
        found = await participants(db, await db.get_one(Conversation, opened))
    assert found == {"marco@contact.test", "laura@b.test", "notary@c.test"}


async def test_sending_archives_when_asked_and_only_when_it_was_sent(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    with pytest.raises(Refused):
        await act(cast.ana, opened, send_reply, "", archives=True)
    assert not (await get(Conversation, opened)).is_archived
    message = await act(cast.ana, opened, send_reply, "Goodbye", archives=True, client_id="c1")
    assert (await get(Conversation, opened)).status == Status.ARCHIVED
    (closing,) = await all_of(ConversationEvent, ConversationEvent.kind == EventKind.ARCHIVED)
    assert closing.data["message_id"] == message.id
    await act(cast.luis, opened, reopen)
    await act(cast.ana, opened, send_reply, "Goodbye", archives=True, client_id="c1")
    assert not (await get(Conversation, opened)).is_archived


async def test_who_wrote_to_a_crowd_is_answered_alone(cast: Cast) -> None:
    crowd = tuple((RecipientKind.TO, Address("", f"p{number}@b.test")) for number in range(MOST + 5))
    opened = await open_conversation(cast.marco, named=crowd)
    assert await to_whom(opened, to_all=True) == await to_whom(opened) == Recipients(to=(MARCO,))


async def test_no_address_of_ours_is_among_those_who_are_answered(cast: Cast) -> None:
    async with transaction() as db:
        domain = SenderDomain(workspace_id=cast.sol, domain="sol.test", return_path="mail.sol.test")
        db.add(domain)
        await db.flush()
        db.add(SenderAddress(workspace_id=cast.sol, sender_domain_id=domain.id, local_part="ventas"))
        db.add(ImapAccount(workspace_id=cast.sol, address="Info@agency.test", host="h", username="box@agency.test"))
        db.add(ImapAccount(workspace_id=cast.norte, address="info@norte.test", host="h", username="norte"))
    ours = ("sol@localhost.test", "sol+c1.x@mail.sol.test", "Ventas@sol.test", "INFO@agency.test", "box+x@agency.test")
    named = [(RecipientKind.TO, Address("", normalise_address(one))) for one in (*ours, "laura@b.test")]
    opened = await open_conversation(cast.marco, named=(*named, (RecipientKind.CC, Address("", "info@norte.test"))))
    to = await to_whom(opened, to_all=True)
    assert to.emails() == ["marco@contact.test", "laura@b.test", "info@norte.test"]
    with pytest.raises(Refused, match="our own address"):
        await typed(cast, "box@agency.test")


def with_reply_to(reply_to: str, to: str = "sol@localhost.test") -> bytes:
    head = f"From: Marta Gil <marta@b.test>\r\nTo: {to}\r\nReply-To: {reply_to}\r\nSubject: Flat\r\n"
    return f"{head}\r\nIs it free?\r\n".encode()


@pytest.mark.parametrize(
    ("raw", "answered"),
    [
        (with_reply_to("Marta <m@c.test>, Luis <l@c.test>"), ["Marta <m@c.test>", "Luis <l@c.test>"]),
        (with_reply_to("m@c.test"), ["m@c.test"]),
        (with_reply_to("marta@b.test"), ["Marta Gil <marta@b.test>"]),
        (with_reply_to("marta@b.test, l@c.test"), ["marta@b.test", "l@c.test"]),
        (with_reply_to("all@list.test", to="all@list.test"), ["all@list.test"]),
        (with_reply_to("sol@sol.test", to="sol@sol.test"), ["Marta Gil <marta@b.test>"]),
        (with_reply_to("sol@sol.test, l@c.test"), ["l@c.test"]),
    ],
    ids=["two", "no name", "the author", "the author and another", "a list", "ourselves", "ourselves and another"],
)
async def test_answers_go_to_all_of_reply_to_each_under_their_own_name(
    lite_cast: Cast, raw: bytes, answered: list[str]
) -> None:
    async with transaction() as db:
        domain = SenderDomain(workspace_id=lite_cast.sol, domain="sol.test", return_path="mail.sol.test")
        db.add(domain)
        await db.flush()
        db.add(SenderAddress(workspace_id=lite_cast.sol, sender_domain_id=domain.id, local_part="sol"))
    await store(lite_cast, raw)
    await read_waiting_mail()
    (conversation,) = await all_of(Conversation)
    assert [str(address) for address in (await to_whom(conversation.id)).to] == answered
