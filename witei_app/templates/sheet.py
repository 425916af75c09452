"""Templates as rows of a CSV file: out of one installation or program, into another."""

import csv
import io
from typing import Any

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.crm.csv_files import encoding_of
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.sanitize import text_to_html
from witei_app.models import AuditAction
from witei_app.reports.sheet import csv_line, unguarded
from witei_app.templates.library import MOST, keep_template, list_templates

COLUMNS = ("title", "folder", "subject", "html", "language", "channel", "shared")
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
    content = _decoded(data)
    first = content.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(content), delimiter=max(",;\t", key=first.count), restkey="", restval="")
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        rows = [{name: (value or "").strip() for name, value in row.items() if name} for row in reader]
    except csv.Error:
        raise Refused("This file cannot be read as rows. Choose another separator, or save it as CSV.") from None
    names = set(reader.fieldnames)
    if "title" not in names or not names & {"html", "text"}:
        raise Refused("The file needs the columns title and html or text.")
    filled = [row for row in rows if any(row.values())]
    if not filled:
        raise Refused("There is no template in this file.")
    return filled


def _decoded(data: bytes) -> str:
    return data.decode(encoding_of(io.BytesIO(data)), "replace").replace("\0", "")


def _template(row: dict[str, str]) -> dict[str, Any]:
    return {
        "title": unguarded(row["title"]),
        "html": unguarded(row.get("html", "")) or text_to_html(row.get("text", "")),
        "subject": unguarded(row.get("subject", "")),
        "folder": unguarded(row.get("folder", "")),
        "language": row.get("language", ""),
        "channel": row.get("channel", ""),
        "is_shared": row.get("shared", "").lower() in _YES,
    }
