"""A mail that came to the wrong conversation is put where it belongs."""

import pytest

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive
from witei_app.conversations.move import join, move, split, targets
from witei_app.conversations.reply import send_reply
from witei_app.crm.contacts import contact_of_address
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, Event, MessageAdded, MessageChanged
from witei_app.models import Channel, Contact, Conversation, ConversationEvent, EventKind, Message, Status


async def laura(cast: Cast) -> Contact:
    async with transaction() as db:
        return await contact_of_address(db, cast.sol, "laura@elsewhere.test", "Laura Peña", "E-mail")


async def stranger(cast: Cast, points_to: int) -> Message:
    """Laura's mail, which answers one of Marco's conversation."""
    opened = await open_conversation(await laura(cast), "I am his wife", points_to_id=points_to)
    return (await all_of(Message, Message.conversation_id == opened))[0]


async def do(rule: object, actor: Actor, *arguments: int) -> int:
    async with transaction() as db:
        return await rule(db, actor, *arguments)  # type: ignore[operator]


async def test_a_strangers_mail_joins_the_conversation_that_it_points_at(cast: Cast, announced: list[Event]) -> None:
    marcos = await open_conversation(cast.marco)
    await act(cast.ana, marcos, send_reply, "It is")
    mail = await stranger(cast, marcos)
    alone = mail.conversation_id
    announced.clear()
    assert await do(join, cast.ana, mail.id) == marcos
    moved, target, source = await get(Message, mail.id), await get(Conversation, marcos), await get(Conversation, alone)
    assert (moved.conversation_id, moved.number, moved.points_to_id) == (marcos, 3, None)
    assert (target.last_number, target.preview, target.needs_reply) == (3, "I am his wife", True)
    assert source.deleted_at is not None
    kinds = {event.kind for event in await all_of(ConversationEvent)}
    assert {EventKind.MOVED_IN, EventKind.MOVED_OUT} <= kinds
    assert MessageAdded(cast.sol, marcos, mail.id, 3, "in") in announced
    assert MessageChanged(cast.sol, alone, mail.id) in announced
    assert {e.conversation_id for e in announced if isinstance(e, ConversationChanged)} == {marcos, alone}


async def test_joining_reopens_and_whoever_joined_takes_part(cast: Cast) -> None:
    marcos = await open_conversation(cast.marco)
    await act(cast.ana, marcos, archive)
    mail = await stranger(cast, marcos)
    await do(join, cast.ana, mail.id)
    assert (await get(Conversation, marcos)).status == Status.OPEN
    assert (await get(Message, mail.id)).address == "laura@elsewhere.test"


async def test_a_mail_is_split_off_into_a_conversation_with_its_sender(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    other = await write_in(opened, "About the garage", address="laura@elsewhere.test", subject="Garage")
    await write_in(opened, "Back to the flat")
    fresh = await do(split, cast.ana, other.id)
    conversation, before = await get(Conversation, fresh), await get(Conversation, opened)
    contact = await get(Contact, conversation.contact_id)
    assert (conversation.subject, contact.email, conversation.last_number) == ("Garage", "laura@elsewhere.test", 1)
    numbers = [message.number for message in await all_of(Message, Message.conversation_id == opened)]
    assert (sorted(numbers), before.last_number, before.preview) == ([1, 2, 3], 3, "Back to the flat")


async def test_the_only_message_cannot_be_split_off(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    (message,) = await all_of(Message)
    with pytest.raises(Refused, match="no other message"):
        await do(split, cast.ana, message.id)
    assert (await get(Message, message.id)).conversation_id == opened


async def test_answers_notes_and_chats_stay_where_they_are(cast: Cast) -> None:
    marcos, target = await open_conversation(cast.marco), await open_conversation(cast.marco)
    answer = await act(cast.ana, marcos, send_reply, "It is")
    chat = await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    (first,) = await all_of(Message, Message.conversation_id == target)
    for message_id, to in ((answer.id, target), (first.id, chat), (first.id, target)):
        with pytest.raises(Refused):
            await do(move, cast.ana, message_id, to)


async def test_nobody_moves_what_they_may_not_see(cast: Cast) -> None:
    marcos = await open_conversation(cast.marco)
    mail = await stranger(cast, marcos)
    for outsider in (cast.vera, cast.eva):
        for rule in (join, split):
            for message_id in (mail.id, 10**9):  # whether there is such a mail is not told
                with pytest.raises(NotFound, match="This is not here, or you may not see it"):
                    await do(rule, outsider, message_id)
    assert (await get(Message, mail.id)).points_to_id == marcos


async def test_a_mail_that_points_nowhere_joins_nothing(cast: Cast) -> None:
    await open_conversation(cast.marco)
    (message,) = await all_of(Message)
    with pytest.raises(Refused, match="no other conversation"):
        await do(join, cast.ana, message.id)


async def test_where_it_may_go_is_told_with_state_and_time(lite_cast: Cast) -> None:
    opened, other, archived = [await open_conversation(lite_cast.marco) for _ in range(3)]
    await act(lite_cast.ana, archived, archive)
    mail = await write_in(opened, "About the garage")
    async with reading() as db:
        found = {one.id: one.detail for one in await targets(db, lite_cast.ana, mail.id, "")}
    assert set(found) == {other, archived}
    assert "· open · " in found[other]
    assert "· archived · " in found[archived]
