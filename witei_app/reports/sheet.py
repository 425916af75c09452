"""Files for spreadsheets, written row by row: a workbook (Office Open XML), or lines of RFC 4180."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from tempfile import TemporaryDirectory, TemporaryFile

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | datetime | None
# XML 1.0 section 2.2: these cannot be in a document, not even escaped.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# How a cell begins that a spreadsheet may calculate; the wide forms it takes for the narrow ones.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# Text stays text, whatever it looks like; a row is on the disk when the next one begins.
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
# A moment is one that can be sorted and calculated with, on the clocks that it carries.
_MOMENTS = {"default_date_format": "yyyy-mm-dd hh:mm:ss", "remove_timezone": True}
_AT_ONCE = 500  # rows
_PIECE = 64 * 1024
_WIDTH = 18
MOST_TEXT = 32_000  # of a cell: what a spreadsheet takes, and a little less
MOST_ROWS = 1_048_576  # of a sheet


async def workbook(rows: AsyncIterator[Sequence[Value]]) -> AsyncIterator[bytes]:
    """The file's bytes, once all rows are in it. The first row is a heading."""
    with TemporaryDirectory() as folder, TemporaryFile(dir=folder) as file:
        book = Workbook(file, {**_PLAIN, **_MOMENTS, "tmpdir": folder})
        sheets = _Sheets(book)
        async for some in _together(rows):
            await asyncio.to_thread(sheets.add, some)
        await asyncio.to_thread(book.close)
        file.seek(0)
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


async def _together(rows: AsyncIterator[Sequence[Value]]) -> AsyncIterator[list[Sequence[Value]]]:
    some: list[Sequence[Value]] = []
    async for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    yield some


class _Sheets:
    """The sheets of a book: another begins where one is full. Each has the heading, which stays in sight."""

    def __init__(self, book: Workbook) -> None:
        self._book, self._bold = book, book.add_format({"bold": True})
        self._sheet: Worksheet | None = None
        self._heading: Sequence[Value] = ()
        self._row = 0

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        for row in rows:
            if self._sheet is None:
                self._heading = row
                self._sheet = self._begin()
                continue
            if self._row == MOST_ROWS:
                self._sheet = self._begin()
            self._sheet.write_row(self._row, 0, map(_spoken, row))
            self._row += 1

    def _begin(self) -> Worksheet:
        sheet = self._book.add_worksheet()
        sheet.set_column(0, len(self._heading), _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, map(_spoken, self._heading), self._bold)
        self._row = 1
        return sheet


def _spoken(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return _UNSPEAKABLE.sub("", value)[:MOST_TEXT] if isinstance(value, str) else value


async def csv_file(rows: AsyncIterator[Sequence[Value]]) -> AsyncIterator[bytes]:
    """A file of such lines, as the rows come."""
    yield b"\xef\xbb\xbf"  # without it, spreadsheets take UTF-8 for the system's own letters
    lines: list[str] = []
    async for row in rows:
        lines.append(csv_line(row))
        if len(lines) == 200:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def csv_line(values: Iterable[Value], separator: str = ",") -> str:
    """One line of RFC 4180. What a spreadsheet would take for a formula is told to be text by an apostrophe."""
    return separator.join(map(_csv_field, values)) + "\r\n"


def _csv_field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return f'"{_moment_text(value)}"'
    text = value.replace("\0", "").replace('"', '""')
    return f'"\'{text}"' if _is_formula(text) else f'"{text}"'


def unguarded(cell: str) -> str:
    """A cell of such a file as it was, without the apostrophe."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(text: str) -> bool:
    """One that has an apostrophe of its own already gets another, or it would come back without."""
    return text.lstrip("'").startswith(_FORMULA)


def _moment_text(at: datetime) -> str:
    """A moment in a file of lines, as spreadsheets read it, on the clocks that it carries."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
