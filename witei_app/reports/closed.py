"""Closed conversations, and how long they were open."""

from collections import defaultdict

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened, of_user
from witei_app.reports.times import Durations, as_shown


async def closing_times(db: Session, asked: Asked) -> dict[int, Durations]:
    """For each user who had conversations when they were closed: the times since their beginnings."""
    event = ConversationEvent
    shown = as_shown(col(event.seconds))
    query = (
        select(event.assignee_id, shown, func.count(), func.sum(event.seconds))
        .where(happened(asked, EventKind.ARCHIVED), *of_user(asked, col(event.assignee_id)))
        .group_by(col(event.assignee_id), shown)
    )
    found: defaultdict[int, Durations] = defaultdict(Durations)
    for user_id, seconds, often, total in (await db.exec(query)).all():
        found[user_id].add(seconds or 0, often, int(total or 0))
    return found
