"""The log's entries of some time, as `reports.facts` takes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, cast, false, func, or_
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import Conversation, ConversationEvent, EventKind
from witei_app.reports.sources import Source

Line = tuple[Any, ...]
_MESSAGES = (EventKind.MESSAGE_IN, EventKind.MESSAGE_OUT)


async def lines_between(
    db: Session, workspace_id: int, start: datetime, end: datetime, kinds: tuple[EventKind, ...]
) -> list[tuple[Line, Source]]:
    """The entries of these kinds in the order in which they were written, each with where its conversation began."""
    event = ConversationEvent
    columns: list[Any] = [event.kind, _seconds_since_1970(db), event.conversation_id]
    columns += [func.coalesce(event.user_id, 0), event.assignee_id, event.previous_id]
    columns += [event.seconds, event.stars, event.backlog]
    columns += [Conversation.channel, Conversation.widget_id, Conversation.origin]
    is_counted = or_(col(event.kind).not_in(_MESSAGES), col(event.is_automatic) == false())
    query = (
        select(*columns)
        .join(Conversation, col(Conversation.id) == col(event.conversation_id))
        .where(col(event.workspace_id) == workspace_id, col(event.kind).in_(kinds), is_counted)
        .where(and_(col(event.at) >= start, col(event.at) < end))
        .order_by(col(event.id))
    )
    return [(tuple(row[:9]), Source(*row[9:])) for row in (await db.exec(query)).all()]


def _seconds_since_1970(db: Session) -> Any:
    """Whole seconds, those that have passed: SQLite would round the last thousandth up."""
    at = col(ConversationEvent.at)
    if db.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%s", func.substr(at, 1, 19)), BigInteger)
    return cast(func.floor(func.extract("epoch", at)), BigInteger)
