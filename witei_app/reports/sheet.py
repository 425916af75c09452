"""A workbook for spreadsheets (Office Open XML, ECMA-376), written row by row: its size never sits in memory."""

import re
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Value = str | int | float | None
# XML 1.0 section 2.2: these cannot be in a document, not even escaped.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# How a cell begins that a spreadsheet may calculate; the wide forms it takes for the narrow ones.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
    '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


class _Pipe(BytesIO):
    """What ZipFile writes to when it cannot go back: taken out piece by piece."""

    def seekable(self) -> bool:
        return False

    def take(self) -> bytes:
        data = self.getvalue()
        self.seek(0)
        self.truncate()
        return data


async def workbook(rows: AsyncIterator[Sequence[Value]]) -> AsyncIterator[bytes]:
    """The file's bytes, as the rows come."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=zlib.Z_BEST_SPEED) as book:
        for name, text in _PARTS.items():
            book.writestr(name, _HEAD + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            async for row in rows:
                sheet.write(_row(row).encode())
                if pipe.tell() > 16_384:
                    yield pipe.take()
            sheet.write(b"</sheetData></worksheet>")
    yield pipe.take()


def _row(values: Iterable[Value]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    text = escape(_UNSPEAKABLE.sub("", value)[:32_000])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


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
    text = value.replace("\0", "").replace('"', '""')
    return f'"\'{text}"' if text.startswith(_FORMULA) else f'"{text}"'


def unguarded(cell: str) -> str:
    """A cell of such a file as it was, without the apostrophe."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def moment_text(at: datetime) -> str:
    """A moment as spreadsheets read it, on the clocks that it carries."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
