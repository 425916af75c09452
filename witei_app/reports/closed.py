"""Closed conversations, and how long they were open."""

from collections import Counter, defaultdict

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened, of_user


async def closing_times(db: Session, asked: Asked) -> dict[int, Counter[int]]:
    """For each user who had conversations when they were closed: seconds since the opening, and how often."""
    event = ConversationEvent
    query = (
        select(event.assignee_id, event.seconds, func.count())
        .where(happened(asked, EventKind.ARCHIVED), *of_user(asked, col(event.assignee_id)))
        .group_by(col(event.assignee_id), col(event.seconds))
    )
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for user_id, seconds, often in (await db.exec(query)).all():
        found[user_id][seconds or 0] = often
    return found
