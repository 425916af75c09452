"""Files for spreadsheets."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import pytest

from witei_app.reports.sheet import Value, csv_line, unguarded, workbook

ROWS: list[list[Value]] = [["Name", "Seconds"], ['Peña, "Marco"', 3], ["<b>&\x00\x0b\ud800", None], ["=1+1", -4.5]]
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"


async def rows(times: int = 1) -> AsyncIterator[list[Value]]:
    for _ in range(times):
        for row in ROWS:
            yield row


async def test_a_workbook_opens_and_says_what_was_written():
    data = b"".join([piece async for piece in workbook(rows())])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    texts = ["".join(cell.itertext()) for cell in sheet.iter(CELL)]
    assert texts == ["Name", "Seconds", 'Peña, "Marco"', "3", "<b>&", "", "=1+1", "-4.5"]


async def test_a_large_one_comes_in_pieces():
    pieces = [len(piece) async for piece in workbook(rows(60_000))]
    assert len(pieces) > 5
    assert max(pieces) < 200_000


def test_csv_is_read_back_and_holds_no_formula():
    text = "".join(csv_line(row) for row in ROWS if "\ud800" not in str(row[0]))
    assert list(csv.reader(io.StringIO(text))) == [["Name", "Seconds"], ['Peña, "Marco"', "3"], ["'=1+1", "-4.5"]]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", "＝", "＋", "－", "＠"])
def test_whatever_a_spreadsheet_would_calculate_is_text_and_comes_back(begin: str):
    (row,) = csv.reader(io.StringIO(csv_line([f"{begin}1+1"]), newline=""))
    assert row[0].startswith("'")
    assert unguarded(row[0]) == f"{begin}1+1".replace("\0", "")
