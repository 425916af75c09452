"""Writing first, to a contact or to an address."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast, all_of, announced, get, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import read_counts
from witei_app.conversations.recipients import Recipients, add_typed
from witei_app.conversations.write_first import people_to_write_to, write_first
from witei_app.db import reading, transaction
from witei_app.errors import NotAllowed, Refused
from witei_app.models import Contact, Conversation, ConversationEvent, ConversationScope, Delivery, EventKind, Message

__all__ = ["announced"]


async def write(
    actor: Actor, to: str, subject: str = "Viewing", html: str = "<p>Hello</p>", **more: Any
) -> Conversation:
    """The actor begins a conversation."""
    async with transaction() as db:
        recipients = await add_typed(db, actor, Recipients(), "to", to)
        return await write_first(db, actor, recipients, subject, html, **more)


async def test_a_stranger_becomes_a_contact_and_the_writer_has_both(cast: Cast) -> None:
    conversation = await write(cast.eva, " New.Person@example.com ")
    contact = await get(Contact, conversation.contact_id)
    assert (contact.email, contact.responsible_id) == ("new.person@example.com", cast.eva.user_id)
    assert (conversation.assignee_id, conversation.subject) == (cast.eva.user_id, "Viewing")
    (delivery,) = await all_of(Delivery)
    assert delivery.recipient == "new.person@example.com"
    async with reading() as db:
        assert (await read_counts(db, cast.eva, "open")).mine == 1


async def test_a_known_contact_gets_another_conversation(cast: Cast) -> None:
    await open_conversation(cast.marco)
    conversation = await write(cast.ana, "marco@contact.test")
    assert conversation.contact_id == cast.marco.id
    assert len(await all_of(Conversation)) == 2


async def test_two_clicks_begin_one_conversation(cast: Cast) -> None:
    both = await asyncio.gather(*(write(cast.ana, "marco@contact.test", client_id="c1") for _ in range(3)))
    assert len({conversation.id for conversation in both}) == len(await all_of(Message)) == 1


async def test_somebody_elses_contact_is_refused_by_name(cast: Cast) -> None:
    await open_conversation(cast.marco)
    with pytest.raises(Refused, match="belongs to Marco Peña"):
        await write(cast.eva, "marco@contact.test")
    assert len(await all_of(Message)) == 1


async def test_who_sees_no_conversations_begins_none(lite_cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        await write(replace(lite_cast.ana, scope=ConversationScope.NONE), "new.person@example.com")
    assert await all_of(Conversation) == []


@pytest.mark.parametrize(("to", "html"), [("", "x"), ("no", "x"), ("sol@localhost.test", "x"), ("a@b.test", "")])
async def test_what_is_missing_is_asked_for_and_nothing_stays(lite_cast: Cast, to: str, html: str) -> None:
    with pytest.raises(Refused):
        await write(lite_cast.ana, to, "x", html)
    assert len(await all_of(Contact)) == 1
    assert await all_of(Conversation) == []


async def test_only_contacts_within_sight_are_offered(cast: Cast) -> None:
    async with reading() as db:
        assert await people_to_write_to(db, cast.ana, "PENA") == [("marco@contact.test", "Marco Peña")]
        assert await people_to_write_to(db, cast.eva, "") == await people_to_write_to(db, cast.vera, "") == []


async def test_the_log_says_from_the_beginning_that_the_writer_has_it(cast: Cast) -> None:
    await write(cast.luis, "marco@contact.test")
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).responsible_id = cast.luis.user_id
    begun = await write(cast.ana, "marco@contact.test")
    entries = await all_of(ConversationEvent, ConversationEvent.conversation_id == begun.id)
    assert [(entry.kind, entry.assignee_id) for entry in entries] == [
        (EventKind.OPENED, cast.ana.user_id),
        (EventKind.MESSAGE_OUT, cast.ana.user_id),
    ]
