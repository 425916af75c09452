"""Templates as rows of a CSV file: out of one installation or program, into another."""

import io
from typing import Any

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.crm.contacts import fold
from witei_app.crm.csv_files import encoding_of, refuse_workbook, rows_of_text
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.sanitize import text_to_html
from witei_app.models import AuditAction
from witei_app.reports.sheet import csv_line, unguarded
from witei_app.templates.library import MOST, keep_template, list_templates

COLUMNS = ("title", "folder", "subject", "html", "language", "channel", "shared")
# As a Spanish office heads its columns.
_SPANISH = {
    "titulo": "title",
    "carpeta": "folder",
    "asunto": "subject",
    "texto": "text",
    "idioma": "language",
    "canal": "channel",
    "compartida": "shared",
    "compartido": "shared",
}
_YES = {"1", "yes", "true", "sí", "si", "x"}


class RowRefused(Refused):
    """A row of the file that cannot be a template, and why: then none of the file is added."""

    def __init__(self, row: int, why: Refused) -> None:
        super().__init__("Row {row}: {why} Nothing was added.", row=row, why=str(why))
        self.why = why


async def templates_csv(db: Session, actor: Actor) -> str:
    """The templates that the actor sees, with headings, as RFC 4180 has it."""
    actor.must(actor.permissions.can_export or actor.permissions.manages_templates)
    lines = [csv_line(COLUMNS)]
    for one in await list_templates(db, actor):
        shared = "yes" if one.user_id is None else "no"
        lines.append(csv_line((one.title, one.folder, one.subject, one.html, one.language, one.channel, shared)))
    return "".join(lines)


async def import_templates(db: Session, actor: Actor, data: bytes) -> int:
    """Add the templates of a file, or none of them; gives how many. Plain text becomes paragraphs.

    Refuses a file without the columns "title" and "html" or "text", none or too many rows, and the first wrong one.
    """
    rows = _rows(data)
    if len(rows) > MOST:
        raise Refused("A file may have {most} templates.", most=MOST)
    for number, row in enumerate(rows, 2):
        try:
            await keep_template(db, actor, 0, **_template(row))
        except Refused as refusal:
            raise RowRefused(number, refusal) from refusal
    note(db, actor, AuditAction.TEMPLATES_IMPORTED, str(len(rows)))
    return len(rows)


def _rows(data: bytes) -> list[dict[str, str]]:
    refuse_workbook(data)
    heading, *rows = rows_of_text(_decoded(data)) or [[]]
    names = [_name(cell) for cell in heading]
    if "title" not in names or not {"html", "text"} & set(names):
        raise Refused("The file needs the columns title and html or text.")
    cells = [[cell.strip() for cell in row] + [""] * len(names) for row in rows if any(map(str.strip, row))]
    if not cells:
        raise Refused("There is no template in this file.")
    return [dict(zip(names, row, strict=False)) for row in cells]


def _name(heading: str) -> str:
    folded = fold(heading.strip())
    return _SPANISH.get(folded, folded)


def _decoded(data: bytes) -> str:
    return data.decode(encoding_of(io.BytesIO(data)), "replace").replace("\0", "")


def _template(row: dict[str, str]) -> dict[str, Any]:
    return {
        "title": unguarded(row["title"]),
        "html": unguarded(row.get("html", "")) or text_to_html(row.get("text", "")),
        "subject": unguarded(row.get("subject", "")),
        "folder": unguarded(row.get("folder", "")),
        "language": row.get("language", "").lower(),
        "channel": row.get("channel", "").lower(),
        "is_shared": row.get("shared", "").lower() in _YES,
    }
