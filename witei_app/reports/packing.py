"""Packing the log into pages, a day each: the worker's part, and the command that makes or checks all of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Delete, delete, func
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.models import ConversationEvent, EventKind, ReportDay, ReportLate, Workspace
from witei_app.reports.days import DAY, HOUR, Place
from witei_app.reports.facts import KINDS, LAYOUTS, OF_DAY, facts_of, packed, packed_of_day
from witei_app.reports.log_lines import Lines, lines_between
from witei_app.reports.sources import Source, number_for_good
from witei_app.reports.span import midnight, zone_of

# What began before an hour ended is written down long before this; what comes even later is a `ReportLate`.
SETTLED = timedelta(hours=1)
PACKED = (*LAYOUTS, *OF_DAY.values(), "slots")
AT_ONCE = 4  # of the command's, which has nobody to wait for it


@dataclass(frozen=True)
class _Read:
    """What the log says of a day until a moment."""

    day: date
    until: datetime
    lines: Lines


async def pack(db: Session, place: Place, day: date, hours: int | None = None) -> None:
    """Make a day's page, or that of its first hours, whether there is one or not."""
    end, start = midnight(day + DAY, place.zone), midnight(day, place.zone)
    await db.merge(await _made(db, place, day, end if hours is None else min(end, start + hours * HOUR)))


async def pack_some(days: int = 1) -> bool:
    """Make so many pages that are missing or do not hold, the newest first. False: there are none."""
    return any([await _pack_some_of(place, days) for place in await places()])


async def places() -> list[Place]:
    """Every workspace, with its clocks."""
    async with reading() as db:
        found = (await db.exec(select(Workspace.id, Workspace.time_zone))).all()
    return [Place(number, zone_of(zone)) for number, zone in found]


async def _pack_some_of(place: Place, at_once: int) -> bool:
    """Read first, write after: what is written down late meanwhile has a number that is not among those read.

    The pages are made in between, when no transaction makes others wait.
    """
    async with reading() as db:
        late, finished, made = await _late(db, place), await _finished(db, place), await _packed(db, place)
        due = (day for day, until in finished.items() if day in late or made.get(day) != until)
        days = sorted(due, reverse=True)[:at_once]
        read = [await _read(db, place, day, finished[day]) for day in days]
    settled = [number for day, ids in late.items() if day in days or day not in finished for number in ids]
    if not days and not settled:
        return False
    async with transaction() as db:
        await db.exec(_of_other_clocks(place))
        numbers = await number_for_good(
            db, place.workspace_id, {source for one in read for source in one.lines.sources}
        )
    pages = [_page(place, one, numbers) for one in read]
    async with transaction() as db:
        for page in pages:
            await db.merge(page)
        await db.exec(delete(ReportLate).where(col(ReportLate.id).in_(settled)))
    return bool(days)


async def _finished(db: Session, place: Place) -> dict[date, datetime]:
    """The days of the log, each until when nothing is written to it any more in the usual way."""
    query = select(func.min(ConversationEvent.at)).where(ConversationEvent.workspace_id == place.workspace_id)
    first = (await db.exec(query.where(col(ConversationEvent.kind) == EventKind.OPENED))).one()
    if first is None:
        return {}
    settled = now() - SETTLED
    begin, today = first.astimezone(place.zone).date() - DAY, settled.astimezone(place.zone).date()
    days = (begin + number * DAY for number in range((today - begin).days))
    finished = {day: midnight(day + DAY, place.zone) for day in days}
    start = midnight(today, place.zone)
    if hours := (settled - start) // HOUR:
        finished[today] = start + hours * HOUR
    return finished


def _of_other_clocks(place: Place) -> Delete:
    """Pages by the zone that the workspace had before: nobody reads them any more."""
    return delete(ReportDay).where(
        col(ReportDay.workspace_id) == place.workspace_id, col(ReportDay.zone) != place.zone.key
    )


async def _packed(db: Session, place: Place) -> dict[date, datetime]:
    """The days that have a page, and until when it speaks."""
    query = select(ReportDay.day, ReportDay.until)
    query = query.where(ReportDay.workspace_id == place.workspace_id, ReportDay.zone == place.zone.key)
    return {date.fromisoformat(day): until for day, until in (await db.exec(query)).all()}


async def _late(db: Session, place: Place) -> dict[date, list[int]]:
    query = select(ReportLate.id, ReportLate.at).where(ReportLate.workspace_id == place.workspace_id)
    found: defaultdict[date, list[int]] = defaultdict(list)
    for number, at in (await db.exec(query.order_by(col(ReportLate.id)).limit(5_000))).all():
        found[at.astimezone(place.zone).date()].append(number)
    return found


async def _read(db: Session, place: Place, day: date, until: datetime) -> _Read:
    return _Read(day, until, await lines_between(db, place.workspace_id, midnight(day, place.zone), until, KINDS))


async def _made(db: Session, place: Place, day: date, until: datetime) -> ReportDay:
    read = await _read(db, place, day, until)
    return _page(place, read, await number_for_good(db, place.workspace_id, read.lines.sources))


def _page(place: Place, read: _Read, numbers: dict[Source, int]) -> ReportDay:
    start = midnight(read.day, place.zone)
    facts = facts_of(read.lines, numbers, [start], place.zone)
    return ReportDay(
        workspace_id=place.workspace_id,
        day=read.day.isoformat(),
        zone=place.zone.key,
        start=start,
        until=read.until,
        **packed_of_day(facts, start),
        **packed(facts),
    )


async def pack_all() -> int:
    """Throw all pages away and make them anew. Gives how many."""
    async with transaction() as db:
        await db.exec(delete(ReportDay))
        await db.exec(delete(ReportLate))
    while await pack_some(AT_ONCE):
        pass
    async with reading() as db:
        return (await db.exec(select(func.count()).select_from(ReportDay))).one()


async def wrong_pages() -> list[str]:
    """Compares each page with the log; gives the workspace and day of those that say something else."""
    return [f"{place.workspace_id} {day}" for place in await places() for day in await _wrong_of(place)]


async def _wrong_of(place: Place) -> list[str]:
    wrong: list[str] = []
    async with reading() as db:
        late, days = await _late(db, place), sorted(await _packed(db, place))
    for day in days:
        async with transaction() as db:  # a page that is made meanwhile is no fault
            stored = await db.get_one(ReportDay, (place.workspace_id, day.isoformat()))
            made = await _made(db, place, day, stored.until)
            if day not in late and any(getattr(stored, name) != getattr(made, name) for name in PACKED):
                wrong.append(day.isoformat())
            db.expunge_all()
    return wrong
