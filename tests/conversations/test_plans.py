"""How the database finds conversations where there are many."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import insert, text
from sqlmodel import select

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
    people = [Contact(workspace_id=cast.sol, name=f"Person {n}", email=f"p{n}@crowd.test") for n in range(CONTACTS)]
    for one in people:
        one.search_text = search_text(one)
    async with transaction() as db:
        db.add_all(people)
        await db.flush()
        opened = [_opened(cast, one, number) for number in range(EACH) for one in people]
        await db.exec(insert(Conversation), params=[one.model_dump(exclude={"id"}) for one in opened])
        await _learn(db)
    return cast


async def _learn(db: Session) -> None:
    """PostgreSQL is told how many of what there are."""
    if db.get_bind().dialect.name == "postgresql":
        await (await db.connection()).execute(text("ANALYZE"))


def _opened(cast: Cast, contact: Contact, number: int) -> Conversation:
    moment = BEGAN + timedelta(hours=number, minutes=contact.id)
    return Conversation(
        workspace_id=cast.sol,
        contact_id=contact.id,
        contact_name=contact.name,
        assignee_id=(cast.ana.user_id, cast.luis.user_id, None, None)[number],
        last_message_at=moment,
        waiting_since=moment if number % 2 else None,
    )


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
