"""Asking for everything as a file: the worker makes it, whoever asked fetches it for two days."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.jobs.queue import OPEN, find_job, start_job
from witei_app.models import AuditAction, Job, JobState
from witei_app.settings import settings
from witei_app.texts import later
from witei_app.texts.when import moment_label, size_label

KIND = "export"
KEPT = timedelta(days=2)
PAGE = "/settings/workspace"


@dataclass(frozen=True)
class ExportRow:
    """An export that is ready to be fetched."""

    id: int
    made: str
    until: str
    size: str
    href: str


async def ask_for_everything(db: Session, actor: Actor) -> Job:
    """Have the worker write all of the workspace into one file. Refuses a second one meanwhile."""
    _administrators_who_export(actor)
    under_way = select(Job.id).where(Job.workspace_id == actor.workspace_id, Job.kind == KIND, col(Job.state).in_(OPEN))
    if (await db.exec(under_way.limit(1))).first() is not None:
        raise Refused("An export is being made already.")
    note(db, actor, AuditAction.ALL_EXPORTED)
    request = {"file": f"{secrets.token_hex(16)}.zip"}
    return await start_job(db, actor, KIND, later("Exporting everything"), request, href=PAGE)


async def exports_ready(db: Session, actor: Actor) -> list[ExportRow]:
    """The actor's own that can still be fetched, newest first."""
    if not actor.is_admin:
        return []
    query = (
        select(Job)
        .where(Job.user_id == actor.user_id, Job.kind == KIND, Job.state == JobState.DONE, _is_kept())
        .order_by(col(Job.id).desc())
    )
    found: Sequence[Job] = (await db.exec(query.limit(5))).all()
    return [_row(job, actor) for job in found]


async def fetch_export(db: Session, actor: Actor, job_id: int) -> tuple[Path, str]:
    """The file, and what it is called. Noted each time. NotFound for anybody else's, and when its time is over."""
    _administrators_who_export(actor)
    job = await find_job(db, actor, job_id, KIND)
    path = place_of(job)
    if job.state != JobState.DONE or job.ended_at is None or job.ended_at < now() - KEPT or not path.exists():
        raise NotFound("This export is not here any more. Make a new one.")
    note(db, actor, AuditAction.ALL_FETCHED)
    return path, f"conversations-{job.ended_at:%Y-%m-%d}.zip"


def place_of(job: Job) -> Path:
    """Where the file of this job lies: outside everything that is served, under a name that nobody guesses."""
    name = str(job.request["file"])
    if not re.fullmatch(r"[0-9a-f]{32}\.zip", name):
        raise ValueError("no name of an export")
    return exports_folder() / name


def exports_folder() -> Path:
    """All of them."""
    return settings().data_dir / "exports"


async def drop_old_exports() -> int:
    """Remove the files whose time is over, and what was left by a worker that died. Gives how many."""
    oldest, dropped = (now() - KEPT).timestamp(), 0
    for path in exports_folder().glob("*.zip*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped


def _administrators_who_export(actor: Actor) -> None:
    actor.must_administer()
    actor.must(actor.permissions.can_export)


def _is_kept() -> ColumnElement[bool]:
    return col(Job.ended_at) > now() - KEPT


def _row(job: Job, actor: Actor) -> ExportRow:
    ended = job.ended_at or now()
    return ExportRow(
        job.id,
        moment_label(ended, actor.time_zone, actor.language),
        moment_label(ended + KEPT, actor.time_zone, actor.language),
        size_label(int(job.checkpoint.get("size", 0)), actor.language),
        f"/exports/{job.id}",
    )
