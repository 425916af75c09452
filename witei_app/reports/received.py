"""Messages from contacts."""

from collections import Counter

from sqlalchemy import false, func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened, of_user


async def received_by_user(db: Session, asked: Asked) -> Counter[int]:
    """How many messages contacts wrote, by who had the conversation then. Automatic ones do not count."""
    event = ConversationEvent
    query = (
        select(event.assignee_id, func.count())
        .where(happened(asked, EventKind.MESSAGE_IN), col(event.is_automatic) == false())
        .where(*of_user(asked, col(event.assignee_id)))
        .group_by(col(event.assignee_id))
    )
    return Counter(dict((await db.exec(query)).all()))
