"""New conversations: whose they are, and where they came from."""

from collections import Counter
from typing import Any

from sqlalchemy import ScalarSelect, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened


async def new_by_user(db: Session, asked: Asked) -> Counter[int]:
    """How many conversations began in the range, by who had them at its end (0 is nobody); of all users.

    Added up from the openings and what each assignment in the range moved, without looking at each conversation.
    """
    event = ConversationEvent
    opened = select(event.assignee_id, func.count()).where(happened(asked, EventKind.OPENED))
    counts = Counter(dict((await db.exec(opened.group_by(col(event.assignee_id)))).all()))
    moved = (
        select(event.previous_id, event.assignee_id, func.count())
        .where(happened(asked, EventKind.ASSIGNED), col(event.opened_at) >= asked.start)
        .group_by(col(event.previous_id), col(event.assignee_id))
    )
    for had, has, quantity in (await db.exec(moved)).all():
        counts[had] -= quantity
        counts[has] += quantity
    return Counter({user_id: quantity for user_id, quantity in counts.items() if quantity})


async def new_by_source(db: Session, asked: Asked) -> Counter[tuple[str, str]]:
    """How many came over which channel, from which origin."""
    event = ConversationEvent
    query = select(event.channel, event.origin, func.count()).where(*opened_for(asked))
    rows = (await db.exec(query.group_by(col(event.channel), col(event.origin)))).all()
    return Counter({(channel, origin): quantity for channel, origin, quantity in rows})


def opened_for(asked: Asked) -> list[Any]:
    """The conditions on the openings that count for the user asked for: conversations that were theirs at the end."""
    conditions: list[Any] = [happened(asked, EventKind.OPENED)]
    if asked.user_id is not None:
        conditions.append(holder_at_end(asked) == asked.user_id)
    return conditions


def holder_at_end(asked: Asked) -> ScalarSelect[int]:
    """Who had the conversation of an event at the end of the range: the last entry before it says so."""
    later = aliased(ConversationEvent)
    query = select(later.assignee_id).where(
        later.conversation_id == ConversationEvent.conversation_id, col(later.at) < asked.end
    )
    return query.order_by(col(later.id).desc()).limit(1).scalar_subquery()
