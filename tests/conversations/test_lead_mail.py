"""Leads of portals: a conversation with the person, who proves nothing by what a form says."""

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation
from tests.conversations.test_mail_in import mail, store
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.recipients import reply_choices
from witei_app.conversations.reply import send_reply
from witei_app.conversations.why import why_here
from witei_app.crm.contacts import contact_of_address
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import Contact, ContactAddress, Conversation, Delivery, ImapAccount, InboundMail, Message

PORTAL = "Idealista <noresponder@idealista.com>"
FIELDS = "Nombre: Juan Pérez\nTeléfono: 600 11 22 33\nE-mail: {email}\nReferencia: SOL-7\nMensaje: ¿Sigue libre?"


async def brings(cast: Cast, email: str = "Juan@correo.test", sender: str = PORTAL, **headers: str) -> Conversation:
    """The conversation that a lead opened."""
    text = FIELDS.format(email=email).replace("\n", "\r\n")
    await store(cast, mail(text, sender, Content_Type="text/plain; charset=utf-8", **headers))
    await read_waiting_mail()
    found: Conversation = (await all_of(Conversation))[-1]
    return found


async def test_a_lead_is_a_conversation_with_the_person(cast: Cast) -> None:
    conversation = await brings(cast, Message_ID="<1@idealista.com>", Reply_To="reply-1@idealista.com")
    contact, (message,) = await get(Contact, conversation.contact_id), await all_of(Message)
    assert (contact.name, contact.email, contact.phone) == ("Juan Pérez", "juan@correo.test", "+34 600 11 22 33")
    assert (contact.origin, conversation.contact_name) == ("Idealista", "Juan Pérez")
    assert (conversation.needs_reply, message.is_automatic, message.author_name) == (True, False, "Juan Pérez")
    assert message.text.startswith("¿Sigue libre?\n\n")
    assert "SOL-7" in message.text
    assert "600 11 22 33" in message.text
    assert "Nombre: Juan" in message.rest_text
    assert await all_of(Contact, Contact.email == "noresponder@idealista.com") == []
    async with reading() as db:
        to_author, everybody = await reply_choices(db, conversation)
        why = await why_here(db, cast.ana, message.id)
    assert to_author.emails() == everybody.emails() == ["juan@correo.test"]
    assert "a lead from Idealista" in why.reason


async def test_a_name_that_turns_the_letters_round_reads_as_it_stands(lite_cast: Cast) -> None:
    text = FIELDS.format(email="juan@correo.test").replace("Juan", "Juan\u202e")
    headers = {"Content_Type": "text/plain; charset=utf-8"}
    await store(lite_cast, mail(text.replace("\n", "\r\n"), PORTAL, **headers))
    await read_waiting_mail()
    (message,) = await all_of(Message)
    assert message.author_name == "Juan Pérez"


async def test_what_is_answered_goes_to_the_person_and_comes_back(cast: Cast) -> None:
    conversation = await brings(cast)
    answer = await act(cast.ana, conversation.id, send_reply, "<p>Yes</p>")
    assert [delivery.recipient for delivery in await all_of(Delivery)] == ["juan@correo.test"]
    await store(cast, mail("Fine", "Juan <juan@correo.test>", In_Reply_To=f"<{answer.rfc_message_id}>"))
    await read_waiting_mail()
    assert (await all_of(Message))[-1].conversation_id == conversation.id


async def test_a_contact_that_there_is_keeps_what_is_known_and_no_thread_of_theirs_is_joined(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, rfc_message_id="first@contact.test")
    before = cast.marco.model_dump()
    conversation = await brings(cast, "marco@contact.test")
    assert (conversation.contact_id, conversation.id == opened) == (cast.marco.id, False)
    assert conversation.contact_name == "Marco Peña"
    assert (await get(Contact, cast.marco.id)).model_dump() == before


async def test_an_answer_with_fields_is_an_ordinary_mail(cast: Cast) -> None:
    await open_conversation(cast.marco, rfc_message_id="first@contact.test")
    conversation = await brings(cast, In_Reply_To="<first@contact.test>")
    assert conversation.contact_name == "Idealista"
    assert (await all_of(Message))[-1].points_to_id is not None


async def test_a_telephone_that_is_somebodys_does_not_make_an_address_theirs(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).phone = "+34 600 11 22 33"
    conversation = await brings(cast)
    assert conversation.contact_id != cast.marco.id
    assert (await get(Contact, conversation.contact_id)).phone == ""
    whose = await all_of(ContactAddress, ContactAddress.contact_id == cast.marco.id)
    assert [one.address for one in whose] == ["marco@contact.test"]


async def test_without_an_address_the_telephone_says_who_it_is(cast: Cast) -> None:
    first = await brings(cast, "-")
    contact = await get(Contact, first.contact_id)
    assert (contact.name, contact.email, contact.phone) == ("Juan Pérez", "", "+34 600 11 22 33")
    second = await brings(cast, "-", Subject="Another flat")
    assert (second.contact_id, second.id == first.id) == (first.contact_id, False)
    with pytest.raises(Refused, match="no e-mail address"):
        await act(cast.ana, first.id, send_reply, "<p>Yes</p>")


async def test_the_same_lead_twice_is_one(cast: Cast) -> None:
    for _ in range(2):
        await brings(cast, Message_ID="<1@idealista.com>")
    assert len(await all_of(Message)) == 1


async def test_a_form_in_the_name_of_a_mailbox_of_ours_is_its_visitors(cast: Cast) -> None:
    async with transaction() as db:
        account = ImapAccount(workspace_id=cast.sol, address="info@agency.test", host="h", username="u")
        db.add(account)
    await store(cast, mail(FIELDS.format(email="juan@correo.test").replace("\n", "\r\n"), "Web <info@agency.test>"))
    async with transaction() as db:
        (stored,) = await all_of(InboundMail)
        (await db.get_one(InboundMail, stored.id)).imap_account_id = account.id
    await read_waiting_mail()
    (contact,) = await all_of(Contact, Contact.email == "juan@correo.test")
    assert contact.origin == "Web form"


async def test_a_colleague_who_passes_a_lead_on_is_read_as_ever(cast: Cast) -> None:
    conversation = await brings(cast, sender="Ana Ruiz <ana@sol.test>")
    assert conversation.contact_name == "Ana Ruiz"


async def test_our_own_address_in_a_form_makes_no_lead(cast: Cast) -> None:
    for ours in ("sol@localhost.test", "ana@sol.test"):
        assert (await brings(cast, ours, Subject=ours)).contact_name == "Idealista"


async def test_each_workspace_has_contacts_of_its_own(cast: Cast) -> None:
    async with transaction() as db:
        theirs = await contact_of_address(db, cast.norte, "juan@correo.test", "Other", "E-mail")
    conversation = await brings(cast)
    assert (conversation.workspace_id, conversation.contact_id == theirs.id) == (cast.sol, False)


async def test_where_no_words_are_marked_as_the_persons_all_of_it_is_shown(cast: Cast) -> None:
    text = '¡Tienes un nuevo contacto!\r\nAna López\r\n"Quiero ver este piso"\r\nCódigo: 123456'
    more = {"Reply_To": "ana@contact.test", "Content_Type": "text/plain; charset=utf-8"}
    await store(cast, mail(text, "Inmuebles24 <noresponder@inmuebles24.com>", **more))
    await read_waiting_mail()
    (message,) = await all_of(Message)
    assert (message.address, message.text, message.rest_text) == ("ana@contact.test", text.replace("\r", ""), "")
