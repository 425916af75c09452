"""Office hours: what may be typed, whether somebody is there, and who may change the workspace's."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, all_of, get
from witei_app.accounts.office import save_office_hours
from witei_app.accounts.office_hours import (
    Hours,
    holidays_text,
    hours_of,
    is_open,
    next_opening,
    next_turn,
    parse_holidays,
    parse_spans,
    read_hours,
    spans_text,
)
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.models import AuditEntry, Workspace

DAYS = ["9-14, 16:00-19:30"] * 5 + ["", ""]
WEEK = {"is_on": True, "days": DAYS, "holidays": ["12-25", "2026-11-24"]}


def madrid() -> Hours:
    """Weekdays with a siesta, in Madrid."""
    return read_hours(WEEK, "Europe/Madrid")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_there"),
    [
        ("2026-11-23T08:00", True),  # Monday, 9:00 in Madrid
        ("2026-11-23T07:59", False),
        ("2026-11-23T13:00", False),  # 14:00: the siesta begins
        ("2026-11-23T18:29", True),
        ("2026-11-24T10:00", False),  # a holiday of this year
        ("2026-12-25T10:00", False),  # one of each year
        ("2026-11-28T10:00", False),  # Saturday
        ("2026-07-06T07:00", True),  # in summer 9:00 is an hour earlier
    ],
)
def test_hours_are_those_of_the_agencys_time_zone(moment: str, is_there: bool) -> None:
    assert is_open(madrid(), at(moment)) is is_there


def test_the_next_opening_skips_holidays_and_weekends() -> None:
    assert next_opening(madrid(), at("2026-11-23T13:30")) == at("2026-11-23T15:00")
    assert next_opening(madrid(), at("2026-11-23T19:00")) == at("2026-11-25T08:00")
    assert next_opening(madrid(), at("2026-11-27T19:00")) == at("2026-11-30T08:00")


@pytest.mark.parametrize(
    ("moment", "turn"),
    [
        ("2026-11-23T08:00", "2026-11-23T13:00"),  # there: until the siesta
        ("2026-11-23T13:00", "2026-11-23T15:00"),  # in the siesta: until it ends
        ("2026-11-23T18:30", "2026-11-25T08:00"),  # Tuesday is a holiday
        ("2026-10-23T17:40", "2026-10-26T08:00"),  # the clock goes back in between
        ("2026-03-27T18:40", "2026-03-30T07:00"),  # and forth
    ],
)
def test_it_is_known_when_somebody_comes_or_goes(moment: str, turn: str) -> None:
    assert next_turn(madrid(), at(moment)) == at(turn)


def test_the_clock_round_nobody_leaves_for_a_minute() -> None:
    always = read_hours({"is_on": True, "days": ["0-24"] * 7}, "Europe/Madrid")
    for moment in ("2026-11-23T22:59:30", "2026-11-23T22:59:59.5", "2026-11-23T23:00"):
        assert is_open(always, at(moment))
    assert spans_text(parse_spans("18-24")) == "18:00-24:00"
    assert spans_text(parse_spans("9h30-14h, 16:00h - 19 h")) == "09:30-14:00, 16:00-19:00"
    assert next_turn(Hours(), at("2026-11-23T12:00")) is None


def test_without_hours_somebody_is_always_there() -> None:
    assert is_open(read_hours({}, "Europe/Madrid"), at("2026-12-25T03:00"))
    assert next_opening(read_hours({"is_on": True}, "nowhere"), at("2026-12-25T03:00")) is None


def test_in_the_hour_that_comes_twice_nobody_leaves_or_comes_in_the_past() -> None:
    night = read_hours({"is_on": True, "days": ["1-2:30, 2:45-4"] * 7}, "Europe/Madrid")
    for moment, turn in {
        "2026-10-25T00:20": "2026-10-25T00:30",  # 2:20 in summer time
        "2026-10-25T00:40": "2026-10-25T00:45",
        "2026-10-25T01:20": "2026-10-25T01:30",  # 2:20 once more
        "2026-10-25T01:40": "2026-10-25T01:45",
    }.items():
        found = next_turn(night, at(moment))
        assert found is not None
        assert found.astimezone(UTC) == at(turn)


def test_hours_past_midnight_are_said_how_to_write() -> None:
    for text in ("22:00-2:00", "9-14, 20-1"):
        with pytest.raises(Refused, match=r"write 22:00-24:00, and 0:00-2:00 on the next day"):
            parse_spans(text)


@pytest.mark.parametrize("text", ["9", "9-8", "25-26", "9:70-10", "nine to five", "9-14-16", "9-12, 11-13", "٩-١٤"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_spans(text)


@given(st.text(alphabet="0123456789:-., ato", max_size=30))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        spans = parse_spans(text)
    except Refused:
        return
    assert parse_spans(spans_text(spans)) == spans


def test_holidays_are_read_in_several_forms() -> None:
    assert parse_holidays("25/12, 2026-11-24\n6.1.2027 29/2") == ["02-29", "12-25", "2026-11-24", "2027-01-06"]


def test_holidays_are_shown_as_they_can_be_typed() -> None:
    days = ["02-29", "12-25", "2026-11-24"]
    assert sorted(parse_holidays(holidays_text(days))) == days


@pytest.mark.parametrize("text", ["31/2", "2026-13-01", "Christmas", "0/0", "1/1/99999"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_holidays(text)


async def test_administrators_set_the_workspaces_hours(lite_cast: Cast) -> None:
    boss = dataclasses.replace(lite_cast.ana, is_admin=True)
    async with transaction() as db:
        await save_office_hours(db, boss, True, DAYS, "25/12")
    found = hours_of(await get(Workspace, lite_cast.sol))
    assert is_open(found, at("2026-11-23T08:00"))
    assert not is_open(found, at("2026-12-25T10:00"))
    [entry] = await all_of(AuditEntry)
    assert "09:00-14:00, 16:00-19:30" in entry.changes["office_hours"][1]


@pytest.mark.parametrize(("days", "holidays"), [(["9-8"], ""), (["9-14"], "31/2"), ([""] * 7, "")])
async def test_hours_that_cannot_be_are_refused(lite_cast: Cast, days: list[str], holidays: str) -> None:
    boss = dataclasses.replace(lite_cast.ana, is_admin=True)
    async with transaction() as db:
        with pytest.raises(Refused):
            await save_office_hours(db, boss, True, days, holidays)
    assert not (await get(Workspace, lite_cast.sol)).office_hours


async def test_others_do_not(lite_cast: Cast) -> None:
    async with transaction() as db:
        with pytest.raises(Refused):
            await save_office_hours(db, lite_cast.ana, True, ["9-14"], "")
