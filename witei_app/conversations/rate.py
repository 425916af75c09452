"""What the contact thought of it: one to five stars and a sentence, once for each time that it was closed."""

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import ConversationChanged, announce
from witei_app.models import Conversation, ConversationEvent, Direction, EventKind, Message

MOST_STARS = 5
LONGEST_COMMENT = 1000


async def may_rate(db: Session, conversation: Conversation) -> bool:
    """Whether the contact is asked: somebody answered, it is closed, and was not rated since."""
    if not conversation.is_archived or conversation.deleted_at is not None:
        return False
    kinds = (EventKind.ARCHIVED, EventKind.RATED)
    last = select(ConversationEvent.kind).where(
        ConversationEvent.conversation_id == conversation.id, col(ConversationEvent.kind).in_(kinds)
    )
    if (await db.exec(last.order_by(col(ConversationEvent.id).desc()).limit(1))).first() != EventKind.ARCHIVED:
        return False
    answer = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.OUT,
        col(Message.user_id).is_not(None),
    )
    return (await db.exec(answer.limit(1))).first() is not None


async def rate(db: Session, conversation: Conversation, stars: int, comment: str = "") -> None:
    """Write it into the log. Refuses what is not asked for. The conversation must be locked."""
    if not 1 <= stars <= MOST_STARS:
        raise Refused("A rating has one to five stars.")
    if not await may_rate(db, conversation):
        raise Refused("This conversation cannot be rated now.")
    system = Actor.system(conversation.workspace_id)
    said = comment.strip()[:LONGEST_COMMENT] or None
    record(db, system, conversation, EventKind.RATED, stars=stars, comment=said)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
