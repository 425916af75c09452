"""Files of rows as offices have them: their letters and separators recognised, read row by row."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from witei_app.errors import Refused
from witei_app.texts import later

# By their names in Python; the last two take any byte for something.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "mac_roman": "Macintosh",
}
# How workbooks begin: ZIP (Office Open XML, OpenDocument), and Excel's old files.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SEPARATORS = {";": "Semicolon", ",": "Comma", "\t": "Tab", "|": "Vertical bar"}
_NEVER_CLOSED = later("The quotation mark in row {row} is never closed. Correct it in the file.")
_LOOKED_AT = 256 * 1024
_ROWS_LOOKED_AT = 50
MOST_COLUMNS = 60
LONGEST_CELL = 10_000

Row = list[str]


@dataclass(frozen=True)
class Shape:
    """How a file is to be read."""

    encoding: str
    separator: str


def shape_of(path: Path) -> Shape:
    """What the file looks like: by its first bytes, by whether it is UTF-8, by what cuts its rows evenly."""
    head = _head(path)
    refuse_workbook(head)
    with path.open("rb") as file:
        encoding = encoding_of(file)
    text = head.decode(encoding, "replace")
    said = said_separator(text)
    return Shape(encoding, said or max(SEPARATORS, key=lambda separator: _evenness(text, separator)))


def refuse_workbook(head: bytes) -> None:
    """Refuses what begins as the files of spreadsheets do."""
    if head.startswith(_WORKBOOKS):
        raise Refused("This is a workbook. Save it as CSV there, and choose that file.")


def rows_of_text(text: str) -> list[Row]:
    """The rows of a small file, the headings' own separator between their cells. Refuses a quotation mark that is never
    closed: it would swallow all that follows.
    """
    said = said_separator(text)
    lines = list(io.StringIO(text, newline=""))[1 if said else 0 :]
    separator = said or max(SEPARATORS, key=(lines or [""])[0].count)
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        raise Refused("This file cannot be read as rows. Choose another separator, or save it as CSV.") from None
    if _is_open(lines, separator):
        raise Refused(_NEVER_CLOSED, row=len(rows) + bool(said))
    return rows


def rows_of(path: Path, shape: Shape) -> Iterator[Row]:
    """The rows from the beginning; empty ones too, so that they can be counted as a spreadsheet does."""
    # Nothing is lost over a byte that is no letter; NUL is none in any database.
    with path.open(encoding=shape.encoding, errors="replace", newline="") as file:
        lines: Iterator[str] = (line.replace("\0", "") for line in file)
        first = next(lines, "")
        if not said_separator(first):
            lines = _before(first, lines)
        last: list[str] = []
        place = 0
        try:
            for place, row in enumerate(csv.reader(_noted(lines, last), delimiter=shape.separator), 1):
                if len(last) > 1 and _is_open(last, shape.separator):
                    raise Refused(_NEVER_CLOSED, row=place)
                last.clear()
                yield [cell.strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
        except csv.Error:
            if len(last) > 1:  # more lines than a cell can hold
                raise Refused(_NEVER_CLOSED, row=place + 1) from None
            raise Refused("This file cannot be read as rows. Choose another separator, or save it as CSV.") from None


def count_rows(path: Path, shape: Shape) -> int:
    """How many rows it has, the first included."""
    return sum(1 for _ in rows_of(path, shape))


class Reader:
    """Takes rows from where the last ones ended, without reading the file from its beginning each time."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._path, self._shape = path, shape
        self._position = 0
        self._rows = rows_of(path, shape)

    def take(self, start: int, most: int) -> list[Row]:
        """At most so many rows from the row number `start` (0 is the first)."""
        if start < self._position:
            self._position, self._rows = 0, rows_of(self._path, self._shape)
        for _ in islice(self._rows, start - self._position):
            pass
        taken = list(islice(self._rows, most))
        self._position = start + len(taken)
        return taken


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LOOKED_AT)


def encoding_of(file: BinaryIO) -> str:
    """How its letters are written: by the mark at the beginning, by zeros, by whether all of it is UTF-8."""
    head = file.read(_LOOKED_AT)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.count(0) > len(head) // 4:  # without the mark: letters of most languages have a zero on one side
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
        while piece := file.read(_LOOKED_AT):  # to its end: the first accent may be far down
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def said_separator(text: str) -> str:
    """Excel's own first line: "sep=;"."""
    first = text[:8].lstrip("\ufeff").splitlines()[:1]
    said = first[0][4:5] if first and first[0].lower().startswith("sep=") else ""
    return said if said in SEPARATORS else ""


def _evenness(text: str, separator: str) -> tuple[float, int]:
    """How many of the rows have the same number of cells, if that is more than one, and how many those are."""
    try:
        rows = list(islice(csv.reader(text.splitlines(keepends=True), delimiter=separator), _ROWS_LOOKED_AT))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if row)
    if not widths:
        return 0, 0
    width, times = widths.most_common(1)[0]
    return (times / widths.total(), width) if width > 1 else (0, 0)


def _noted(lines: Iterator[str], last: list[str]) -> Iterator[str]:
    for line in lines:
        last.append(line)
        yield line


def _is_open(lines: list[str], separator: str) -> bool:
    """Whether the file ends within quotation marks: then all the rows since are one cell."""
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as fault:
        return "unexpected end" in str(fault)
    return False


def _before(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines
