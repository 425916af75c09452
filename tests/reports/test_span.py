"""Ranges of days, where clocks change too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from witei_app.reports.span import Span, cut, parts, parts_so_far, span_before, span_of

MADRID = ZoneInfo("Europe/Madrid")


def day(text: str, zone: str = "Europe/Madrid") -> Span:
    return Span(date.fromisoformat(text), date.fromisoformat(text), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "zone", "hours"),
    [
        ("2026-03-29", "Europe/Madrid", 23),
        ("2026-10-25", "Europe/Madrid", 25),
        ("2026-03-08", "America/Havana", 23),  # midnight is skipped
        ("2026-11-01", "America/Havana", 25),  # midnight comes twice
        ("2026-06-01", "Asia/Kathmandu", 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_give_it(text: str, zone: str, hours: int):
    span = day(text, zone)
    assert span.end - span.start == timedelta(hours=hours)
    assert len(parts(span)) == hours + 1


@pytest.mark.parametrize(
    ("name", "first", "last", "before_first", "before_last"),
    [
        ("today", "2026-11-23", "2026-11-23", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-22", "2026-11-22", "2026-11-21", "2026-11-21"),
        ("last_7", "2026-11-17", "2026-11-23", "2026-11-10", "2026-11-16"),
        ("this_month", "2026-11-01", "2026-11-23", "2026-10-01", "2026-10-23"),
        ("last_month", "2026-10-01", "2026-10-31", "2026-09-01", "2026-09-30"),
        ("quarter", "2026-10-01", "2026-11-23", "2026-07-01", "2026-08-23"),
        ("year", "2026-01-01", "2026-11-23", "2025-01-01", "2025-11-23"),
        ("nonsense", "2026-10-25", "2026-11-23", "2026-09-25", "2026-10-24"),
    ],
)
def test_presets_and_what_they_are_compared_with(name, first, last, before_first, before_last):
    span = span_of(name, date(2026, 11, 23), MADRID)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)
    before = span_before(name, span)
    assert (before.first.isoformat(), before.last.isoformat()) == (before_first, before_last)


def test_a_month_is_never_compared_with_more_than_the_one_before():
    span = span_of("this_month", date(2026, 3, 31), MADRID)
    assert span_before("this_month", span).last == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-10-01", "2026-10-31", ("2026-09-01", "2026-09-30")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-10-01", "2026-10-30", ("2026-09-01", "2026-09-30")),
        ("2026-10-02", "2026-10-31", ("2026-09-02", "2026-10-01")),
    ],
)
def test_dates_that_are_a_month_are_compared_with_the_month_before(first: str, last: str, before: tuple[str, str]):
    found = span_before("dates", Span(date.fromisoformat(first), date.fromisoformat(last), MADRID))
    assert (found.first.isoformat(), found.last.isoformat()) == before


def test_while_a_range_goes_on_as_much_of_the_one_before_is_taken():
    span = day("2026-11-23")
    start, end = cut(span_before("today", span), span, datetime(2026, 11, 23, 9, tzinfo=UTC))
    assert end - start == timedelta(hours=10)
    assert cut(span_before("today", span), span, span.end)[1] == span.start


@pytest.mark.parametrize(("hour", "drawn"), [(-1, 0), (0, 1), (30, 2), (24 * 20, 10)])
def test_a_course_is_drawn_as_far_as_it_has_come(hour: int, drawn: int):
    span = Span(date(2026, 11, 21), date(2026, 11, 30), MADRID)
    boundaries = parts_so_far(span, span.start + timedelta(hours=hour))
    assert len(boundaries[:-1]) == drawn
    assert boundaries == [] or (boundaries[0], boundaries[-1]) == (span.start, span.end)


def test_dates_are_put_in_order_and_kept_in_reason():
    span = span_of("dates", date(2026, 11, 23), MADRID, date(2100, 1, 1), date(2000, 1, 1))
    assert span.last == date(2100, 1, 1)
    assert span.days < 4_000


@pytest.mark.parametrize(("days", "step"), [(1, "hour"), (2, "hour"), (30, "day"), (90, "week"), (365, "month")])
def test_a_course_is_drawn_by_what_fits(days: int, step: str):
    first = date(2026, 1, 1)
    span = Span(first, first + timedelta(days=days - 1), MADRID)
    assert span.step == step
    assert 1 < len(parts(span)) < 64
