"""How the database finds conversations where there are many."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlmodel import col, select

from tests.cast import Cast
from tests.plans import asked, plan_of
from witei_app.accounts.actor import Actor
from witei_app.accounts.handing_over import give_out_what_is_left
from witei_app.conversations.bunch import KINDS, act_on_several
from witei_app.conversations.inbox import inbox_page, personal_lines
from witei_app.conversations.thread import thread_page
from witei_app.conversations.view import View
from witei_app.crm.contacts import search_text
from witei_app.crm.erase import erase_rest
from witei_app.crm.merge import move_late_arrivals
from witei_app.db import Session, reading, transaction
from witei_app.models import Contact, Conversation, ConversationEvent, EventKind

CONTACTS, EACH = 1500, 4
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def crowd(cast: Cast) -> Cast:
    """A workspace with 6,000 conversations. PostgreSQL knows how many there are, SQLite is never told."""
    person = Contact(workspace_id=cast.sol, name="Person 0", email="p0@crowd.test").model_dump(exclude={"id"})
    opened = Conversation(workspace_id=cast.sol, contact_id=0).model_dump(exclude={"id"})
    people = [person | _named(n) for n in range(CONTACTS)]
    async with transaction() as db:
        await db.exec(insert(Contact), params=people)
        known = (await db.exec(select(Contact.id, Contact.name).where(col(Contact.name).startswith("Person")))).all()
        lines = [opened | _opened(cast, *one, number) for number in range(EACH) for one in known]
        await db.exec(insert(Conversation), params=lines)
        await _learn(db)
    return cast


def _named(number: int) -> dict[str, str]:
    name, email = f"Person {number}", f"p{number}@crowd.test"
    return {"name": name, "email": email, "search_text": search_text(Contact(name=name, email=email))}


async def _learn(db: Session) -> None:
    """PostgreSQL is told how many of what there are."""
    if db.get_bind().dialect.name == "postgresql":
        await (await db.connection()).execute(text("ANALYZE"))


def _opened(cast: Cast, contact_id: int, contact_name: str, number: int) -> dict[str, Any]:
    moment = BEGAN + timedelta(hours=number, minutes=contact_id)
    return {
        "contact_id": contact_id,
        "contact_name": contact_name,
        "assignee_id": (cast.ana.user_id, cast.luis.user_id, None, None)[number],
        "last_message_at": moment,
        "waiting_since": moment if number % 2 else None,
    }


async def test_a_search_for_a_contact_begins_with_the_contact(crowd: Cast) -> None:
    for whose, order in product(("all", "mine", "unassigned"), ("newest", "waiting")):
        with asked() as queries:
            await _listed(crowd.ana, View(whose, search="p77@crowd", order=order))
        for query in queries:
            plan = await plan_of(*query)
            assert "ix_conversation_contact" in plan, plan
            assert "ix_conversation_list" not in plan, plan


async def test_what_is_known_by_its_id_is_not_looked_for_in_the_whole_workspace(crowd: Cast) -> None:
    async with reading() as db:
        known = list((await db.exec(select(Conversation.id).limit(20))).all())
    with asked() as queries:
        async with transaction() as db:
            await act_on_several(db, crowd.ana, KINDS["unread"], known)
            await personal_lines(db, crowd.ana, known)
    assert len(queries) == 2
    for query in queries:
        plan = await plan_of(*query)
        assert "INTEGER PRIMARY KEY (rowid=?)" in plan or "pk_conversation" in plan, plan
        assert "ix_conversation" not in plan, plan


async def test_the_lines_of_a_thread_are_found_without_its_messages(crowd: Cast) -> None:
    kinds = (EventKind.OPENED, *[EventKind.MESSAGE_IN, EventKind.MESSAGE_OUT] * 5)
    async with transaction() as db:
        several = (await db.exec(select(Conversation).limit(600))).all()
        said = product(several, kinds)
        logged = [ConversationEvent(workspace_id=c.workspace_id, conversation_id=c.id, kind=kind) for c, kind in said]
        await db.exec(insert(ConversationEvent), params=[one.model_dump(exclude={"id"}) for one in logged])
        await _learn(db)
    async with reading() as db:
        one = (await db.exec(select(Conversation).limit(1))).one()
        with asked() as queries:
            await thread_page(db, one)
    (query,) = (query for query in queries if "FROM conversation_event" in query[0])
    plan = await plan_of(*query)
    assert "ix_conversation_event_besides" in plan, plan


async def _listed(actor: Actor, view: View) -> None:
    async with reading() as db:
        await inbox_page(db, actor, view)


async def test_tidying_does_not_read_every_conversation(lite_cast: Cast) -> None:
    with asked() as queries:
        await erase_rest()
        await move_late_arrivals()
        await give_out_what_is_left()
    for query in queries:
        plan = await plan_of(*query)
        assert "SEARCH conversation USING INDEX" in plan, plan
