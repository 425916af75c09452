"""The demo workspace, as somebody who opens it for the first time finds it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.seed.history import all_of, check_history
from witei_app.accounts.actor import Actor
from witei_app.accounts.sign_in import check_password
from witei_app.clock import now
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.conversations.read import count_unread
from witei_app.crm.contacts import add_contact
from witei_app.db import reading, transaction
from witei_app.mail.intake import store_mail
from witei_app.models import Contact, Conversation, Message, Quote, Ticket, User, Visitor, Workspace
from witei_app.notifications.bell import count_notices, notices_page, shown_kinds
from witei_app.notifications.choices import own_choices
from witei_app.seed.demo import PASSWORD, make_demo
from witei_app.settings import Settings


@pytest.fixture
async def demo(db: str) -> str:
    async with transaction() as session:
        await make_demo(session, Settings(database_url=db))
    return db


async def _workspace(db, mailbox: str) -> Workspace:
    return (await db.exec(select(Workspace).where(Workspace.mailbox == mailbox))).one()


async def test_it_has_the_promised_quantities(demo):
    async with reading() as db:
        sol = await _workspace(db, "sol")
        assert sol.name == "Inmobiliaria Sol"
        assert len(await all_of(db, Contact, sol.id)) == 60
        conversations = await all_of(db, Conversation, sol.id)
        assert len(conversations) == 120
        assert max(c.last_number for c in conversations) == 60
        for model in (Ticket, Quote, Visitor):
            assert await all_of(db, model, sol.id)


async def test_its_history_is_as_if_the_rules_had_made_it(demo):
    async with reading() as db:
        for mailbox in ("sol", "norte"):
            await check_history(db, (await _workspace(db, mailbox)).id, now())


async def test_there_is_something_of_everything(demo):
    async with reading() as db:
        sol = await _workspace(db, "sol")
        conversations = await all_of(db, Conversation, sol.id)
        assert {c.status for c in conversations} == {"open", "archived"}
        assert {c.channel for c in conversations} == {"email", "web_chat"}
        assert {c.assignee_id for c in conversations} == {None, *[u.id for u in await all_of(db, User, sol.id)]}
        assert sum(c.has_failed for c in conversations) == 1
        waiting = [c.waiting_since for c in conversations if c.waiting_since and c.status == "open"]
        assert len(waiting) > 5
        assert min(waiting) > now() - timedelta(days=40)  # it is an agency that answers
        assert max(c.last_message_at for c in conversations) > now() - timedelta(hours=1)
        assert min(c.opened_at for c in conversations) > now() - timedelta(days=91)
        assert any(m.direction == "note" for m in await all_of(db, Message, sol.id))


async def test_an_answer_to_a_mail_of_the_demo_joins_its_conversation(demo):
    async with reading() as db:
        sol = await _workspace(db, "sol")
        sent = next(m for m in await all_of(db, Message, sol.id) if m.direction == "out" and m.rfc_message_id)
    raw = f"From: {sent.address}\r\nIn-Reply-To: <{sent.rfc_message_id}>\r\n\r\nFine\r\n".encode()
    await store_mail(raw, sent.address, [(sol.id, "sol@localhost.test")])
    await read_waiting_mail()
    async with reading() as db:
        newest = max(await all_of(db, Message, sol.id), key=lambda message: message.id)
    assert (newest.text, newest.conversation_id) == ("Fine", sent.conversation_id)


async def test_each_user_signs_in_and_has_something_unread(demo):
    async with reading() as db:
        for email in ("admin@demo.test", "ana@demo.test", "luis@demo.test", "eva@demo.test", "vera@demo.test"):
            user = await check_password(db, email, PASSWORD, "192.0.2.1")
            assert await count_unread(db, Actor.of(user)) > 0


async def test_nobodys_bell_is_empty_and_no_digest_is_due(demo):
    async with reading() as db:
        for email in ("admin@demo.test", "ana@demo.test", "luis@demo.test", "eva@demo.test", "vera@demo.test"):
            actor = Actor.of(await check_password(db, email, PASSWORD, "192.0.2.1"))
            kinds = shown_kinds(await own_choices(db, actor.user_id))
            notices, _ = await notices_page(db, actor, kinds)
            assert notices
            assert not await count_notices(db, actor, kinds)


async def test_the_next_row_gets_an_id_of_its_own(demo):
    async with transaction() as db:
        sol = await _workspace(db, "sol")
        assert (await add_contact(db, sol.id, name="Marco Torres")).id > 60
