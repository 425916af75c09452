"""The worker's side of long work: one step of the job that has waited longest, then of the next one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.jobs.noted import note_end
from witei_app.jobs.queue import OPEN, end_job, tell_of_job
from witei_app.models import Job, JobState, User
from witei_app.texts import later

log = structlog.get_logger()
Step = Callable[[Session, Actor, Job], Awaitable[bool]]
# On SQLite a step keeps everybody else's writing waiting: half of a blink.
STEP_SECONDS = 0.05
LONGEST_PAUSE = 0.25
MOST_ATTEMPTS = 4
RETRY = timedelta(seconds=10)
GONE = later("Whoever asked for this may not work here any more.")
BROKEN = later("Something went wrong here, several times. What was done stays; it is noted for the administrator.")


async def work_next(kinds: Mapping[str, Step]) -> bool:
    """Do one step. False means that nothing is due.

    The row's lock is the claim: it ends with the transaction, so that a worker that dies leaves the job to the next.
    """
    job_id, began = 0, time.monotonic()
    try:
        async with transaction() as db:
            job = await _due(db, kinds)
            if job is None:
                return False
            job_id = job.id
            await _step(db, job, kinds)
    except Exception as fault:
        if not job_id:
            raise
        await _note_fault(job_id, fault)
    # As long again for everybody else: a long import is not to be felt in the inbox.
    await asyncio.sleep(min(time.monotonic() - began, LONGEST_PAUSE))
    return True


async def _due(db: Session, kinds: Mapping[str, Step]) -> Job | None:
    query = (
        select(Job)
        .where(col(Job.state).in_(OPEN), Job.due_at <= now(), col(Job.kind).in_(kinds.keys()))
        .order_by(col(Job.due_at), col(Job.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await db.exec(query)).first()


async def _step(db: Session, job: Job, kinds: Mapping[str, Step]) -> None:
    user = await db.get_one(User, job.user_id)
    if not user.is_active:
        end_job(db, job, JobState.FAILED, GONE)
        note_end(db, Actor.of(user), job)
        return
    job.state, job.due_at = JobState.RUNNING, now()
    if await kinds[job.kind](db, Actor.of(user), job):
        job.attempts = 0
        tell_of_job(db, job)
    else:
        end_job(db, job, JobState.DONE)
        note_end(db, Actor.of(user), job)


async def _note_fault(job_id: int, fault: Exception) -> None:
    """A refusal ends the job with its words; what broke is tried again some times, a little later."""
    async with transaction() as db:
        job = await db.get_one(Job, job_id, with_for_update=True)
        actor = Actor.of(await db.get_one(User, job.user_id))
        if isinstance(fault, Refused):
            end_job(db, job, JobState.FAILED, fault.text, **{name: str(value) for name, value in fault.values.items()})
            note_end(db, actor, job)
            return
        log.error("job.fault", job=job_id, kind=job.kind, exc_info=fault)
        job.attempts += 1
        job.due_at = now() + RETRY * job.attempts
        if job.attempts >= MOST_ATTEMPTS:
            end_job(db, job, JobState.FAILED, BROKEN)
            note_end(db, actor, job)
