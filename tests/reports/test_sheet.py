"""Files for spreadsheets."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from witei_app.reports import sheet
from witei_app.reports.sheet import Value, csv_line, unguarded, workbook

ROWS: list[list[Value]] = [["Name", "Seconds"], ['Peña, "Marco"', 3], ["<b>&\x00\x0b\ud800", None], ["=1+1", -4.5]]


async def rows(times: int = 1) -> AsyncIterator[list[Value]]:
    for _ in range(times):
        for row in ROWS:
            yield row


async def opened(rows: AsyncIterator[list[Value]]) -> list[list[tuple[object, ...]]]:
    """What a program finds in the file, sheet by sheet."""
    data = b"".join([piece async for piece in workbook(rows)])
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [list(sheet.iter_rows(values_only=True)) for sheet in book]


async def test_a_workbook_opens_and_says_what_was_written():
    expected = [("Name", "Seconds"), ('Peña, "Marco"', 3), ("<b>&", None), ("=1+1", -4.5)]
    assert await opened(rows()) == [expected]


async def test_what_does_not_fit_on_a_sheet_goes_on_on_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    first, second = await opened(rows())
    assert [row[0] for row in first] == ["Name", 'Peña, "Marco"', "<b>&"]
    assert [row[0] for row in second] == ["Name", "=1+1"]


async def test_a_large_one_comes_in_pieces_with_all_rows():
    pieces = [piece async for piece in workbook(rows(2_000))]
    assert max(map(len, pieces)) <= 64 * 1024
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as book:
        assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 2_000 * len(ROWS)


async def test_a_moment_is_one_to_calculate_with_on_its_own_clocks():
    at = datetime(2026, 11, 29, 23, 39, 5, 943101, tzinfo=UTC).astimezone(ZoneInfo("Europe/Madrid"))

    async def moments() -> AsyncIterator[list[Value]]:
        yield ["Opened"]
        yield [at]

    assert await opened(moments()) == [[("Opened",), (at.replace(tzinfo=None, microsecond=0),)]]
    assert csv_line([at]) == '"2026-11-30 00:39:05"\r\n'


async def test_an_empty_one_opens():
    assert await opened(rows(0)) == [[]]


def test_csv_is_read_back_and_holds_no_formula():
    text = "".join(csv_line(row) for row in ROWS if "\ud800" not in str(row[0]))
    assert list(csv.reader(io.StringIO(text))) == [["Name", "Seconds"], ['Peña, "Marco"', "3"], ["'=1+1", "-4.5"]]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", "＝", "＋", "－", "＠"])
def test_whatever_a_spreadsheet_would_calculate_is_text_and_comes_back(begin: str):
    (row,) = csv.reader(io.StringIO(csv_line([f"{begin}1+1"]), newline=""))
    assert row[0].startswith("'")
    assert unguarded(row[0]) == f"{begin}1+1".replace("\0", "")
