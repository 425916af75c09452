"""When people write: office hours, evenings, weekends, and days with more to do than others.

Times are whole seconds. "Local" seconds count as if Madrid's clock were UTC; `to_utc` makes real ones of them.
"""

import random
from array import array
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY = 86_400
_MADRID = ZoneInfo("Europe/Madrid")
_EPOCH = date(1970, 1, 1)
# How much contacts write in each hour of the day, and on each day of the week from Monday.
_BY_HOUR = (1, 0, 0, 0, 0, 0, 1, 3, 8, 16, 22, 24, 22, 17, 11, 12, 17, 22, 22, 18, 12, 9, 7, 3)
_BY_WEEKDAY = (1.15, 1.1, 1.0, 1.0, 0.95, 0.45, 0.25)
# What the workspace's settings say of it (`accounts.office_hours`); the holidays are the whole of Spain's.
OFFICE_HOURS = {
    "is_on": True,
    "days": ["09:30-19:30"] * 5 + ["10:00-14:00", ""],
    "holidays": ["01-01", "01-06", "05-01", "08-15", "10-12", "11-01", "12-06", "12-08", "12-25"],
}


@cache
def _offset(day: int) -> int:
    noon = datetime.fromtimestamp(day * DAY + DAY // 2, _MADRID)
    return int((noon.utcoffset() or timedelta()).total_seconds())


def to_utc(local: int) -> int:
    """UTC seconds of a local time."""
    return local - _offset(local // DAY)


def to_local(utc: int) -> int:
    """Local seconds of a moment."""
    return utc + _offset(utc // DAY)


def local_date(local: int) -> date:
    """The date on Madrid's calendar."""
    return _date(local // DAY)


@cache
def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def evening_of(day: date) -> int:
    """Local seconds at which an appointment on this day is over."""
    return (day - _EPOCH).days * DAY + 20 * 3600


def in_office(local: int, rng: random.Random) -> int:
    """The same time when somebody is in the office, else soon after it opens next."""
    while True:
        day, second = divmod(local, DAY)
        weekday = (day + 3) % 7  # 1 January 1970 was a Thursday
        opens, closes = (34_200, 70_200) if weekday < 5 else (36_000, 50_400) if weekday == 5 else (0, 0)
        if opens <= second < closes:
            return local
        if second < opens:
            return day * DAY + opens + int(14_000 * rng.random() ** 1.7)
        local = (day + 1) * DAY


def awake(local: int, rng: random.Random) -> int:
    """The same time by day, else early in the morning after."""
    day, second = divmod(local, DAY)
    if 27_000 <= second < 84_600:
        return local
    return (day + (second > 43_200)) * DAY + 27_000 + rng.randrange(14_000)


def starts(rng: random.Random, quantity: int, days: int, until: int) -> "array[int]":
    """Local times at which conversations begin, in order: busy hours, quiet Sundays, weeks with a campaign."""
    first = until // 3600 - days * 24
    hours = range(first, until // 3600 + 1)
    moods = [rng.gammavariate(6, 1 / 6) * (2.2 if rng.random() < 0.04 else 1) for _ in range(days + 2)]
    weights = [
        _BY_HOUR[hour % 24] * _BY_WEEKDAY[(hour // 24 + 3) % 7] * moods[(hour - first) // 24] + 0.01 for hour in hours
    ]
    weights[-1] *= until % 3600 / 3600
    chosen = rng.choices(hours, weights, k=quantity)
    seconds = (hour * 3600 + rng.randrange(3600) for hour in chosen)
    return array("q", sorted(min(second, until - rng.randrange(60, 600)) for second in seconds))


def moment(utc: int) -> datetime:
    """The moment as the ORM takes it."""
    return datetime.fromtimestamp(utc, UTC)
