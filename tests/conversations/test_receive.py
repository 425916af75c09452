"""What comes from outside opens, continues, reopens and brings back conversations."""

from tests.cast import Cast, act, all_of, get, open_conversation, write_in
from witei_app.conversations.archive import archive
from witei_app.conversations.delete import delete
from witei_app.conversations.receive import IncomingFile
from witei_app.models import Attachment, Conversation, Direction, Message, Status


async def test_a_first_message_opens_a_conversation_that_waits_for_an_answer(cast: Cast) -> None:
    conversation = await get(Conversation, await open_conversation(cast.marco, "Is the flat  still free?"))
    assert (conversation.status, conversation.last_number, conversation.needs_reply) == (Status.OPEN, 1, True)
    assert conversation.contact_name == "Marco Peña"
    assert conversation.preview == "Is the flat still free?"
    assert conversation.waiting_since == conversation.last_message_at


async def test_the_next_message_continues_it_and_the_waiting_began_with_the_first(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    before = await get(Conversation, opened)
    message = await write_in(opened, "Hello?")
    after = await get(Conversation, opened)
    assert (message.number, message.direction) == (2, Direction.IN)
    assert (after.last_number, after.preview, after.last_inbound_id) == (2, "Hello?", message.id)
    assert after.waiting_since == before.waiting_since


async def test_a_message_reopens_an_archived_conversation(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, archive)
    await write_in(opened)
    conversation = await get(Conversation, opened)
    assert (conversation.status, conversation.archived_at) == (Status.OPEN, None)


async def test_an_automatic_answer_reopens_nothing_and_waits_for_nobody(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, archive)
    await write_in(opened, "I am on holiday", is_automatic=True)
    conversation = await get(Conversation, opened)
    assert conversation.is_archived
    assert (conversation.needs_reply, conversation.waiting_since) == (False, None)


async def test_a_message_brings_a_conversation_back_from_the_bin(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, delete)
    await write_in(opened)
    assert (await get(Conversation, opened)).deleted_at is None


async def test_the_same_message_sent_twice_is_there_once(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    first = await write_in(opened, "Again", client_id="x1")
    second = await write_in(opened, "Again", client_id="x1")
    assert first.id == second.id
    assert (await get(Conversation, opened)).last_number == 2


async def test_files_belong_to_their_message(cast: Cast) -> None:
    plan = IncomingFile("a" * 64, "plan.pdf", "application/pdf", 10)
    logo = IncomingFile("b" * 64, "logo.png", "image/png", 5, content_id="logo", is_inline=True)
    await open_conversation(cast.marco, files=(plan, logo))
    (message,) = await all_of(Message)
    assert message.has_files
    assert [(f.message_id, f.name, f.is_inline) for f in await all_of(Attachment)] == [
        (message.id, "plan.pdf", False),
        (message.id, "logo.png", True),
    ]
