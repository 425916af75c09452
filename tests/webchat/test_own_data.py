"""What visitors may ask of us: a copy by mail, and that their data go. And the agency closes a chat to its visitor."""

import pytest
from sqlmodel import col, select

from tests.cast import Configure, all_of, configure
from tests.webchat.conftest import Agency, Visit, Visitor, closing, conversations, open_agency
from tests.webchat.test_form_and_hours import MARCO, answer, say
from tests.webchat.test_way_back import link_of
from witei_app.accounts.actor import Actor
from witei_app.conversations.bin import erase
from witei_app.crm.notes import add_note
from witei_app.db import transaction
from witei_app.errors import NotFound
from witei_app.live import bus
from witei_app.mail.parse import parse_mail
from witei_app.models import (
    AuditEntry,
    Contact,
    ContactNote,
    Conversation,
    Delivery,
    Message,
    SystemMail,
    VisitorToken,
)
from witei_app.models import (
    Visitor as VisitorRow,
)
from witei_app.outbox.letter import letter_of
from witei_app.webchat import limits
from witei_app.webchat.shut_out import shut_out
from witei_app.webchat.visitors import new_token, token_hash

__all__ = ["configure"]


@pytest.fixture(autouse=True)
def _own_data(configure: Configure) -> None:
    bus.use(bus.InProcessBus())


async def marco(visit: Visit, **about: object) -> Visitor:
    visitor: Visitor = await visit("sol")
    await visitor.hello(zone="Europe/Madrid")
    await say(visitor, "Hola <b>", about=about or MARCO)
    return visitor


async def ask(visitor: Visitor, what: str) -> dict[str, object]:
    await visitor.send({"t": what})
    return await visitor.hear("told", "refused", "gone")


async def test_a_copy_goes_to_the_known_address_as_text_and_html(sol: Agency, visit: Visit) -> None:
    visitor = await marco(visit)
    await answer(sol, "Está <b>libre</b>")
    assert (await ask(visitor, "transcript"))["text"] == "Enviamos una copia a marco@contact.test."
    [delivery] = await all_of(Delivery, col(Delivery.system_mail_id).is_not(None))
    assert delivery.recipient == "marco@contact.test"
    async with transaction() as db:
        letter = await letter_of(db, delivery.id)
    mail = parse_mail(letter.raw)
    assert mail.subject == "Su chat con Inmobiliaria Sol"
    assert mail.text.index("Hola <b>") < mail.text.index("Ana Ruiz") < mail.text.index("Está libre")
    assert "Hola &lt;b&gt;" in mail.html
    assert "<b>libre</b>" in mail.html


async def test_without_an_address_or_too_often_there_is_none(sol: Agency, visit: Visit) -> None:
    nobody = await marco(visit, name="Nobody")
    assert (await ask(nobody, "transcript"))["code"] == "no_address"
    visitor = await marco(visit)
    assert [(await ask(visitor, "transcript"))["t"] for _ in range(4)] == ["told"] * 3 + ["refused"]
    again = await marco(visit)  # another visitor who typed the same address
    assert (await ask(again, "transcript"))["code"] == "too_many_copies"


async def test_one_address_has_so_many_copies_sent(
    lite_sol: Agency, visit: Visit, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(TRUSTED_PROXY_HOPS="1")
    monkeypatch.setattr(limits, "TRANSCRIPTS_BY_ADDRESS", (limits.parse("2 per 1 day"),))
    answers = []
    for number, address in enumerate(["203.0.113.5"] * 3 + ["203.0.113.6"]):
        visitor = await visit("sol", additional_headers={"X-Forwarded-For": address})
        await visitor.hello()
        await say(visitor, "Buy this", about={"email": f"victim{number}@contact.test"})
        answers.append((await ask(visitor, "transcript"))["t"])
    assert answers == ["told", "told", "refused", "told"]


async def test_delete_my_data_leaves_an_empty_shell_and_a_word_for_the_agency(sol: Agency, visit: Visit) -> None:
    visitor = await marco(visit)
    tab = await visit("sol", token=visitor.token)
    await tab.hello()
    link = await link_of((await all_of(VisitorRow))[0])
    await (await visit("sol")).hello(back=link)
    await answer(sol, "Sí")
    await ask(visitor, "transcript")

    assert (await ask(visitor, "forget"))["why"] == "forgotten"
    assert (await tab.hear("gone"))["why"] == "forgotten"
    for table in (Message, VisitorRow, VisitorToken, SystemMail, Delivery):
        assert await all_of(table) == []
    [conversation] = await conversations()
    assert conversation.emptied_at is not None
    [contact] = await all_of(Contact)
    assert (contact.name, contact.email, contact.phone) == ("Visitante (datos borrados)", "", "")
    [note] = await all_of(ContactNote)
    assert "hizo borrar su chat" in note.body
    [entry] = await all_of(AuditEntry)
    assert (entry.action, "Marco" in entry.about) == ("visitor_forgotten", False)
    for hello in ({"token": visitor.token}, {"back": link}):
        welcome = await (await visit("sol")).hello(**hello)
        assert (welcome["messages"], welcome["known"]) == ([], False)


async def test_what_the_agency_wrote_about_the_contact_stays_its_own(sol: Agency, visit: Visit) -> None:
    visitor = await marco(visit)
    [conversation] = await conversations()
    async with transaction() as db:
        await add_note(db, sol.ana, conversation.contact_id, "Viewed the flat in Calle Sol")
    await ask(visitor, "forget")
    [contact] = await all_of(Contact)
    assert contact.name == "Marco Torres"
    assert len(await all_of(ContactNote)) == 2


async def test_it_deletes_nobody_elses(sol: Agency, visit: Visit) -> None:
    other = await visit("sol")
    await other.hello()
    await other.say("Otra")
    await ask(await marco(visit), "forget")
    await ask(await visit_anew(visit), "forget")  # who has said nothing has nothing here
    assert [message.text for message in await all_of(Message)] == ["Otra"]


async def visit_anew(visit: Visit) -> Visitor:
    visitor: Visitor = await visit("sol")
    await visitor.hello()
    return visitor


async def test_the_agency_closes_a_chat_to_its_visitor(sol: Agency, visit: Visit) -> None:
    visitor = await marco(visit)
    link = await link_of((await all_of(VisitorRow))[0])
    [conversation] = await conversations()
    async with transaction() as db:
        await shut_out(db, sol.ana, conversation.id)
    assert (await visitor.hear("gone"))["why"] == "closed"
    assert (await closing(visitor))[0] == 1013
    for hello in ({"token": visitor.token}, {"back": link}):
        assert (await (await visit("sol")).hello(**hello))["messages"] == []
    assert len(await all_of(Message)) == 1
    norte = await open_agency("Casas Norte", "norte")
    with pytest.raises(NotFound):
        async with transaction() as db:
            await shut_out(db, norte.ana, conversation.id)


async def test_a_chat_that_the_agency_deleted_for_good_begins_anew(sol: Agency, visit: Visit) -> None:
    visitor = await marco(visit)
    [conversation] = await conversations()
    system = Actor.system(conversation.workspace_id)
    async with transaction() as db:
        await erase(db, system, await db.get_one(Conversation, conversation.id))
    assert (await closing(visitor))[0] == 1013
    again = await visit("sol")
    welcome = await again.hello(token=visitor.token)
    assert (welcome["thread"], welcome["messages"]) == (None, [])
    await again.say("Hola otra vez")
    assert [message.text for message in await all_of(Message)] == ["Hola otra vez"]


async def test_what_is_said_after_the_token_was_revoked_is_not_taken(sol: Agency, visit: Visit) -> None:
    """Before this process has heard of it: nothing is kept that no browser can open."""
    visitor = await marco(visit)
    async with transaction() as db:
        [row] = (await db.exec(select(VisitorRow))).all()
        row.token_hash = token_hash(new_token())
        db.add(row)
    await visitor.send({"t": "say", "id": "said-too-late", "text": "¿Sigue libre?"})
    assert (await visitor.hear("gone"))["why"] == "closed"
    assert [message.text for message in await all_of(Message)] == ["Hola <b>"]
    assert len(await conversations()) == len(await all_of(VisitorRow)) == 1
