"""Adding a message to a conversation: its number, and what the list shows of it."""

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.live.events import MessageAdded, announce
from witei_app.mail.plain import preview
from witei_app.models import Conversation, Direction, EventKind, Message

_KINDS = {Direction.IN: EventKind.MESSAGE_IN, Direction.OUT: EventKind.MESSAGE_OUT, Direction.NOTE: EventKind.NOTE}


async def add_message(
    db: Session,
    actor: Actor,
    conversation: Conversation,
    message: Message,
    *,
    is_old: bool = False,
    is_seen: bool = False,
) -> Message:
    """Give the message its number, store it, and bring the conversation's line up to date.

    The conversation must be locked (`find_conversation`), so that two writers get two numbers. An old one is no news,
    and makes nothing newer look older; a seen one asks nobody to read or to answer it.
    """
    message.workspace_id = conversation.workspace_id
    message.conversation_id = conversation.id
    message.number = conversation.last_number + 1
    db.add(message)
    conversation.last_number = message.number
    await db.flush()
    is_first_reply = _is_first_reply(conversation, message)
    if not is_old or message.created_at >= conversation.last_message_at:
        before = places_of(conversation)
        _update_line(conversation, message, is_seen=is_seen)
        recount(db, conversation, before)
    kind = _KINDS[Direction(message.direction)]
    record(
        db,
        actor,
        conversation,
        kind,
        at=message.created_at,
        is_automatic=_is_automatic(message),
        is_first_reply=is_first_reply,
        message_id=message.id,
    )
    announce(
        db, MessageAdded(conversation.workspace_id, conversation.id, message.id, message.number, str(message.direction))
    )
    return message


def _is_automatic(message: Message) -> bool:
    """What goes out and no user wrote is automatic too: a greeting, a notice."""
    return message.is_automatic or (message.direction == Direction.OUT and message.user_id is None)


def _is_first_reply(conversation: Conversation, message: Message) -> bool:
    """Whether a contact who wrote is answered for the first time. What the team began has no first response."""
    is_reply = message.direction == Direction.OUT and not _is_automatic(message)
    return is_reply and conversation.first_replied_at is None and conversation.last_inbound_id > 0


def _update_line(conversation: Conversation, message: Message, *, is_seen: bool) -> None:
    if message.direction == Direction.NOTE:
        return  # the line shows what passed between us and the contact
    conversation.last_message_at = message.created_at
    conversation.last_user_id = message.user_id
    conversation.preview = preview(message.text) or message.subject[:140]
    if message.direction == Direction.IN and not is_seen:
        conversation.last_inbound_id = message.id
        if not message.is_automatic:
            conversation.needs_reply = True
            conversation.waiting_since = conversation.waiting_since or message.created_at
    elif message.direction == Direction.OUT:
        conversation.needs_reply = False
        conversation.waiting_since = None
        conversation.has_failed = False
