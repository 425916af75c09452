"""The worker's side: each export is written by a process of its own, so that nobody waits for it."""

import asyncio
import contextlib
import json
import sys
import time
from datetime import timedelta
from typing import cast

import structlog
from sqlmodel import col, select

from witei_app.archive.asking import KIND, place_of
from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.jobs.queue import OPEN, end_job, tell_of_job
from witei_app.jobs.run import BROKEN, GONE, MOST_ATTEMPTS
from witei_app.models import Job, JobState, Role, User, Workspace
from witei_app.texts import later

log = structlog.get_logger()
# A worker that died lets go of the job after so long; the next one begins anew.
LEASE = timedelta(seconds=60)
_TELL_SECONDS = 1.0


async def export_next() -> bool:
    """Write the export that is due. False when none is."""
    async with transaction() as db:
        job = await _claim(db)
        if job is None:
            return False
        user, workspace = await db.get_one(User, job.user_id), await db.get_one(Workspace, job.workspace_id)
        if not user.is_active or user.role != Role.ADMIN:
            end_job(db, job, JobState.FAILED, GONE)
            return True
    target = place_of(job)
    target.parent.mkdir(parents=True, exist_ok=True)
    arguments = ["-m", "witei_app", "export", str(target), "--workspace", workspace.mailbox, "--progress"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=pipe, stderr=pipe)
    try:
        is_wanted = await _follow(process, job.id)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    await _end(job, is_wanted and process.returncode == 0)
    return True


async def _claim(db: Session) -> Job | None:
    query = select(Job).where(col(Job.state).in_(OPEN), Job.due_at <= now(), Job.kind == KIND).order_by(col(Job.id))
    job = (await db.exec(query.limit(1).with_for_update(skip_locked=True))).first()
    if job is None:
        return None
    job.attempts += 1
    if job.attempts > MOST_ATTEMPTS:
        end_job(db, job, JobState.FAILED, BROKEN)
        return None
    job.state, job.due_at = JobState.RUNNING, now() + LEASE
    tell_of_job(db, job)
    return job


async def _follow(process: asyncio.subprocess.Process, job_id: int) -> bool:
    """Pass on how far it is, each second. False when it was stopped."""
    last = time.monotonic()
    told, faults = cast(asyncio.StreamReader, process.stdout), cast(asyncio.StreamReader, process.stderr)
    fault = asyncio.create_task(faults.read())
    async for line in told:
        if time.monotonic() - last < _TELL_SECONDS or not line.startswith(b"["):
            continue
        last = time.monotonic()
        done, total = json.loads(line)
        if not await _tell(job_id, done, total):
            return False
    await process.wait()
    if process.returncode:
        log.error("export.failed", job=job_id, fault=(await fault).decode(errors="replace")[-2000:])
    return True


async def _tell(job_id: int, done: int, total: int) -> bool:
    async with transaction() as db:
        job = await db.get_one(Job, job_id, with_for_update=True)
        if not JobState(job.state).is_open:
            return False
        job.done, job.total, job.due_at = done, total, now() + LEASE
        tell_of_job(db, job)
    return True


async def _end(job: Job, is_made: bool) -> None:
    target = place_of(job)
    async with transaction() as db:
        job = await db.get_one(Job, job.id, with_for_update=True, populate_existing=True)
        if not JobState(job.state).is_open:  # stopped: nobody wants it
            target.unlink(missing_ok=True)
        elif is_made:
            job.checkpoint, job.done = {"size": target.stat().st_size}, job.total
            end_job(db, job, JobState.DONE, later("Ready to be downloaded in Settings, Workspace, for two days."))
        else:
            job.due_at = now() + timedelta(seconds=10 * job.attempts)
            job.state = JobState.WAITING
            tell_of_job(db, job)
    target.with_name(f"{target.name}.part").unlink(missing_ok=True)
