"""Days of the log, packed into pages; what no page holds is read from the log itself.

A page only saves time: it says nothing that the log does not, and a day without one, or about which something was
written down late, is read from the log. So figures are right whether or not the worker has come round.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.db import Session, binary_answers
from witei_app.models import ConversationEvent, EventKind, ReportDay, ReportLate
from witei_app.reports.facts import KINDS, LAYOUTS, OF_DAY, SLOTS, Facts, Rows, facts_of, packed, slots_of, unpacked
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
    """Facts, where the conversations in them began by the numbers used there, and `slots` of facts by the day."""

    facts: Facts
    sources: dict[Source, int]
    slots: Rows | None = None


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

    @property
    def is_whole(self) -> bool:
        """Whether it is all that there is: a whole page, or what was read of the log."""
        return self.page is None or (self.start, self.end) == (self.page.start, self.page.until)

    def cut(self, column: bytes, layout: np.dtype[Any]) -> bytes:
        """Of a page's column, what is in this piece of time."""
        if self.is_whole:
            return column
        rows = np.frombuffer(column, dtype=layout)
        return rows[(rows["at"] >= self.start.timestamp()) & (rows["at"] < self.end.timestamp())].tobytes()


async def facts_between(
    db: Session,
    place: Place,
    start: datetime,
    end: datetime,
    names: Sequence[str] = tuple(LAYOUTS),
    *,
    by_day: bool = False,
) -> Found:
    """What happened from `start` up to, not including, `end`; of the facts those that are named.

    With `by_day` messages and movements may be added up for each day, at its beginning, which is a fraction to read.
    """
    sources = await numbers_of_sources(db, place.workspace_id)
    start, end = await _in_reason(db, place, start, end)
    pages = await _holding(db, place, start, end) if start < end else []
    pieces = list(_pieces(start, end, pages))
    columns = await _of_pages(db, place, pieces, names, by_day=by_day)
    found: dict[str, list[bytes]] = {name: [] for name in (*names, "slots")}
    for piece in pieces:
        there = columns[piece.page.day] if piece.page else packed(await _from_log(db, place, piece, sources))
        for name in names:
            found[name].append(piece.cut(there[name], LAYOUTS[name]))
        if by_day:
            found["slots"].append(there["slots"] if "slots" in there else _slots(found["messages"][-1]))
    joined = {name: b"".join(some) for name, some in found.items()}
    return Found(unpacked(joined), sources, np.frombuffer(joined["slots"], dtype=SLOTS) if by_day else None)


def _slots(messages: bytes) -> bytes:
    return slots_of(np.frombuffer(messages, dtype=LAYOUTS["messages"])).tobytes()


async def _of_pages(
    db: Session, place: Place, pieces: Sequence[_Piece], names: Sequence[str], *, by_day: bool
) -> dict[str, dict[str, bytes]]:
    """What the pages of these pieces say, by day. A page of which a piece is only a part is read by the hour."""
    paged = [piece for piece in pieces if piece.page is not None]
    if not by_day:
        return await _columns(db, place, paged, dict(zip(names, names, strict=True)))
    whole = [piece for piece in paged if piece.is_whole]
    found = await _columns(db, place, whole, {name: OF_DAY.get(name, name) for name in names} | {"slots": "slots"})
    for piece in paged:  # two at most: the first and the last
        if not piece.is_whole:
            found |= await _columns(db, place, [piece], dict(zip(names, names, strict=True)))
    return found


async def net_before(db: Session, place: Place, start: datetime) -> tuple[Rows, dict[Source, int]]:
    """How many more open conversations there were at `start` than at the very beginning, by user and source."""
    sources = await numbers_of_sources(db, place.workspace_id)
    begin, end = await _in_reason(db, place, datetime(1971, 1, 1, tzinfo=UTC), start)
    if begin >= end:
        return np.zeros(0, dtype=LAYOUTS["moved"]), sources
    pages = [page for page in await _holding(db, place, begin, end) if begin <= page.start and page.until <= end]
    pieces = list(_pieces(begin, end, pages))
    columns = await _columns(db, place, [piece for piece in pieces if piece.page is not None], {"moved": "net"})
    found = [np.frombuffer(b"".join(one["moved"] for one in columns.values()), dtype=LAYOUTS["moved"])]
    unpaged = [piece for piece in pieces if piece.page is None]
    found += [(await _from_log(db, place, piece, sources, CHANGES)).moved for piece in unpaged]
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
    db: Session, place: Place, pieces: Sequence[_Piece], names: Mapping[str, str]
) -> dict[str, dict[str, bytes]]:
    """What the pages of these pieces say, by day and name; `names` says which column each comes from."""
    days = [piece.page.day for piece in pieces if piece.page is not None]
    if not days:
        return {}
    query = select(ReportDay.day, *(getattr(ReportDay, column) for column in names.values())).where(
        ReportDay.workspace_id == place.workspace_id, col(ReportDay.day) >= days[0], col(ReportDay.day) <= days[-1]
    )
    async with binary_answers(db):
        rows = (await db.exec(query.order_by(col(ReportDay.day)))).all()
    wanted = set(days)
    return {day: dict(zip(names, rest, strict=True)) for day, *rest in rows if day in wanted}


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
