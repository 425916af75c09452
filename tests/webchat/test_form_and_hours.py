"""What visitors are asked first, what they are told when nobody is there, and answers that follow by e-mail."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from tests.cast import Configure, configure
from tests.webchat.conftest import Agency, Visit, Visitor, conversations
from tests.webchat.test_manage import save
from witei_app.accounts.office_hours import written_hours
from witei_app.clock import now
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.reply import send_reply
from witei_app.conversations.visible import find_conversation
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.files import keep
from witei_app.mail.addresses import reply_address
from witei_app.mail.parse import parse_mail
from witei_app.models import Contact, ContactAddress, Delivery, InboundMail, Message, User, Workspace
from witei_app.models import Visitor as VisitorRow
from witei_app.outbox.letter import letter_of
from witei_app.settings import settings
from witei_app.templates.placeholders import fill, values_of
from witei_app.texts.visitors import own_name
from witei_app.webchat.by_mail import mail_unseen_answers

__all__ = ["configure"]
MARCO = {"name": "Marco Torres", "email": "Marco@Contact.test", "phone": "+34 600 123 456", "consent": True}
ALWAYS_SHUT: dict[str, Any] = {"has_hours": True, "days": ["3:00-3:01", "", "", "", "", "", ""]}


@pytest.fixture(autouse=True)
def _own_data(configure: Configure) -> None:
    """Raw mails in the test's own folder."""


async def say(visitor: Visitor, text: str, **more: Any) -> dict[str, Any]:
    """One message, with what else the frame holds."""
    await visitor.send({"t": "say", "id": f"message-{len(visitor.heard):04}", "text": text, **more})
    return await visitor.hear("said", "refused")


async def row_of_visitor() -> VisitorRow:
    async with transaction() as db:
        return (await db.exec(select(VisitorRow))).one()


async def test_what_is_required_comes_with_the_first_message(sol: Agency, visit: Visit) -> None:
    await save(sol, ask_name="required", ask_email="required", ask_phone="optional", has_consent=True)
    visitor = await visit("sol")
    await visitor.hello()
    for about in (None, {**MARCO, "name": " "}, {**MARCO, "consent": False}, {**MARCO, "email": "marco"}):
        assert (await say(visitor, "Hola", about=about))["code"] == "form"
    assert await conversations() == []

    assert (await say(visitor, "Hola", about=MARCO))["n"] == 1
    [conversation] = await conversations()
    assert conversation.contact_name == "Marco Torres"
    row = await row_of_visitor()
    assert (row.email, row.phone) == ("marco@contact.test", "+34 600 123 456")
    assert row.consented_at is not None


async def test_it_is_asked_once(sol: Agency, visit: Visit) -> None:
    await save(sol, ask_email="required")
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola", about=MARCO)
    assert (await say(visitor, "¿Sigue libre?"))["n"] == 2


async def test_a_typed_address_makes_nobody_somebody_else(sol: Agency, visit: Visit) -> None:
    async with transaction() as db:
        real = Contact(workspace_id=sol.workspace.id, name="Marco", email="marco@contact.test")
        db.add(real)
        await db.flush()
        db.add(ContactAddress(workspace_id=sol.workspace.id, contact_id=real.id, address="marco@contact.test"))
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "I am Marco", about=MARCO)
    [conversation] = await conversations()
    assert conversation.contact_id != real.id
    async with transaction() as db:
        contact = await db.get_one(Contact, conversation.contact_id)
        assert (contact.email, contact.phone) == ("", "")


async def test_outside_office_hours_the_chat_says_so(sol: Agency, visit: Visit) -> None:
    assert "away" not in await (await visit("sol")).hello()
    await save(sol, **ALWAYS_SHUT)
    welcome = await (await visit("sol")).hello()
    assert welcome["away"] is True
    assert welcome["back"]
    assert welcome["known"] is False


async def test_the_chat_may_follow_the_workspaces_hours(sol: Agency, visit: Visit) -> None:
    with pytest.raises(Refused):
        await save(sol, has_hours=True, follows_workspace=True)
    shut = written_hours(True, ALWAYS_SHUT["days"], "")
    async with transaction() as db:
        (await db.get_one(Workspace, sol.workspace.id)).office_hours = shut
    form = await save(sol, has_hours=True, follows_workspace=True, days=["0-24"] * 7)
    assert form.follows_workspace
    assert (await (await visit("sol")).hello())["away"] is True
    await save(sol, has_hours=True, follows_workspace=False, days=["0-24"] * 7)
    assert "away" not in await (await visit("sol")).hello()


async def test_an_address_may_be_left_later(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola")
    await visitor.send({"t": "about", "about": {"email": "not an address"}})
    assert (await visitor.hear("refused"))["code"] == "form"
    await visitor.send({"t": "about", "about": {"email": "marco@contact.test"}})
    assert (await visitor.hear("known"))["known"] is True
    assert (await (await visit("sol", token=visitor.token)).hello())["known"] is True


async def test_before_the_first_message_there_is_nobody_to_keep_an_address_for(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await visitor.send({"t": "about", "about": {"email": "marco@contact.test"}})
    await visitor.hear("refused")
    assert await conversations() == []


async def answer(agency: Agency, text: str) -> Message:
    """Ana answers the one conversation."""
    [conversation] = await conversations()
    async with transaction() as db:
        found = await find_conversation(db, agency.ana, conversation.id)
        return await send_reply(db, agency.ana, found, f"<p>{text}</p>")


async def two_minutes_later() -> None:
    async with transaction() as db:
        for visitor in (await db.exec(select(VisitorRow))).all():
            visitor.mail_due_at = visitor.mail_due_at and now() - timedelta(seconds=1)
    while await mail_unseen_answers():
        pass


async def mailed() -> list[tuple[str, str]]:
    """What went out: to whom, and which text."""
    async with transaction() as db:
        query = select(Delivery.recipient, Message.text).join(Message, col(Message.id) == col(Delivery.message_id))
        return [(to, text) for to, text in (await db.exec(query.order_by(col(Delivery.id)))).all()]


async def test_an_unseen_answer_follows_by_mail_once(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola", about=MARCO)
    await answer(sol, "Sí")
    assert await mail_unseen_answers() is False
    await answer(sol, "Está libre")
    await two_minutes_later()
    await two_minutes_later()
    assert await mailed() == [("marco@contact.test", "Sí"), ("marco@contact.test", "Está libre")]


async def test_to_their_face_nobody_is_called_a_visitor_of_a_page(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola", about={"email": "marco@contact.test"})
    await answer(sol, "Sí")
    await two_minutes_later()
    [conversation] = await conversations()
    assert conversation.contact_name == "Visitante de /pisos/gran-via"
    async with transaction() as db:
        [delivery] = (await db.exec(select(Delivery))).all()
        mail = parse_mail((await letter_of(db, delivery.id)).raw)
        contact = await db.get_one(Contact, conversation.contact_id)
        user = await db.get_one(User, sol.ana.user_id or 0)
    assert "Visitante" not in f"{mail.to} {mail.text} {mail.html}"
    assert "marco@contact.test escribió:" in mail.text
    assert fill("Hola, {{contact.first_name|buenas}}", values_of(contact, user, sol.workspace)) == "Hola, buenas"


@pytest.mark.parametrize(
    ("called", "own"),
    [
        ("Visitante de la web", ""),
        ("Besucher von /wohnung", ""),
        ("Nora Vidal (sin verificar)", "Nora Vidal"),
        ("Visitación Gil", "Visitación Gil"),
        ("", ""),
    ],
)
def test_what_the_team_calls_a_stranger_is_no_name(called: str, own: str) -> None:
    assert own_name(called) == own


async def test_what_was_seen_is_not_mailed(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola", about=MARCO)
    await answer(sol, "Sí")
    await visitor.send({"t": "read", "n": 2})
    await visitor.send({"t": "ping"})
    await visitor.hear("pong")
    await two_minutes_later()
    assert await mailed() == []


async def test_without_an_address_nothing_is_mailed(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola")
    await answer(sol, "Sí")
    await two_minutes_later()
    assert await mailed() == []


async def test_the_answer_to_that_mail_joins_the_chat_and_proves_the_address(sol: Agency, visit: Visit) -> None:
    visitor = await visit("sol")
    await visitor.hello()
    await say(visitor, "Hola", about=MARCO)
    await answer(sol, "Sí")
    await two_minutes_later()
    [conversation] = await conversations()
    to = reply_address(conversation.id, f"sol@{settings().mail_domain}", settings().secret())
    raw = f"From: Marco <marco@contact.test>\r\nTo: {to}\r\nSubject: Re\r\nMessage-ID: <x@y>\r\n\r\nVoy el jueves\r\n"
    async with transaction() as db:
        data = raw.encode()
        own = {"workspace_id": sol.workspace.id, "envelope_from": "marco@contact.test", "envelope_to": to}
        db.add(InboundMail(sha256=await keep(data), size=len(data), **own))  # type: ignore[arg-type]
    await read_waiting_mail()

    assert (await visitor.hear("message", where=lambda frame: frame["n"] == 3))["text"] == "Voy el jueves"
    assert len(await conversations()) == 1
    async with transaction() as db:
        [contact] = (await db.exec(select(Contact))).all()
        assert contact.email == "marco@contact.test"
        [address] = (await db.exec(select(ContactAddress))).all()
        assert address.contact_id == contact.id
