"""Whom the agency's site has signed in: proven by a signature, or only claimed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from tests.cast import Configure, configure
from tests.webchat.conftest import Agency, Visit, Visitor, conversations, open_agency
from tests.webchat.test_manage import boss_of
from witei_app.clock import now
from witei_app.conversations.rows import VisitRow
from witei_app.conversations.visible import find_conversation
from witei_app.conversations.visit import visit_row
from witei_app.crm.contacts import contact_of_address
from witei_app.db import transaction
from witei_app.errors import NotFound, Refused
from witei_app.models import AuditEntry, Contact, Widget
from witei_app.webchat.identity import OVERLAP, sign_identity
from witei_app.webchat.signing import new_secret, show_secret

__all__ = ["configure"]


@pytest.fixture(autouse=True)
def _own_secret(configure: Configure) -> None:
    """Secrets are sealed with it."""


async def secret_of(agency: Agency) -> str:
    async with transaction() as db:
        return await show_secret(db, boss_of(agency), agency.widget.id)


async def signed(agency: Agency, user_id: str = "u7", email: str = "marco@contact.test", **more: str) -> dict[str, str]:
    """What the site's page says of its user."""
    signature = sign_identity(await secret_of(agency), user_id, email)
    return {"id": user_id, "email": email, "name": "Marco Torres", "signature": signature} | more


async def existing_marco(agency: Agency) -> Contact:
    async with transaction() as db:
        return await contact_of_address(db, agency.workspace.id, "marco@contact.test", "Marco Peña", "E-mail")


async def open_chat(visit: Visit, user: Mapping[str, object] | None = None, token: str | None = None) -> Visitor:
    """A browser in which the page has said who is there."""
    visitor: Visitor = await visit("sol", token=token)
    await visitor.hello(**({"user": user} if user else {}))
    return visitor


async def shown(agency: Agency) -> VisitRow:
    """What Ana sees beside the newest conversation."""
    last = (await conversations())[-1]
    async with transaction() as db:
        return await visit_row(db, agency.ana, await find_conversation(db, agency.ana, last.id))


async def test_a_signed_user_is_the_contact_with_that_address(sol: Agency, visit: Visit) -> None:
    marco = await existing_marco(sol)
    visitor: Visitor = await visit("sol")
    assert (await visitor.hello(user=await signed(sol)))["known"] is True
    visitor = await open_chat(visit, await signed(sol))
    await visitor.say("Hola")
    [conversation] = await conversations()
    assert (conversation.contact_id, conversation.contact_name) == (marco.id, "Marco Peña")
    row = await shown(sol)
    assert (row.account, row.is_proven, row.email) == ("Marco Torres · u7", True, "")


async def test_what_is_not_signed_is_shown_so_and_makes_nobody_somebody_else(sol: Agency, visit: Visit) -> None:
    marco = await existing_marco(sol)
    right = await signed(sol)
    wrong: list[dict[str, Any]] = [
        {**right, "signature": ""},
        {**right, "signature": "0" * 64},
        {**right, "id": "u8"},
        {**right, "email": "other@contact.test"},
        {**right, "signature": sign_identity("another secret", "u7", "marco@contact.test")},
        {**right, "signature": "ñ" * 64},
        {"email": "marco@contact.test", "signature": right["signature"]},
    ]
    for user in wrong:
        visitor = await open_chat(visit, user)
        await visitor.say("I am Marco")
        row = await shown(sol)
        assert (row.is_proven, row.is_email_proven) == (False, False)
        assert row.email == user["email"]
    assert marco.id not in {one.contact_id for one in await conversations()}
    assert {one.contact_name for one in await conversations()} == {
        "Marco Torres (sin verificar)",
        "Visitante de /pisos/gran-via",
    }


async def test_another_widgets_secret_proves_nothing(sol: Agency, visit: Visit) -> None:
    norte = await open_agency("Casas Norte", "norte")
    await existing_marco(sol)
    await secret_of(sol)
    visitor = await open_chat(visit, await signed(norte))
    await visitor.say("I am Marco")
    assert (await shown(sol)).is_proven is False


async def test_who_is_signed_in_later_becomes_that_contact(sol: Agency, visit: Visit) -> None:
    marco = await existing_marco(sol)
    visitor = await open_chat(visit)
    await visitor.say("Hola")
    [before] = await conversations()
    user = await signed(sol)
    welcome = await (await visit("sol", token=visitor.token)).hello(user=user)
    assert "token" not in welcome
    assert [one["text"] for one in welcome["messages"]] == ["Hola"]
    [after] = await conversations()
    assert (after.id, after.contact_id) == (before.id, marco.id)
    async with transaction() as db:
        assert (await db.exec(select(Contact.id))).all() == [marco.id]  # the unknown one is gone


async def test_the_same_user_finds_the_chat_on_another_device(sol: Agency, visit: Visit) -> None:
    first = await open_chat(visit, await signed(sol))
    await first.say("Desde el portátil")
    welcome = await (await visit("sol")).hello(user=await signed(sol))
    assert [one["text"] for one in welcome["messages"]] == ["Desde el portátil"]
    assert welcome["token"] != first.token


async def test_the_next_user_of_a_computer_sees_nothing_of_the_one_before(sol: Agency, visit: Visit) -> None:
    first = await open_chat(visit, await signed(sol))
    await first.say("Secreto de Marco")
    nora = await signed(sol, "u8", "nora@contact.test", name="Nora")
    second = await visit("sol", token=first.token)
    welcome = await second.hello(user=nora)
    assert (welcome["messages"], welcome["token"] != first.token) == ([], True)
    await second.hello_again(visit, sol)
    await second.say("Soy Nora")
    assert [one.contact_name for one in await conversations()] == ["Marco Torres", "Nora"]


async def test_a_new_secret_leaves_the_old_one_a_day(sol: Agency, visit: Visit) -> None:
    old = await signed(sol)
    async with transaction() as db:
        assert (
            await new_secret(db, boss_of(sol), sol.widget.id)
            != await show_secret(db, boss_of(sol), sol.widget.id) + "x"
        )
    await (await open_chat(visit, old)).say("Hola")
    assert (await shown(sol)).is_proven
    async with transaction() as db:
        await db.exec(update(Widget).values(identity_changed_at=now() - OVERLAP - timedelta(minutes=1)))
    await (await open_chat(visit, {**old, "name": "Forged"})).say("Hola")
    assert not (await shown(sol)).is_proven


async def test_the_secret_is_sealed_and_who_looks_at_it_is_noted(lite_sol: Agency) -> None:
    secret = await secret_of(lite_sol)
    async with transaction() as db:
        kept = (await db.exec(select(Widget.identity_secret))).one()
        assert secret not in kept
        noted = (await db.exec(select(AuditEntry.action).order_by(col(AuditEntry.id)))).all()
        assert noted == ["web_chat_secret_shown"]
    norte = await open_agency("Casas Norte", "norte")
    for rule in (show_secret, new_secret):
        with pytest.raises(NotFound):
            async with transaction() as db:
                await rule(db, boss_of(norte), lite_sol.widget.id)
        with pytest.raises(Refused):
            async with transaction() as db:
                await rule(db, lite_sol.ana, lite_sol.widget.id)


async def test_a_signature_may_end_and_nobody_makes_it_last_longer(sol: Agency, visit: Visit) -> None:
    marco, soon = await existing_marco(sol), int(now().timestamp()) + 60
    secret = await secret_of(sol)
    right = await signed(sol) | {"expires": soon, "signature": sign_identity(secret, "u7", "marco@contact.test", soon)}
    past = {"expires": soon - 120, "signature": sign_identity(secret, "u7", "marco@contact.test", soon - 120)}
    for wrong in (past, past | {"expires": soon}, past | {"expires": None}, {"expires": soon + 3600}):
        await (await open_chat(visit, right | wrong)).say("Hola")
        assert (await shown(sol)).is_proven is False
    await (await open_chat(visit, right)).say("Hola")
    assert (await shown(sol)).is_proven
    assert (await conversations())[-1].contact_id == marco.id
