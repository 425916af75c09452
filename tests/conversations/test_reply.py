"""Answers to the contact, and notes for colleagues alone."""

import asyncio

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from witei_app.conversations.archive import archive
from witei_app.conversations.reply import MOST_BYTES, send_reply, write_note
from witei_app.crm.contacts import add_contact
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.live.events import DeliveryQueued, Event, MessageAdded
from witei_app.models import Channel, Conversation, Delivery, DeliveryState, Direction, Message


async def test_an_answer_is_queued_for_the_contact_with_its_signature(cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(cast.marco)
    message = await act(cast.ana, opened, send_reply, "<p>It <b>is</b>.</p>")
    assert (message.number, message.direction, message.text) == (2, Direction.OUT, "It is.")
    assert "Ana at Inmobiliaria Sol" in message.signature_html
    (delivery,) = await all_of(Delivery)
    assert (delivery.message_id, delivery.recipient, delivery.state) == (
        message.id,
        "marco@contact.test",
        DeliveryState.QUEUED,
    )
    assert {type(event) for event in announced[-2:]} == {MessageAdded, DeliveryQueued}


async def test_the_first_answer_is_the_one_that_counts(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    first = await act(cast.ana, opened, send_reply, "One")
    await act(cast.luis, opened, send_reply, "Two")
    conversation = await get(Conversation, opened)
    assert conversation.first_replied_at == first.created_at
    assert (conversation.needs_reply, conversation.waiting_since) == (False, None)


async def test_an_answer_goes_to_where_the_contact_last_wrote_from(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await write_in(opened, address="marco@office.test")
    message = await act(cast.ana, opened, send_reply, "Hello")
    assert message.address == "marco@office.test"


@pytest.mark.parametrize("empty", ["", "   ", "<p></p>", "<p>&nbsp;<br></p>", "<script>alert(1)</script>"])
async def test_nothing_is_not_an_answer(lite_cast: Cast, empty: str) -> None:
    opened = await open_conversation(lite_cast.marco)
    with pytest.raises(Refused, match="Write something first"):
        await act(lite_cast.ana, opened, send_reply, empty)
    assert (await get(Conversation, opened)).last_number == 1


async def test_an_archived_conversation_is_not_answered(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, archive)
    with pytest.raises(Refused, match="Reopen"):
        await act(cast.ana, opened, send_reply, "Hello")
    assert await all_of(Delivery) == []


async def test_too_long_an_answer_is_refused(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    with pytest.raises(Refused, match="too long"):
        await act(lite_cast.ana, opened, send_reply, "ñ" * (MOST_BYTES // 2 + 1))


async def test_a_contact_without_an_address_cannot_be_answered_by_mail(cast: Cast) -> None:
    async with transaction() as db:
        nobody = await add_contact(db, cast.sol, name="Somebody")
    opened = await open_conversation(nobody)
    with pytest.raises(Refused, match="no e-mail address"):
        await act(cast.ana, opened, send_reply, "Hello")
    assert (await get(Conversation, opened)).last_number == 1


async def test_an_answer_in_the_chat_is_delivered_by_nobody(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    await act(cast.ana, opened, send_reply, "Hello")
    assert await all_of(Delivery) == []


async def test_what_is_sent_twice_under_one_name_is_sent_once(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    twice = await asyncio.gather(*(act(cast.ana, opened, send_reply, "Hi", client_id="c1") for _ in range(4)))
    assert len({message.id for message in twice}) == 1
    assert len(await all_of(Delivery)) == 1
    assert (await get(Conversation, opened)).last_number == 2


async def test_a_repeated_answer_is_recognised_though_the_conversation_was_archived_since(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    first = await act(cast.ana, opened, send_reply, "Hi", client_id="c1")
    await act(cast.luis, opened, archive)
    assert (await act(cast.ana, opened, send_reply, "Hi", client_id="c1")).id == first.id


async def test_a_note_never_leaves_the_team_nor_shows_in_the_list(cast: Cast) -> None:
    opened = await open_conversation(cast.marco, "Is it free?")
    await act(cast.ana, opened, archive)
    note = await act(cast.ana, opened, write_note, "<p>He is nice</p>")
    conversation = await get(Conversation, opened)
    assert note.is_internal
    assert await all_of(Delivery) == []
    assert (conversation.preview, conversation.is_archived, conversation.last_number) == ("Is it free?", True, 2)


async def test_what_an_agent_pastes_is_made_harmless(lite_cast: Cast) -> None:
    opened = await open_conversation(lite_cast.marco)
    hostile = '<p onclick="x()">Hi<img src=x onerror=x()><a href="javascript:x()">there</a></p><script>x()</script>'
    message = await act(lite_cast.ana, opened, send_reply, hostile)
    assert message.text == "Hithere"
    for danger in ("onclick", "onerror", "javascript", "script", "<img"):
        assert danger not in message.html


async def test_a_refused_answer_leaves_no_trace_and_tells_nobody(cast: Cast, announced: list[Event]) -> None:
    opened = await open_conversation(cast.marco)
    announced.clear()
    with pytest.raises(Refused):
        await act(cast.ana, opened, send_reply, "")
    assert announced == []
    assert len(await all_of(Message)) == 1
