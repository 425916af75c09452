"""Days of the log, packed into pages; what no page holds is read from the log itself.

A page only saves time: it says nothing that the log does not, and a day without one, or about which something was
written down late, is read from the log. So figures are right whether or not the worker has come round.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.db import Session, binary_answers
from witei_app.models import ConversationEvent, EventKind, ReportDay, ReportLate
from witei_app.reports.facts import KINDS, LAYOUTS, NET, Facts, Rows, facts_of, net_of, packed, unpacked
from witei_app.reports.log_lines import lines_between
from witei_app.reports.sources import Source, number_meanwhile, numbers_of_sources
from witei_app.reports.span import midnight

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
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
class _Page:
    """A page, and the time that it speaks of: whole hours from the day's beginning on."""

    day: str
    start: datetime
    until: datetime

    def held(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """What it holds of the time from `start` to `end`: whole hours, by which it adds up messages."""
        begun = -((self.start - max(self.start, start)) // HOUR)
        until = self.until if end >= self.until else self.start + (end - self.start) // HOUR * HOUR
        return self.start + begun * HOUR, until


@dataclass(frozen=True)
class _Piece:
    """Some time that is read at once, from a page or, without one, from the log."""

    start: datetime
    end: datetime
    page: _Page | None = None

    def cut(self, column: bytes, layout: np.dtype[Any]) -> bytes:
        """Of a page's column, what is in this piece of time."""
        if self.page is None or (self.start, self.end) == (self.page.start, self.page.until):
            return column
        rows = np.frombuffer(column, dtype=layout)
        return rows[(rows["at"] >= self.start.timestamp()) & (rows["at"] < self.end.timestamp())].tobytes()


async def facts_between(
    db: Session, place: Place, start: datetime, end: datetime, names: Sequence[str] = tuple(LAYOUTS)
) -> Found:
    """What happened from `start` up to, not including, `end`; of the facts those that are named."""
    sources = await numbers_of_sources(db, place.workspace_id)
    start, end = await _in_reason(db, place, start, end)
    if start >= end:
        return Found(unpacked({}), sources)
    pages = await _holding(db, place, start, end)
    columns = await _columns(db, place, pages, [getattr(ReportDay, name) for name in names])
    parts: dict[str, list[bytes]] = {name: [] for name in names}
    for piece in _pieces(start, end, pages):
        if piece.page is None:
            found = packed(await _from_log(db, place, piece, sources))
        else:
            found = dict(zip(names, columns[piece.page.day], strict=True))
        for name in names:
            parts[name].append(piece.cut(found[name], LAYOUTS[name]))
    return Found(unpacked({name: b"".join(some) for name, some in parts.items()}), sources)


async def net_before(db: Session, place: Place, start: datetime) -> tuple[Rows, dict[Source, int]]:
    """How many more open conversations there were at `start` than at the very beginning, by user and source."""
    sources = await numbers_of_sources(db, place.workspace_id)
    begin, end = await _in_reason(db, place, datetime(1971, 1, 1, tzinfo=UTC), start)
    if begin >= end:
        return np.zeros(0, dtype=NET), sources
    pages = [page for page in await _holding(db, place, begin, end) if begin <= page.start and page.until <= end]
    columns = await _columns(db, place, pages, [ReportDay.net])
    found = [np.frombuffer(b"".join(row[0] for row in columns.values()), dtype=NET)]
    unpaged = [piece for piece in _pieces(begin, end, pages) if piece.page is None]
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


async def _holding(db: Session, place: Place, start: datetime, end: datetime) -> list[_Page]:
    """The pages that hold and touch this time, in its order."""
    first, last = start.astimezone(place.zone).date(), end.astimezone(place.zone).date()
    query = select(ReportDay.day, ReportDay.start, ReportDay.until).where(
        ReportDay.workspace_id == place.workspace_id,
        ReportDay.zone == place.zone.key,
        col(ReportDay.day) >= first.isoformat(),
        col(ReportDay.day) <= last.isoformat(),
    )
    pages = [_Page(*row) for row in (await db.exec(query.order_by(col(ReportDay.day)))).all()]
    late = select(ReportLate.at).where(
        ReportLate.workspace_id == place.workspace_id, col(ReportLate.at) >= start - DAY, col(ReportLate.at) < end + DAY
    )
    wrong = {at.astimezone(place.zone).date().isoformat() for at in (await db.exec(late)).all()}
    return [page for page in pages if page.day not in wrong]


async def _columns(
    db: Session, place: Place, pages: Sequence[_Page], columns: Sequence[Any]
) -> dict[str, tuple[bytes, ...]]:
    """These columns of the pages, by day."""
    if not pages:
        return {}
    query = select(ReportDay.day, *columns).where(
        ReportDay.workspace_id == place.workspace_id,
        col(ReportDay.day) >= pages[0].day,
        col(ReportDay.day) <= pages[-1].day,
    )
    async with binary_answers(db):
        rows = (await db.exec(query.order_by(col(ReportDay.day)))).all()
    wanted = {page.day for page in pages}
    return {day: tuple(rest) for day, *rest in rows if day in wanted}


def _pieces(start: datetime, end: datetime, pages: Sequence[_Page]) -> Iterator[_Piece]:
    """The time in order: what pages hold, and what is between."""
    for page in pages:
        begin, until = page.held(start, end)
        if begin < until:
            if start < begin:
                yield _Piece(start, begin)
            yield _Piece(begin, until, page)
            start = until
    if start < end:
        yield _Piece(start, end)


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
