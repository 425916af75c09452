"""The report as a PDF."""

from dataclasses import replace

import pytest

from tests.cast import Cast, open_conversation
from witei_app.db import reading
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
