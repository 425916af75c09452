"""Asking for long work, following it, stopping it. A job belongs to who asked for it; nobody else sees it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.files import discard_unused
from witei_app.db import Session, transaction
from witei_app.errors import NotFound, Refused
from witei_app.jobs.noted import note_end
from witei_app.jobs.rows import JobRow
from witei_app.live.events import JobChanged, announce
from witei_app.models import Job, JobRefusal, JobState
from witei_app.texts import later, translate
from witei_app.texts.amounts import number_label

SHOWN = 5
KEPT = timedelta(days=30)
KEPT_PREPARED = timedelta(days=1)
OFFERED = timedelta(hours=1)  # later, others have gone on from what was done
OPEN = (JobState.WAITING, JobState.RUNNING)


async def start_job(
    db: Session,
    actor: Actor,
    kind: str,
    label: str,
    request: dict[str, Any],
    *,
    total: int = 0,
    href: str = "",
    sha256: str = "",
    is_prepared: bool = False,
    **words: str | int,
) -> Job:
    """Ask the worker for something long. `label` is a text marked with `later`, filled with `words`.

    With `is_prepared` it waits until `begin_job`.
    """
    if actor.user_id is None:
        raise ValueError("a job belongs to a user")
    job = Job(
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        kind=kind,
        label=label,
        request=request,
        total=total,
        href=href,
        sha256=sha256,
        words=dict(words),
        state=JobState.PREPARED if is_prepared else JobState.WAITING,
    )
    db.add(job)
    await db.flush()
    tell_of_job(db, job)
    return job


def begin_job(db: Session, job: Job) -> None:
    """Let prepared work run. Refuses what runs or ran already."""
    if job.state != JobState.PREPARED:
        raise Refused("This has begun already.")
    job.state, job.due_at = JobState.WAITING, now()
    tell_of_job(db, job)


async def find_job(db: Session, actor: Actor, job_id: int, kind: str = "", *, to_change: bool = False) -> Job:
    """The actor's own job, of a certain kind if one is named, or NotFound."""
    query = select(Job).where(Job.id == job_id, Job.user_id == actor.user_id, Job.workspace_id == actor.workspace_id)
    if kind:
        query = query.where(Job.kind == kind)
    job = (await db.exec(query.with_for_update() if to_change else query)).one_or_none()
    if job is None:
        raise NotFound("This is not here, or somebody else asked for it.")
    return job


async def jobs_shown(db: Session, actor: Actor) -> list[JobRow]:
    """The actor's work that runs, and what ended and was not put away. One query."""
    query = (
        select(Job)
        .where(Job.user_id == actor.user_id, Job.state != JobState.PREPARED, ~col(Job.is_put_away))
        .order_by(col(Job.id).desc())
        .limit(SHOWN)
    )
    return [job_row(job, actor.language) for job in (await db.exec(query)).all()]


async def jobs_of_kind(db: Session, actor: Actor, kind: str) -> list[JobRow]:
    """The actor's newest work of one kind, whatever became of it."""
    query = select(Job).where(Job.user_id == actor.user_id, Job.workspace_id == actor.workspace_id, Job.kind == kind)
    found = (await db.exec(query.order_by(col(Job.id).desc()).limit(SHOWN))).all()
    return [job_row(job, actor.language) for job in found]


async def stop_job(db: Session, actor: Actor, job_id: int) -> None:
    """Do no more of it. What is done stays done."""
    job = await find_job(db, actor, job_id, to_change=True)
    if not JobState(job.state).is_open:
        raise Refused("This has ended already.")
    end_job(db, job, JobState.STOPPED, later("Stopped. What was done stays."))
    note_end(db, actor, job)


def can_take_back(job: Job) -> bool:
    """Whether an ended job noted how everything was `before`, and what it did can still be undone."""
    is_recent = job.ended_at is not None and job.ended_at > now() - OFFERED
    return is_recent and not job.is_put_away and bool(job.checkpoint.get("before"))


async def put_away(db: Session, actor: Actor, job_id: int) -> None:
    """Show it no more, now that it has ended."""
    job = await find_job(db, actor, job_id, to_change=True)
    if not JobState(job.state).is_open and not job.is_put_away:
        job.is_put_away = True
        tell_of_job(db, job)


async def put_away_done(db: Session, actor: Actor, kind: str) -> None:
    """Show no more of the actor's work of one kind what was done without a refusal."""
    own = (col(Job.user_id) == actor.user_id, col(Job.kind) == kind)
    well = (col(Job.state) == JobState.DONE, col(Job.refused) == 0, ~col(Job.is_put_away))
    await db.exec(update(Job).where(*own, *well).values(is_put_away=True))


def end_job(db: Session, job: Job, state: JobState, outcome: str = "", **words: str | int) -> None:
    """It is over."""
    job.state, job.ended_at = state, now()
    job.outcome = outcome or job.outcome
    job.words = {**job.words, **words}
    tell_of_job(db, job)


def refuse_one(db: Session, job: Job, place: int, why: Refused, cells: Sequence[str] = ()) -> None:
    """Write down that the row (or id) `place` was not done, and why; `cells` are its texts."""
    job.refused += 1
    words = {name: str(value) for name, value in why.values.items()}
    db.add(
        JobRefusal(
            workspace_id=job.workspace_id,
            job_id=job.id,
            place=place,
            cells=list(cells),
            reason=why.text,
            words=words,
        )
    )


async def refusals(db: Session, job: Job, after: int = 0, limit: int = 500) -> Sequence[JobRefusal]:
    """What was not done, in order, after the refusal with this id."""
    query = select(JobRefusal).where(JobRefusal.job_id == job.id, JobRefusal.id > after)
    return (await db.exec(query.order_by(col(JobRefusal.id)).limit(limit))).all()


def tell_of_job(db: Session, job: Job) -> None:
    """Its user's tabs show it anew."""
    announce(db, JobChanged(job.workspace_id, job.id, job.user_id))


def job_row(job: Job, language: str) -> JobRow:
    """A job for its user."""
    is_open = JobState(job.state).is_open
    words = {name: number_label(one, language) if isinstance(one, int) else one for name, one in job.words.items()}
    return JobRow(
        id=job.id,
        label=translate(job.label, language, **words),
        detail=_progress(job, language) if is_open or not job.outcome else translate(job.outcome, language, **words),
        href=job.href,
        percent=min(100, 100 * job.done // job.total) if job.total else 0,
        state=job.state,
        is_open=is_open,
        refused=job.refused,
        can_take_back=can_take_back(job),
    )


def _progress(job: Job, language: str) -> str:
    if job.state == JobState.PREPARED:
        return translate("Not begun yet", language)
    if not job.total:
        return translate("Begins in a moment", language)
    done, total = number_label(job.done, language), number_label(job.total, language)
    return translate("{done} of {total}", language, done=done, total=total)


async def drop_old_jobs() -> int:
    """Forget what ended a month ago, or was prepared yesterday and never begun. Gives how many."""
    async with transaction() as db:
        query = select(Job).where(_is_old()).order_by(col(Job.id)).limit(100)
        old = (await db.exec(query)).all()
        await db.exec(delete(Job).where(col(Job.id).in_([job.id for job in old])))
    await discard_unused({job.sha256 for job in old if job.sha256})
    return len(old)


def _is_old() -> ColumnElement[bool]:
    ended = col(Job.ended_at) < now() - KEPT
    forgotten = and_(col(Job.state) == JobState.PREPARED, col(Job.created_at) < now() - KEPT_PREPARED)
    return or_(ended, forgotten)
