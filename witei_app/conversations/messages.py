"""Adding a message to a conversation: its number, and what the list shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.live.events import MessageAdded, announce
from witei_app.mail.plain import preview
from witei_app.mail.signature_line import is_of_a_device
from witei_app.models import KINDS_OF_MESSAGES, Conversation, Direction, Message

FILES_ALONE = "📎"  # says the same in every language


@dataclass(frozen=True)
class Addition:
    """A message for a conversation. An old one is no news, and makes nothing newer look older; a seen one asks nobody
    to read or to answer it.
    """

    conversation: Conversation
    message: Message
    is_old: bool = False
    is_seen: bool = False


async def add_message(db: Session, actor: Actor, conversation: Conversation, message: Message) -> Message:
    """Give the message its number, store it, and bring the conversation's line up to date.

    The conversation must be locked (`find_conversation`), so that two writers get two numbers.
    """
    await add_messages(db, actor, [Addition(conversation, message)])
    return message


async def add_messages(db: Session, actor: Actor, additions: Sequence[Addition]) -> None:
    """Several at once, oldest first, with one trip to the database."""
    numbers = {one.conversation.id: one.conversation.last_number for one in additions}
    for one in additions:
        numbers[one.conversation.id] += 1
        one.message.workspace_id = one.conversation.workspace_id
        one.message.conversation_id = one.conversation.id
        one.message.number = numbers[one.conversation.id]
        db.add(one.message)
    await db.flush()
    for one in additions:
        _note(db, actor, one)


def _note(db: Session, actor: Actor, addition: Addition) -> None:
    conversation, message = addition.conversation, addition.message
    conversation.last_number = message.number
    is_first_reply = _is_first_reply(conversation, message)
    if not addition.is_old or message.created_at >= conversation.last_message_at:
        before = places_of(conversation)
        _update_line(conversation, message, is_seen=addition.is_seen)
        recount(db, conversation, before)
    record(
        db,
        actor,
        conversation,
        KINDS_OF_MESSAGES[Direction(message.direction)],
        at=message.created_at,
        is_automatic=_is_automatic(message),
        is_first_reply=is_first_reply,
        is_news=not addition.is_old,
        message_id=message.id,
    )
    announce(
        db, MessageAdded(conversation.workspace_id, conversation.id, message.id, message.number, str(message.direction))
    )


def _is_automatic(message: Message) -> bool:
    """What goes out and nobody wrote is automatic too: a greeting, a notice. A mail of the team's own was written."""
    is_nobodys = message.user_id is None and message.inbound_mail_id is None
    return message.is_automatic or (message.direction == Direction.OUT and is_nobodys)


def _is_first_reply(conversation: Conversation, message: Message) -> bool:
    """Whether a contact who wrote is answered for the first time. What the team began has no first response."""
    is_reply = message.direction == Direction.OUT and not _is_automatic(message)
    return is_reply and conversation.first_replied_at is None and conversation.last_inbound_id > 0


def preview_of(message: Message) -> str:
    """What the list shows of a message: its beginning, else its subject, else that it brings files."""
    said = "" if is_of_a_device(message.text.strip()) else preview(message.text)  # pictures from a telephone
    return said or message.subject[:140] or (FILES_ALONE if message.has_files else "")


def _update_line(conversation: Conversation, message: Message, *, is_seen: bool) -> None:
    if message.direction == Direction.NOTE:
        return  # the line shows what passed between us and the contact
    conversation.last_message_at = message.created_at
    conversation.last_user_id = message.user_id
    conversation.preview = preview_of(message)
    if message.direction == Direction.IN and not is_seen:
        conversation.last_inbound_id = message.id
        if not message.is_automatic:
            conversation.needs_reply = True
            conversation.waiting_since = conversation.waiting_since or message.created_at
    elif message.direction == Direction.OUT and not message.is_automatic:
        conversation.needs_reply = False
        conversation.waiting_since = None
        conversation.has_failed = False
