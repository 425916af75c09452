"""At which hours of the week contacts write."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import false, func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened, of_user

Week = list[list[int]]
# How much of "2026-11-23 10:42" tells the hour on the spot: where clocks differ from UTC by whole hours, the hour.
_HOUR, _MINUTE = 13, 16


async def messages_by_hour(db: Session, asked: Asked, zone: ZoneInfo) -> Week:
    """Messages received, by weekday (Monday first) and hour of the zone's clocks."""
    event = ConversationEvent
    at = _written(db, _MINUTE if _is_odd(zone, asked) else _HOUR)
    query = (
        select(at, func.count())
        .where(happened(asked, EventKind.MESSAGE_IN), col(event.is_automatic) == false())
        .where(*of_user(asked, col(event.assignee_id)))
        .group_by(at)
    )
    week = [[0] * 24 for _ in range(7)]
    for text, quantity in (await db.exec(query)).all():
        here = datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(zone)
        week[here.weekday()][here.hour] += quantity
    return week


def _written(db: Session, letters: int) -> Any:
    at = col(ConversationEvent.at)
    if db.get_bind().dialect.name == "sqlite":
        return func.substr(at, 1, letters)
    return func.to_char(at, "YYYY-MM-DD HH24:MI" if letters == _MINUTE else "YYYY-MM-DD HH24")


def _is_odd(zone: ZoneInfo, asked: Asked) -> bool:
    offsets = [moment.astimezone(zone).utcoffset() for moment in (asked.start, asked.end)]
    return any(offset is not None and offset.total_seconds() % 3600 for offset in offsets)
