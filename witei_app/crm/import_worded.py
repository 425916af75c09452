"""The import of a file as the person who sets it up sees it."""

from witei_app.accounts.actor import Actor
from witei_app.crm.csv_files import Row
from witei_app.crm.importing import Preview, head_of, preview_of
from witei_app.crm.rows import ColumnRow, ImportRow, PreviewRow, RejectedRow
from witei_app.db import Session
from witei_app.jobs.queue import refusals
from witei_app.models import Job, JobRefusal, JobState
from witei_app.texts import translate
from witei_app.texts.amounts import number_label
from witei_app.texts.people import language_name

SAMPLES = 3
MOST_REJECTED = 50


async def import_row(db: Session, actor: Actor, job: Job) -> ImportRow:
    """All that its page shows: columns and first contacts before it began, what was refused after."""
    is_prepared = job.state == JobState.PREPARED
    request, skipped = job.request, int(job.request["has_headings"])
    head = (await head_of(job))[skipped:] if is_prepared else []
    preview = await preview_of(db, actor, job, head) if is_prepared else []
    refused = [] if is_prepared else await refusals(db, job, limit=MOST_REJECTED + 1)
    return ImportRow(
        id=job.id,
        file=request["file"],
        state=job.state,
        encoding=request["encoding"],
        separator=request["separator"],
        has_headings=request["has_headings"],
        responsible=str(request["responsible_id"] or ""),
        total=job.total,
        total_label=number_label(job.total, actor.language),
        columns=_columns(job, head, actor) if is_prepared else [],
        preview=[_preview(place, one, actor) for place, one in enumerate(preview, skipped + 1)],
        rejected=[_rejected(one, actor) for one in refused[:MOST_REJECTED]],
        rejected_label=number_label(job.refused, actor.language),
        more_rejected=len(refused) > MOST_REJECTED,
    )


def _columns(job: Job, head: list[Row], actor: Actor) -> list[ColumnRow]:
    request = job.request
    rows = []
    for index, field in enumerate(request["columns"]):
        heading = request["headings"][index] if request["has_headings"] else ""
        heading = heading or translate("Column {number}", actor.language, number=index + 1)
        cells = [row[index][:60] for row in head if index < len(row) and row[index]]
        rows.append(ColumnRow(index, heading, " · ".join(dict.fromkeys(cells[:SAMPLES])), field))
    return rows


def _preview(place: int, one: Preview, actor: Actor) -> PreviewRow:
    if one.refusal is not None:
        return PreviewRow(place, fault=translate(one.refusal.text, actor.language, **one.refusal.values))
    contact = one.contact
    if contact is None:
        return PreviewRow(place, more=translate("Empty row", actor.language))
    more = (language_name(contact.language, actor.language), contact.origin)
    name = f"{contact.name} {contact.surnames}".strip()
    return PreviewRow(place, name, contact.email, contact.phone, " · ".join(part for part in more if part))


def _rejected(one: JobRefusal, actor: Actor) -> RejectedRow:
    cells = " · ".join(cell for cell in one.cells if cell)
    return RejectedRow(one.place, translate(one.reason, actor.language, **one.words), cells[:200])
