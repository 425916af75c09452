"""Times in office hours: a clock that stands still while nobody is there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from witei_app.accounts.office_hours import Hours, spans_of
from witei_app.reports.facts import Numbers

DAY = timedelta(days=1)


class OfficeClock:
    """Shows seconds in office hours. It is made for the time between two moments, in seconds since 1970.

    It goes exactly while `office_hours.is_open` says so, also where clocks change: an hour that comes twice counts
    twice, one that is skipped does not.
    """

    def __init__(self, hours: Hours, first: int, last: int) -> None:
        spans = list(_open_between(hours, first, last))
        self._begins = np.array([begin for begin, _ in spans] or [last + 1], dtype=np.int64)
        self._lengths = np.array([end - begin for begin, end in spans] or [0], dtype=np.int64)
        self._before = np.concatenate([[0], np.cumsum(self._lengths)[:-1]])

    def between(self, start: Numbers, end: Numbers) -> Numbers:
        """The seconds in office hours from each start to its end."""
        return self._shown(end) - self._shown(start)

    def _shown(self, at: Numbers) -> Numbers:
        which = np.searchsorted(self._begins, at, side="right") - 1
        inside = np.clip(at - self._begins[which], 0, self._lengths[which])
        return np.where(which < 0, 0, self._before[which] + inside)


def in_office(hours: Hours, at: Numbers, seconds: Numbers) -> Numbers:
    """How many of the seconds before each moment were in office hours."""
    if not len(at):
        return seconds
    begun = at - seconds
    return OfficeClock(hours, int(begun.min()), int(at.max())).between(begun, at)


def _open_between(hours: Hours, first: int, last: int) -> Iterator[tuple[int, int]]:
    day = datetime.fromtimestamp(first, hours.zone).date() - DAY
    until = datetime.fromtimestamp(last, hours.zone).date() + DAY
    while day <= until:
        if spans := [(_seconds(begin), _seconds(end)) for begin, end in spans_of(hours, day)]:
            for offset, start, end in _offsets(hours, day):
                yield from _of_day(spans, _midnight_if_utc(day) - offset, start, end)
        day += DAY


def _of_day(spans: list[tuple[int, int]], midnight: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans while the clocks differ from UTC by so much, which they do from `start` to `end`."""
    for begin, until in spans:
        opening, closing = max(start, midnight + begin), min(end, midnight + until)
        if opening < closing:
            yield opening, closing


def _offsets(hours: Hours, day: date) -> list[tuple[int, int, int]]:
    """How far the day's clocks are before UTC, in seconds, from when to when; two of them on a day with a change."""
    start, end = _first_moment(hours, day), _first_moment(hours, day + DAY)
    at_first, at_last = _offset(hours, start), _offset(hours, end - 1)
    if at_first == at_last:
        return [(at_first, start, end)]
    changes = next(at for at in range(start, end, 60) if _offset(hours, at) != at_first)
    return [(at_first, start, changes), (at_last, changes, end)]


def _first_moment(hours: Hours, day: date) -> int:
    return int(datetime.combine(day, time(), hours.zone).timestamp())


def _offset(hours: Hours, at: int) -> int:
    return int((datetime.fromtimestamp(at, hours.zone).utcoffset() or timedelta()).total_seconds())


def _midnight_if_utc(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _seconds(at: time) -> int:
    return 86_400 if at == time.max else at.hour * 3_600 + at.minute * 60  # 24:00 has no time of its own
