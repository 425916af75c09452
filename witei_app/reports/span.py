"""Ranges of days in the workspace's time zone, the range before, and the parts that a course is drawn by."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PRESETS = ("today", "yesterday", "last_7", "last_30", "last_90", "this_month", "last_month", "quarter", "year", "dates")
USUAL = "last_30"
LONGEST = timedelta(days=3_700)


@dataclass(frozen=True)
class Span:
    """From the beginning of `first` to the end of `last`, as the clocks of `zone` say. The same for ever."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """Its first moment, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> str:
        """What its course is grouped by."""
        if self.days <= 2:
            return "hour"
        if self.days <= 62:
            return "day"
        return "week" if self.days <= 200 else "month"


def zone_of(name: str) -> ZoneInfo:
    """The time zone, or UTC when nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def span_of(name: str, today: date, zone: ZoneInfo, first: date | None = None, last: date | None = None) -> Span:
    """The range with this name. Unknown names are the usual range; dates are put in order and kept in reason."""
    if name == "dates" and first is not None and last is not None:
        begin, end = min(first, last), max(first, last)
        return Span(max(begin, end - LONGEST), end, zone)
    begin, end = _named(name, today)
    return Span(begin, end, zone)


def span_before(name: str, span: Span) -> Span:
    """What the range is compared with: as many days before it, for months and longer the one before, as far.

    Dates that are a whole month, as in the monthly mail, are compared with the month before, too.
    """
    if name == "last_month" or (name == "dates" and _is_month(span)):
        begin = _month(span.first, -1)
        return Span(begin, span.first - timedelta(days=1), span.zone)
    months = {"this_month": 1, "quarter": 3, "year": 12}.get(name)
    if months is None:
        length = timedelta(days=span.days)
        return Span(span.first - length, span.last - length, span.zone)
    begin = _month(span.first, -months)
    return Span(begin, min(begin + timedelta(days=span.days - 1), span.first - timedelta(days=1)), span.zone)


def cut(before: Span, span: Span, now: datetime) -> tuple[datetime, datetime]:
    """The moments of the range before. While `span` goes on, it is compared with as much of the one before."""
    if span.start <= now < span.end:
        return before.start, min(before.end, before.start + (now - span.start))
    return before.start, before.end


def parts(span: Span) -> list[datetime]:
    """The boundaries of the parts that a course is drawn by, from the span's start to its end.

    Hours are real ones, counted from each midnight: a day on which the clocks change has 23 or 25 of them.
    """
    if span.step == "hour":
        inner = [
            moment for number in range(span.days) for moment in _hours(span.first + timedelta(days=number), span.zone)
        ]
    else:
        inner = [midnight(day, span.zone) for day in _days(span)]
    return [span.start, *(moment for moment in inner if span.start < moment < span.end), span.end]


def parts_so_far(span: Span, moment: datetime) -> list[datetime]:
    """The same, as far as they have begun: of a range that goes on, the rest of it would be drawn as nothing.

    None where the range itself has not.
    """
    *begins, end = parts(span)
    begun = [boundary for boundary in begins if boundary <= moment]
    return [*begun, end] if begun else []


def _hours(day: date, zone: ZoneInfo) -> list[datetime]:
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    return [start + timedelta(hours=number) for number in range(-(-int((end - start).total_seconds()) // 3600))]


def _days(span: Span) -> list[date]:
    days = [span.first + timedelta(days=number) for number in range(1, span.days)]
    if span.step == "week":
        return [day for day in days if day.weekday() == 0]
    return [day for day in days if span.step == "day" or day.day == 1]


def _named(name: str, today: date) -> tuple[date, date]:
    yesterday, month = today - timedelta(days=1), today.replace(day=1)
    match name:
        case "today":
            return today, today
        case "yesterday":
            return yesterday, yesterday
        case "last_7" | "last_90":
            return today - timedelta(days=6 if name == "last_7" else 89), today
        case "this_month":
            return month, today
        case "last_month":
            return _month(month, -1), month - timedelta(days=1)
        case "quarter":
            return month.replace(month=(today.month - 1) // 3 * 3 + 1), today
        case "year":
            return today.replace(month=1, day=1), today
        case _:
            return today - timedelta(days=29), today


def _is_month(span: Span) -> bool:
    return span.first.day == 1 and span.last == _month(span.first, 1) - timedelta(days=1)


def _month(first: date, by: int) -> date:
    number = first.year * 12 + first.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment: where clocks skip midnight, when they skip it; where it comes twice, the first."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
