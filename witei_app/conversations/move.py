"""Putting a mail where it belongs: into another conversation, or into one of its own."""

from dataclasses import replace

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import reopen
from witei_app.conversations.delete import delete
from witei_app.conversations.details import conversation_card
from witei_app.conversations.line import redraw_line
from witei_app.conversations.log import record
from witei_app.conversations.rows import CardRow
from witei_app.conversations.start import start_conversation
from witei_app.conversations.visible import find_conversation, may_see, see_conversation, visible_conversations
from witei_app.crm.contacts import contact_of_address, matching
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, MessageAdded, MessageChanged, announce
from witei_app.models import Channel, Contact, Conversation, Direction, EventKind, Message

MOST_TARGETS = 8
MOVED = "{name} moved it here."


async def join(db: Session, actor: Actor, message_id: int) -> int:
    """Move a stranger's mail into the conversation that it points at; gives that one's id."""
    message = await _find_message(db, actor, message_id)
    if message.points_to_id is None:
        raise Refused("This mail points at no other conversation.")
    return await move(db, actor, message_id, message.points_to_id)


async def split(db: Session, actor: Actor, message_id: int) -> int:
    """Give a mail a conversation of its own, with the contact whose address it came from; gives its id."""
    message = await _find_message(db, actor, message_id)
    source = await find_conversation(db, actor, message.conversation_id)
    if not await has_others(db, message):
        raise Refused("This conversation has no other message.")
    _check_movable(source, message)
    contact = await _author(db, source, message)
    subject = message.subject or source.subject
    target = await start_conversation(db, actor, contact, Channel.EMAIL, subject=subject, at=message.created_at)
    await _carry_over(db, actor, message, source, target)
    return target.id


async def _author(db: Session, source: Conversation, message: Message) -> Contact:
    """A lead may name no address: then it stays with the contact that it was given to."""
    if not message.address:
        return await db.get_one(Contact, source.contact_id)
    return await contact_of_address(db, source.workspace_id, message.address, message.author_name, origin="E-mail")


async def move(db: Session, actor: Actor, message_id: int, conversation_id: int) -> int:
    """Move a mail into another conversation, as its newest message; gives that one's id.

    A conversation that nothing is left in goes to the bin. Refuses what did not come by mail.
    """
    message = await _find_message(db, actor, message_id)
    # Locked in the order of their ids, so that two who move in opposite directions do not wait for each other.
    found = {one: await find_conversation(db, actor, one) for one in sorted({message.conversation_id, conversation_id})}
    source, target = found[message.conversation_id], found[conversation_id]
    if source.id == target.id:
        raise Refused("It is in this conversation already.")
    _check_movable(source, message)
    if target.channel != Channel.EMAIL:
        raise Refused("A mail cannot be moved into a web chat.")
    await reopen(db, actor, target)
    await _carry_over(db, actor, message, source, target)
    if not await _has_any(db, source):
        await delete(db, Actor.system(source.workspace_id), source)
    return target.id


async def targets(db: Session, actor: Actor, message_id: int, search: str) -> list[CardRow]:
    """Where the mail may go: conversations by mail of the same contact, or of the contacts that were looked for."""
    message = await _find_message(db, actor, message_id)
    source = await see_conversation(db, actor, message.conversation_id)
    whose = [col(Contact.id) == source.contact_id] if not search.strip() else matching(db, search)
    query = (
        visible_conversations(actor)
        .join(Contact, col(Contact.id) == col(Conversation.contact_id))
        .where(Conversation.id != source.id, Conversation.channel == Channel.EMAIL, *whose)
        .order_by(col(Conversation.last_message_at).desc())
        .limit(MOST_TARGETS)
    )
    found = (await db.exec(query)).all()
    cards = [conversation_card(one, actor) for one in found]
    # Two of one contact may be called the same: when they last moved tells them apart.
    return [
        replace(card, title=one.contact_name, detail=f"{card.title} · {card.detail}")
        for one, card in zip(found, cards, strict=True)
    ]


async def _find_message(db: Session, actor: Actor, message_id: int) -> Message:
    actor.must(actor.permissions.can_write)
    query = select(Message).join(Conversation, col(Conversation.id) == col(Message.conversation_id))
    message = (await db.exec(query.where(Message.id == message_id, may_see(actor)))).one_or_none()
    if message is None:
        raise NotFound
    return message


def _check_movable(source: Conversation, message: Message) -> None:
    if source.channel != Channel.EMAIL or message.direction != Direction.IN:
        raise Refused("Only mail that came in can be moved.")


async def _carry_over(db: Session, actor: Actor, message: Message, source: Conversation, target: Conversation) -> None:
    place = empty_place(message)
    message.conversation_id = target.id
    message.number = target.last_number + 1
    message.points_to_id = None
    message.routed_by = f"{MOVED}\n{actor.name}"[:300]
    await db.flush()  # before its old number is given to the empty place
    db.add(place)
    target.last_number = message.number
    target.last_inbound_id = max(target.last_inbound_id, message.id)
    for conversation in (source, target):
        await redraw_line(db, conversation)
        announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
    record(db, actor, source, EventKind.MOVED_OUT, message_id=message.id, conversation_id=target.id)
    record(db, actor, target, EventKind.MOVED_IN, message_id=message.id, conversation_id=source.id)
    announce(db, MessageChanged(source.workspace_id, source.id, message.id))
    announce(db, MessageAdded(target.workspace_id, target.id, message.id, message.number, message.direction))


def empty_place(message: Message) -> Message:
    """What stays behind, so that the numbers of the conversation have no gap."""
    return Message(
        workspace_id=message.workspace_id,
        conversation_id=message.conversation_id,
        number=message.number,
        direction=Direction.WITHDRAWN,
        created_at=message.created_at,
    )


async def has_others(db: Session, message: Message) -> bool:
    """Whether the message is not all that its conversation has."""
    query = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.id != message.id,
        Message.direction != Direction.WITHDRAWN,
    )
    return (await db.exec(query.limit(1))).first() is not None


async def _has_any(db: Session, conversation: Conversation) -> bool:
    query = select(Message.id).where(
        Message.conversation_id == conversation.id, col(Message.direction) != Direction.WITHDRAWN
    )
    return (await db.exec(query.limit(1))).first() is not None
