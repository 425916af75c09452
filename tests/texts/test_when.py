"""Times and sizes in a person's words."""

from datetime import UTC, datetime, timedelta
from timeit import timeit

import pytest

from witei_app.texts.when import day_label, moment_label, size_label, time_label, when_label

MADRID = "Europe/Madrid"
NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("age", "english", "spanish"),
    [
        (timedelta(), "11:42", "11:42"),
        (timedelta(days=1), "Yesterday", "Ayer"),
        (timedelta(days=3), "Fri", "Vie"),
        (timedelta(days=7), "16 Nov", "16 nov"),
        (timedelta(days=400), "19/10/2025", "19/10/2025"),
    ],
)
def test_a_row_says_when_as_shortly_as_it_can(age: timedelta, english: str, spanish: str) -> None:
    assert when_label(NOW - age, NOW, MADRID, "en") == english
    assert when_label(NOW - age, NOW, MADRID, "es") == spanish


def test_yesterday_begins_at_the_readers_midnight() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 00:30 of the 23rd in Madrid
    assert when_label(late, NOW, MADRID, "en") == "00:30"
    assert when_label(late, NOW, "UTC", "en") == "Yesterday"


def test_a_separator_names_the_day() -> None:
    assert day_label(NOW, NOW, MADRID, "es") == "Hoy"
    assert day_label(NOW - timedelta(days=4), NOW, MADRID, "en") == "Thursday 19 November"
    assert day_label(NOW - timedelta(days=4), NOW, MADRID, "es") == "Jueves 19 de noviembre"
    assert day_label(NOW - timedelta(days=400), NOW, MADRID, "en") == "Sunday 19 October 2025"


def test_the_hour_is_written_as_the_language_does() -> None:
    assert time_label(NOW, MADRID, "en") == "11:42"
    assert time_label(NOW, MADRID, "fi") == "11.42"
    assert moment_label(NOW, MADRID, "es") == "23 nov 2026, 11:42"


def test_an_unknown_zone_or_language_is_no_fault() -> None:
    assert when_label(NOW, NOW, "Mars/Olympus", "xx") == "10:42"


@pytest.mark.parametrize(
    ("size", "label"), [(0, "0 B"), (12, "12 B"), (219_000, "214 KB"), (1_400_000, "1.3 MB"), (1_048_000, "1023 KB")]
)
def test_sizes_are_short(size: int, label: str) -> None:
    assert size_label(size) == label


def test_spanish_sizes_have_a_comma() -> None:
    assert size_label(1_400_000, "es") == "1,3 MB"


def test_a_page_of_labels_costs_next_to_nothing() -> None:
    seconds = timeit(lambda: when_label(NOW - timedelta(days=9), NOW, MADRID, "es"), number=1_000)
    assert seconds < 0.3  # 300 µs each would be far too slow; measured: 2
