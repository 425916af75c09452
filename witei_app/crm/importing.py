"""Contacts from a file: prepared with a preview, then added by the worker, a few rows a step; see `jobs`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import find_colleague
from witei_app.audit.trail import note
from witei_app.crm.csv_files import ENCODINGS, SEPARATORS, Reader, Row, Shape, count_rows, rows_of, shape_of
from witei_app.crm.import_columns import FIELDS, LEFT_OUT, check_columns, guess, guess_bare, has_headings, read_row
from witei_app.crm.import_rows import Batch
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.files import path_of
from witei_app.jobs.queue import begin_job, find_job, refuse_one, start_job, tell_of_job
from witei_app.live.events import RecordChanged, announce
from witei_app.models import AuditAction, Contact, Job
from witei_app.texts import later

KIND = "contacts_import"
MOST_ROWS = 200_000
ROWS_A_STEP = 60
HEAD = 12
LABEL = later("Import of {file}")
NO_ROWS = later("There are no rows in this file.")
OUTCOME = later("Contacts added: {added}. Rows not added: {refused}.")


@dataclass(frozen=True)
class Look:
    """A file as it is read in a shape: how many rows it has, and the first of them."""

    shape: Shape
    count: int
    head: list[Row]


@dataclass(frozen=True)
class Preview:
    """The contact that a row would become; none for an empty row, and for one that is refused."""

    contact: Contact | None
    refusal: Refused | None = None


async def look_at(sha256: str, shape: Shape | None = None) -> Look:
    """Read a file of the store; its shape is found out unless it is told. Refuses what has no rows, or too many."""
    return await asyncio.to_thread(_look, sha256, shape)


def _look(sha256: str, told: Shape | None) -> Look:
    path = path_of(sha256)
    try:
        shape = told or shape_of(path)
        look = Look(shape, count_rows(path, shape), list(islice(rows_of(path, shape), HEAD)))
    except (FileNotFoundError, UnicodeError):
        raise Refused("This file cannot be read. Save it as CSV and choose it again.") from None
    if not any(any(row) for row in look.head):
        raise Refused(NO_ROWS)
    if look.count > MOST_ROWS:
        raise Refused("A file may have {most} rows. Divide it.", most=MOST_ROWS)
    return look


async def head_of(job: Job) -> list[Row]:
    """The first rows of the file, with the headings if it has some."""
    shape = Shape(job.request["encoding"], job.request["separator"])
    return await asyncio.to_thread(lambda: list(islice(rows_of(path_of(job.sha256), shape), HEAD)))


async def prepare_import(db: Session, actor: Actor, file: str, sha256: str, look: Look) -> Job:
    """Set up the import of a file that lies in the store; nothing is added before `begin_import`."""
    actor.must(actor.permissions.can_write)
    request = {"file": file, "responsible_id": actor.user_id or 0, **_as_read(look)}
    job = await start_job(
        db, actor, KIND, LABEL, request, sha256=sha256, is_prepared=True, total=_total(request), file=file[:100]
    )
    job.href = f"/contacts/import/{job.id}"
    return job


async def reshape_import(db: Session, actor: Actor, job_id: int, look: Look) -> Job:
    """Read the file another way; its columns are guessed anew."""
    job = await _prepared(db, actor, job_id)
    return _asked(db, job, **_as_read(look))


def _as_read(look: Look) -> dict[str, Any]:
    first = look.head[0]
    is_headed = has_headings(first)
    width = max(len(row) for row in look.head)
    columns = guess(first) if is_headed else guess_bare(first)
    return {
        "encoding": look.shape.encoding,
        "separator": look.shape.separator,
        "count": look.count,
        "has_headings": is_headed,
        "headings": [*first, *[""] * (width - len(first))],
        "columns": [*columns, *[LEFT_OUT] * (width - len(columns))],
    }


def _total(request: dict[str, Any]) -> int:
    return int(request["count"]) - bool(request["has_headings"])


def checked_shape(encoding: str, separator: str) -> Shape:
    """The shape that somebody chose."""
    if encoding not in ENCODINGS or separator not in SEPARATORS:
        raise Refused("Files are not read that way.")
    return Shape(encoding, separator)


async def set_column(db: Session, actor: Actor, job_id: int, index: int, field: str) -> Job:
    """The column with this index (from 0) is that field."""
    job = await _prepared(db, actor, job_id)
    columns = list(job.request["columns"])
    if field not in FIELDS or not 0 <= index < len(columns):
        raise Refused("A contact has no such field.")
    columns[index] = field
    return _asked(db, job, columns=columns)


async def set_headings(db: Session, actor: Actor, job_id: int, is_headed: bool) -> Job:
    """The first row holds headings, or a contact already."""
    return _asked(db, await _prepared(db, actor, job_id), has_headings=is_headed)


async def set_responsible(db: Session, actor: Actor, job_id: int, user_id: int) -> Job:
    """Who looks after the contacts whose row names nobody; 0 is nobody."""
    job = await _prepared(db, actor, job_id)
    if user_id:
        await find_colleague(db, actor, user_id)
    return _asked(db, job, responsible_id=user_id)


def _asked(db: Session, job: Job, **changes: Any) -> Job:
    job.request = {**job.request, **changes}
    job.total = _total(job.request)
    tell_of_job(db, job)
    return job


async def begin_import(db: Session, actor: Actor, job_id: int) -> None:
    """Let the worker add the contacts. Refuses columns that make none."""
    job = await _prepared(db, actor, job_id)
    check_columns(job.request["columns"])
    if not job.total:
        raise Refused(NO_ROWS)
    begin_job(db, job)
    note(db, actor, AuditAction.CONTACTS_IMPORT_BEGUN, job.request["file"], {"rows": (None, job.total)})


async def _prepared(db: Session, actor: Actor, job_id: int) -> Job:
    actor.must(actor.permissions.can_write)
    job = await find_job(db, actor, job_id, KIND, to_change=True)
    if job.state != "prepared":
        raise Refused("This has begun already.")
    return job


async def preview_of(db: Session, actor: Actor, job: Job, rows: Sequence[Row]) -> list[Preview]:
    """What would become of these rows, which are not added."""
    batch = await _batch(db, actor, job, rows)
    found: list[Preview] = []
    for place, row in enumerate(rows):
        try:
            read = read_row(row, job.request["columns"])
            found.append(Preview(batch.add(place, row, read) if read else None))
        except Refused as why:
            found.append(Preview(None, why))
    return found


async def import_some(db: Session, actor: Actor, job: Job) -> bool:
    """Add the next rows. What was said no to waits in the list of refusals, with its row as spreadsheets count."""
    actor.must(actor.permissions.can_write)
    skipped = bool(job.request["has_headings"])
    start = job.done + skipped
    rows = await asyncio.to_thread(_take, job, start)
    batch = await _batch(db, actor, job, rows)
    for place, row in enumerate(rows, start + 1):
        try:
            if read := read_row(row, job.request["columns"]):
                batch.add(place, row, read)
        except Refused as why:
            refuse_one(db, job, place, why, row)
    for place, row, lost in await batch.store():
        refuse_one(db, job, place, lost, row)
    if batch.added:
        announce(db, RecordChanged(job.workspace_id, "contacts"))
    job.done += len(rows)
    added = job.checkpoint.get("added", 0) + batch.added
    job.checkpoint = {"added": added}
    job.outcome, job.words = OUTCOME, {**job.words, "added": added, "refused": job.refused}
    return bool(rows) and job.done < job.total


async def _batch(db: Session, actor: Actor, job: Job, rows: Sequence[Row]) -> Batch:
    reads = []
    for row in rows:
        try:
            reads.append(read_row(row, job.request["columns"]))
        except Refused:
            continue  # said when its turn comes
    batch = Batch(db, actor, job.request["responsible_id"])
    await batch.look_up([read for read in reads if read])
    return batch


# The file that is being read stays open between steps; a worker that comes new to it reads up to where it is.
_open: dict[tuple[int, str, Shape], Reader] = {}


def _take(job: Job, start: int) -> list[Row]:
    shape = Shape(job.request["encoding"], job.request["separator"])
    key = (job.id, job.sha256, shape)
    if key not in _open:
        _open.clear()
        _open[key] = Reader(path_of(job.sha256), shape)
    try:
        return _open[key].take(start, ROWS_A_STEP)
    except FileNotFoundError:
        raise Refused("This file cannot be read. Save it as CSV and choose it again.") from None
