"""Finished days of the log, packed into pages; what no page holds is read from the log itself.

A page only saves time: it says nothing that the log does not, and a day without one, or about which something was
written down late, is read from the log. So figures are right whether or not the worker has come round.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind, ReportDay, ReportLate
from witei_app.reports.facts import KINDS, LAYOUTS, NET, Facts, Rows, facts_of, net_of, packed, unpacked
from witei_app.reports.log_lines import lines_between
from witei_app.reports.sources import Source, number_meanwhile, numbers_of_sources
from witei_app.reports.span import midnight

DAY = timedelta(days=1)
CHANGES = (
    *(EventKind.OPENED, EventKind.ASSIGNED, EventKind.ARCHIVED),
    *(EventKind.REOPENED, EventKind.DELETED, EventKind.RESTORED),
)


@dataclass(frozen=True)
class Place:
    """Whose log, by which clocks."""

    workspace_id: int
    zone: ZoneInfo


@dataclass(frozen=True)
class Found:
    """Facts, and where the conversations in them began by the numbers used there."""

    facts: Facts
    sources: dict[Source, int]


@dataclass(frozen=True)
class _Piece:
    """Some time that is read at once: whole days from pages, or any time from the log."""

    start: datetime
    end: datetime
    pages: tuple[str, ...] = ()


async def facts_between(
    db: Session, place: Place, start: datetime, end: datetime, names: Sequence[str] = tuple(LAYOUTS)
) -> Found:
    """What happened from `start` up to, not including, `end`; of the facts those that are named."""
    sources = await numbers_of_sources(db, place.workspace_id)
    start, end = await _in_reason(db, place, start, end)
    if start >= end:
        return Found(unpacked({}), sources)
    days = await _whole_days(db, place, start, end)
    pages = await _pages(db, place, days, [getattr(ReportDay, name) for name in names])
    parts: dict[str, list[bytes]] = {name: [] for name in names}
    for piece in _pieces(place, start, end, days):
        rows = [pages[day] for day in piece.pages]
        if not piece.pages:
            columns = packed(await _from_log(db, place, piece, sources))
            rows = [tuple(columns[name] for name in names)]
        for number, name in enumerate(names):
            parts[name] += [row[number] for row in rows]
    return Found(unpacked({name: b"".join(some) for name, some in parts.items()}), sources)


async def net_before(db: Session, place: Place, start: datetime) -> tuple[Rows, dict[Source, int]]:
    """How many more open conversations there were at `start` than at the very beginning, by user and source."""
    sources = await numbers_of_sources(db, place.workspace_id)
    begin, end = await _in_reason(db, place, datetime(1971, 1, 1, tzinfo=UTC), start)
    if begin >= end:
        return np.zeros(0, dtype=NET), sources
    days = await _whole_days(db, place, begin, end)
    pages = await _pages(db, place, days, [ReportDay.net])
    found = [np.frombuffer(b"".join(row[0] for row in pages.values()), dtype=NET)]
    unpaged = [piece for piece in _pieces(place, begin, end, days) if not piece.pages]
    found += [net_of((await _from_log(db, place, piece, sources, CHANGES)).moved) for piece in unpaged]
    return np.concatenate(found), sources


async def _in_reason(db: Session, place: Place, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """No earlier than the first entry's day: a range may be a century long."""
    event = ConversationEvent
    query = select(func.min(event.at)).where(event.workspace_id == place.workspace_id)
    query = query.where(col(event.kind) == EventKind.OPENED)
    first = (await db.exec(query)).one()
    if first is None:
        return end, end
    return max(start, midnight(first.astimezone(place.zone).date() - DAY, place.zone)), end


async def _whole_days(db: Session, place: Place, start: datetime, end: datetime) -> set[date]:
    """The days whose pages hold."""
    first, last = start.astimezone(place.zone).date(), end.astimezone(place.zone).date()
    query = select(ReportDay.day).where(
        ReportDay.workspace_id == place.workspace_id,
        ReportDay.zone == place.zone.key,
        col(ReportDay.day) >= first.isoformat(),
        col(ReportDay.day) <= last.isoformat(),
    )
    days = {date.fromisoformat(day) for day in (await db.exec(query)).all()}
    late = select(ReportLate.at).where(
        ReportLate.workspace_id == place.workspace_id, col(ReportLate.at) >= start - DAY, col(ReportLate.at) < end + DAY
    )
    days -= {at.astimezone(place.zone).date() for at in (await db.exec(late)).all()}
    return {day for day in days if midnight(day, place.zone) >= start and midnight(day + DAY, place.zone) <= end}


async def _pages(db: Session, place: Place, days: set[date], columns: Sequence[Any]) -> dict[str, tuple[bytes, ...]]:
    if not days:
        return {}
    query = select(ReportDay.day, *columns).where(
        ReportDay.workspace_id == place.workspace_id,
        col(ReportDay.day) >= min(days).isoformat(),
        col(ReportDay.day) <= max(days).isoformat(),
    )
    rows = (await db.exec(query.order_by(col(ReportDay.day)))).all()
    wanted = {day.isoformat() for day in days}
    return {day: tuple(rest) for day, *rest in rows if day in wanted}


def _pieces(place: Place, start: datetime, end: datetime, paged: set[date]) -> Iterator[_Piece]:
    """The time in order, days of one kind together."""
    first, last = start.astimezone(place.zone).date(), end.astimezone(place.zone).date()
    days = (first + number * DAY for number in range((last - first).days + 1))
    for is_paged, group in groupby(days, key=paged.__contains__):
        some = list(group)
        begin = max(start, midnight(some[0], place.zone))
        until = min(end, midnight(some[-1] + DAY, place.zone))
        if begin < until:
            yield _Piece(begin, until, tuple(day.isoformat() for day in some) if is_paged else ())


async def _from_log(
    db: Session, place: Place, piece: _Piece, sources: dict[Source, int], kinds: tuple[EventKind, ...] = KINDS
) -> Facts:
    lines = await lines_between(db, place.workspace_id, piece.start, piece.end, kinds)
    for source in set(lines.sources):
        number_meanwhile(sources, source)
    starts = starts_of(place.zone, piece.start, piece.end)
    return await asyncio.to_thread(facts_of, lines, sources, starts, place.zone)


def starts_of(zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """The beginnings of the days that the time from `start` to `end` touches."""
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return [midnight(first + number * DAY, zone) for number in range((last - first).days + 1)]
