"""The conversation's line in the list, worked out anew from its messages after one of them left."""

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.messages import preview_of
from witei_app.db import Session
from witei_app.models import NOT_ARRIVED, Conversation, Delivery, Direction, Message

LOOKED_AT = 200


async def redraw_line(db: Session, conversation: Conversation) -> None:
    """Set what `add_message` keeps up to date: newest message, who waits since when, whether the last answer failed."""
    await db.flush()
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            col(Message.direction).in_((Direction.IN, Direction.OUT)),
        )
        .order_by(col(Message.number).desc())
        .limit(LOOKED_AT)
    )
    newest_first = (await db.exec(query)).all()
    _show_newest(conversation, newest_first[0] if newest_first else None)
    unanswered = _unanswered(list(newest_first))
    before = places_of(conversation)
    conversation.needs_reply = bool(unanswered) and not conversation.is_archived
    conversation.waiting_since = unanswered[-1].created_at if conversation.needs_reply else None
    recount(db, conversation, before)
    conversation.has_failed = await _last_answer_failed(db, list(newest_first))


async def wait_again(db: Session, conversation: Conversation) -> None:
    """The contact waits for an answer again, since their first word that nobody has answered, if there is one."""
    last_answer = select(func.max(Message.number)).where(
        Message.conversation_id == conversation.id, Message.direction == Direction.OUT
    )
    query = select(func.min(Message.created_at)).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.IN,
        ~col(Message.is_automatic),
        col(Message.number) > func.coalesce(last_answer.scalar_subquery(), 0),
    )
    conversation.waiting_since = (await db.exec(query)).one()
    conversation.needs_reply = conversation.waiting_since is not None


def _show_newest(conversation: Conversation, message: Message | None) -> None:
    if message is None:
        conversation.preview, conversation.last_user_id = "", None
        return
    conversation.last_message_at = message.created_at
    conversation.last_user_id = message.user_id
    conversation.preview = preview_of(message)


def _unanswered(newest_first: list[Message]) -> list[Message]:
    waiting = []
    for message in newest_first:
        if message.direction == Direction.OUT:
            break
        if not message.is_automatic:
            waiting.append(message)
    return waiting


async def _last_answer_failed(db: Session, newest_first: list[Message]) -> bool:
    answer = next((message for message in newest_first if message.direction == Direction.OUT), None)
    if answer is None:
        return False
    query = select(Delivery.id).where(Delivery.message_id == answer.id, col(Delivery.state).in_(NOT_ARRIVED))
    return (await db.exec(query.limit(1))).first() is not None
