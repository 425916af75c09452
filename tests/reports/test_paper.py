"""The report as a PDF."""

from dataclasses import replace

import pytest

from tests.cast import Cast, open_conversation
from witei_app.accounts.office import save_office_hours
from witei_app.db import reading, transaction
from witei_app.reports.page import report_of
from witei_app.reports.paper import Words, paper_words, report_pdf
from witei_app.reports.wanted import Wanted


async def words_of(cast: Cast, query: dict[str, str]) -> Words:
    async with reading() as db:
        return paper_words(await report_of(db, replace(cast.ana, is_admin=True), Wanted.of(query)), "en")


@pytest.mark.parametrize("range_name", ["today", "last_7", "year"])
async def test_all_that_the_page_shows_stands_on_paper(lite_cast: Cast, range_name: str):
    await open_conversation(lite_cast.marco)
    words = await words_of(lite_cast, {"range": range_name})
    assert sum(row.new for row in words.charts.course) == 1
    assert [sum(row.quantity for row in rows) for _, rows in words.charts.bars] == [0, 1]
    assert sum(one.quantity for row in words.charts.heat for one in row.cells) == 1
    assert report_pdf(words).startswith(b"%PDF")


async def test_where_nothing_happened_the_paper_says_so(lite_cast: Cast):
    words = await words_of(lite_cast, {"range": "dates", "from": "2001-01-01", "to": "2001-01-01"})
    assert (len(words.table), words.charts.bars[1][1]) == (1, [])
    assert report_pdf(words).startswith(b"%PDF")


async def test_of_a_range_that_has_not_begun_it_says_just_that(lite_cast: Cast):
    words = await words_of(lite_cast, {"range": "dates", "from": "2099-01-01", "to": "2099-12-31"})
    assert words.instead == "This range has not begun yet. It begins on 1 Jan 2099. Choose one that has begun."
    assert report_pdf(words).startswith(b"%PDF")


@pytest.mark.parametrize("is_on", [True, False])
async def test_office_hours_are_spoken_of_where_there_are_any(lite_cast: Cast, is_on: bool):
    async with transaction() as db:
        await save_office_hours(db, replace(lite_cast.ana, is_admin=True), is_on, ["9-14"] * 5, "")
    words = await words_of(lite_cast, {"range": "today", "times": "office"})
    assert ("Office hours" in words.subtitle) == is_on
    assert ("office hours" in dict(words.notes)["First response, median"]) == is_on


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "All users · All channels"),
        ({"user": "0", "origin": "-"}, "Unassigned · All channels · Without origin"),
        ({"user": "99999", "widget": "99999"}, "Unknown · All channels · Unknown"),
        ({"channel": "email", "origin": "Portal"}, "All users · E-mail · Portal"),
    ],
)
async def test_whatever_narrows_the_figures_is_named(lite_cast: Cast, query: dict[str, str], said: str):
    words = await words_of(lite_cast, {"range": "today", **query})
    assert words.subtitle.endswith(f"Europe/Madrid · {said}")
