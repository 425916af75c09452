"""When somebody of the agency is there: weekly hours and holidays in its time zone.

The workspace has them (reports count by them), and a chat widget has its own or follows the workspace's.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from witei_app.errors import Refused
from witei_app.models import Workspace

Span = tuple[time, time]
DAYS = 7
MOST_SPANS = 6
MOST_HOLIDAYS = 200
# Next week's same day is the furthest that a next opening usually is; with holidays between, some weeks.
FURTHEST = timedelta(days=60)
USUAL_WEEK = ("9:00-14:00, 16:00-19:00",) * 5 + ("", "")
_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?\s*h?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|\u2013|to|a)\s*{_TIME}", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?")


@dataclass(frozen=True)
class Hours:
    """`days` are the spans of Monday to Sunday; `holidays` are "2026-12-25", or "12-25" for each year."""

    is_on: bool = False
    days: tuple[tuple[Span, ...], ...] = ((),) * DAYS
    holidays: frozenset[str] = frozenset()
    zone: tzinfo = UTC


def hours_of(workspace: Workspace) -> Hours:
    """The workspace's own."""
    return read_hours(workspace.office_hours, workspace.time_zone)


def read_hours(stored: dict[str, Any], time_zone: str) -> Hours:
    """The hours as a row keeps them; `time_zone` is the workspace's, unless the row names another."""
    days = stored.get("days", [])
    return Hours(
        is_on=bool(stored.get("is_on")),
        days=tuple(parse_spans(text) for text in [*days, *[""] * DAYS][:DAYS]),
        holidays=frozenset(stored.get("holidays", [])),
        zone=zone_of(stored.get("time_zone", "")) or zone_of(time_zone) or UTC,
    )


def written_hours(is_on: bool, days: list[str], holidays: str) -> dict[str, Any]:
    """What was typed, as a row keeps it. Refuses what is no hour or day, and a week in which nobody is ever there."""
    week = [spans_text(parse_spans(text)) for text in days[:DAYS]]
    if is_on and not any(week):
        raise Refused("Write the hours of at least one day, or switch office hours off.")
    return {"is_on": is_on, "days": week, "holidays": parse_holidays(holidays)}


def hours_text(stored: dict[str, Any]) -> str:
    """Stored hours in one line, "" while they are off: for the audit."""
    if not stored.get("is_on"):
        return ""
    return " | ".join([*(text or "-" for text in stored["days"]), ", ".join(stored["holidays"]) or "-"])


def parse_spans(text: str) -> tuple[Span, ...]:
    """ "9-14, 16:00-19:30", in order; nothing is a day off. Refuses what is no time, and spans that overlap."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    spans = sorted(_span(part) for part in parts)
    if len(spans) > MOST_SPANS or any(one[1] > other[0] for one, other in pairwise(spans)):
        raise Refused("These hours overlap: {hours}", hours=text)
    return tuple(spans)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    begin = _clock(found[1], found[2]) if found else None
    end = _clock(found[3], found[4]) if found else None
    if begin is None or end is None:
        raise Refused("Write hours as 9:00-14:00, 16:00-19:30 instead of {hours}.", hours=text[:60])
    if begin >= end:
        raise Refused(
            "{hours} ends before it begins. Past midnight, write 22:00-24:00, and 0:00-2:00 on the next day.",
            hours=text[:60],
        )
    return begin, end


def _clock(hour: str, minute: str | None) -> time | None:
    if int(hour) == 24 and not int(minute or 0):
        return time.max  # the end of the day has no time of its own
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def spans_text(spans: tuple[Span, ...]) -> str:
    """As `parse_spans` reads them."""
    return ", ".join(f"{begin:%H:%M}-{'24:00' if end == time.max else f'{end:%H:%M}'}" for begin, end in spans)


def parse_holidays(text: str) -> list[str]:
    """Days between commas, spaces or lines: 2026-12-25, 25/12/2026, or 25/12 for each year."""
    days = sorted({_holiday(part) for part in re.split(r"[\s,;]+", text) if part})
    if len(days) > MOST_HOLIDAYS:
        raise Refused("More than {most} holidays are not possible.", most=MOST_HOLIDAYS)
    return days


def holidays_text(days: list[str]) -> str:
    """One to a line, as `parse_holidays` reads them: those of each year as 25/12."""
    return "\n".join(day if len(day) > 5 else f"{day[3:]}/{day[:2]}" for day in days)


def _holiday(text: str) -> str:
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if found := _DAY.fullmatch(text):
            day = date(int(found[3] or 2024), int(found[2]), int(found[1]))  # 2024 has a 29th of February
            return day.isoformat() if found[3] else f"{day:%m-%d}"
    except ValueError:
        pass
    raise Refused("{day} is not a date. Write it as 2026-12-25, or 25/12 for every year.", day=text[:40])


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone with this name, if there is one."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder
        return None


def is_open(hours: Hours, moment: datetime) -> bool:
    """Whether somebody is there now. Without hours there always is."""
    here = moment.astimezone(hours.zone)
    return not hours.is_on or any(begin <= here.time() < end for begin, end in spans_of(hours, here.date()))


def next_opening(hours: Hours, moment: datetime) -> datetime | None:
    """When somebody is there again; None when nobody knows."""
    here = moment.astimezone(hours.zone)
    for ahead in range(FURTHEST.days):
        day = here.date() + timedelta(days=ahead)
        for begin, _ in spans_of(hours, day):
            opening = _on(day, begin, here)
            if opening > here:
                return opening
    return None


def next_turn(hours: Hours, moment: datetime) -> datetime | None:
    """When somebody who is there leaves, or somebody comes; None without hours, and when nobody knows."""
    if not hours.is_on:
        return None
    here = moment.astimezone(hours.zone)
    for begin, end in spans_of(hours, here.date()):
        if begin <= here.time() < end:
            return _on(here.date(), end, here)
    return next_opening(hours, moment)


def _on(day: date, clock: time, here: datetime) -> datetime:
    """That time of the day. In the hour that the end of summer repeats it is the same turn's as `here`."""
    return datetime.combine(day, clock, here.tzinfo).replace(fold=here.fold if day == here.date() else 0)


def spans_of(hours: Hours, day: date) -> tuple[Span, ...]:
    """When somebody is there on that day."""
    is_holiday = not hours.holidays.isdisjoint({day.isoformat(), f"{day:%m-%d}"})
    return () if is_holiday else hours.days[day.weekday()]
