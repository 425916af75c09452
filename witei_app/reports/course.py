"""New, closed and open conversations over time."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Integer, and_, case, column, func, or_, values
from sqlmodel import col, select

from witei_app.db import Session, UtcDateTime
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened
from witei_app.reports.new import opened_for

_CHANGES = (EventKind.OPENED, EventKind.ARCHIVED, EventKind.REOPENED, EventKind.DELETED, EventKind.RESTORED)


@dataclass(frozen=True)
class Part:
    """What happened from `start` on, and how many conversations were open when the part ended."""

    start: datetime
    new: int
    closed: int
    backlog: int


async def course(db: Session, asked: Asked, boundaries: Sequence[datetime]) -> list[Part]:
    """The parts between the boundaries, which go from the start of the range to its end."""
    backlog = await _backlog_before(db, asked)
    changes = await _by_part(db, asked, boundaries)
    new = await _new_of_user(db, asked, boundaries) if asked.user_id is not None else None
    found = []
    for number, start in enumerate(boundaries[:-1]):
        counts, moved = changes[number]
        backlog += moved
        opened = counts[EventKind.OPENED] if new is None else new[number]
        found.append(Part(start, opened, counts[EventKind.ARCHIVED], backlog))
    return found


async def _backlog_before(db: Session, asked: Asked) -> int:
    kinds, whose, amount = _backlog_of(asked)
    query = select(func.coalesce(func.sum(amount), 0)).where(happened(asked, *kinds, before=True), whose)
    return (await db.exec(query)).one()


async def _by_part(db: Session, asked: Asked, boundaries: Sequence[datetime]) -> dict[int, tuple[Counter[str], int]]:
    kinds, whose, amount = _backlog_of(asked)
    part, event = _parts(boundaries), ConversationEvent
    inside = and_(col(event.at) >= part.c.start, col(event.at) < part.c.end)
    query = (
        select(part.c.number, event.kind, func.count(), func.sum(amount))
        .join(part, inside)
        .where(happened(asked, *kinds), whose)
        .group_by(part.c.number, col(event.kind))
    )
    found: defaultdict[int, tuple[Counter[str], int]] = defaultdict(lambda: (Counter(), 0))
    for number, kind, quantity, moved in (await db.exec(query)).all():
        counts, so_far = found[number]
        counts[kind] = quantity
        found[number] = counts, so_far + moved
    return found


async def _new_of_user(db: Session, asked: Asked, boundaries: Sequence[datetime]) -> Counter[int]:
    part, event = _parts(boundaries), ConversationEvent
    inside = and_(col(event.at) >= part.c.start, col(event.at) < part.c.end)
    query = select(part.c.number, func.count()).select_from(event).join(part, inside)
    return Counter(dict((await db.exec(query.where(*opened_for(asked)).group_by(part.c.number))).all()))


def _backlog_of(asked: Asked) -> tuple[tuple[EventKind, ...], Any, Any]:
    """Which events change the backlog asked for, under which condition, and by how much."""
    event = ConversationEvent
    if asked.user_id is None:
        return _CHANGES, col(event.id) > 0, col(event.backlog)
    is_mine = col(event.assignee_id) == asked.user_id
    was_mine = and_(col(event.kind) == EventKind.ASSIGNED, col(event.previous_id) == asked.user_id)
    amount = case((was_mine, -col(event.backlog)), else_=col(event.backlog))
    return (*_CHANGES, EventKind.ASSIGNED), or_(is_mine, was_mine), amount


def _parts(boundaries: Sequence[datetime]) -> Any:
    rows = [(number, *pair) for number, pair in enumerate(pairwise(boundaries))]
    moment = UtcDateTime()
    columns = (column("number", Integer), column("start", moment), column("end", moment))
    return values(*columns, name="part").data(rows).cte("part")
