"""Long work: each step once, whatever dies in between; its user alone sees it."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from tests.cast import Cast, all_of, get
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.jobs.queue import (
    OPEN,
    begin_job,
    drop_old_jobs,
    find_job,
    jobs_shown,
    put_away,
    refusals,
    refuse_one,
    start_job,
    stop_job,
)
from witei_app.jobs.run import MOST_ATTEMPTS, work_next
from witei_app.live.events import Event, JobChanged
from witei_app.models import ContactNote, Job, JobRefusal, JobState, User
from witei_app.texts import later

LABEL = later("Archiving conversations")


async def note_down(db: Session, actor: Actor, job: Job) -> bool:
    """Write one note, then the next."""
    db.add(ContactNote(workspace_id=job.workspace_id, contact_id=job.request["contact"], body=f"Note {job.done}"))
    job.done += 1
    job.checkpoint = {"at": job.done}
    return job.done < job.total


async def break_down(db: Session, actor: Actor, job: Job) -> bool:
    await note_down(db, actor, job)
    raise RuntimeError("a bug")


async def refuse(db: Session, actor: Actor, job: Job) -> bool:
    await note_down(db, actor, job)
    raise Refused("{value} belongs to {name}.", value="x", name="Lena")


KINDS = {"notes": note_down, "broken": break_down, "refused": refuse}


async def ask(cast: Cast, kind: str = "notes", total: int = 3, is_prepared: bool = False) -> int:
    async with transaction() as db:
        request = {"contact": cast.marco.id}
        job = await start_job(db, cast.ana, kind, LABEL, request, total=total, is_prepared=is_prepared)
        return job.id


async def notes() -> list[str]:
    return [note.body for note in await all_of(ContactNote)]


async def make_due(job_id: int) -> None:
    async with transaction() as db:
        (await db.get_one(Job, job_id)).due_at = now()


async def test_work_is_done_step_by_step_and_its_user_hears_of_it(cast: Cast, announced: list[Event]) -> None:
    job_id = await ask(cast)
    assert [await work_next(KINDS) for _ in range(4)] == [True, True, True, False]
    assert await notes() == ["Note 0", "Note 1", "Note 2"]
    job = await get(Job, job_id)
    assert (job.state, job.done, job.ended_at is not None) == (JobState.DONE, 3, True)
    assert announced == [JobChanged(cast.sol, job_id, cast.ana.user_id or 0)] * 4


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deaths=st.lists(st.integers(0, 3), max_size=6))
async def test_a_worker_that_dies_leaves_nothing_half_done_and_nothing_is_done_twice(
    lite_cast: Cast, deaths: list[int]
) -> None:
    class Killed(BaseException):
        """As a process ends: nothing catches it."""

    before = len(await notes())
    job_id = await ask(lite_cast, total=4)
    left = list(deaths)

    async def mortal(db: Session, actor: Actor, job: Job) -> bool:
        is_more = await note_down(db, actor, job)
        if left and job.done >= left[0]:
            left.pop()
            await db.flush()
            raise Killed
        return is_more

    for _ in range(20):
        try:
            if not await work_next({"notes": mortal}):
                break
        except Killed:
            continue
    assert (await get(Job, job_id)).state == JobState.DONE
    assert (await notes())[before:] == ["Note 0", "Note 1", "Note 2", "Note 3"]


async def test_two_workers_share_without_doing_anything_twice(cast: Cast) -> None:
    for _ in range(3):
        await ask(cast, total=5)

    async def worker() -> None:
        while await work_next(KINDS) or await all_of(Job, col(Job.state).in_(OPEN)):
            pass

    await asyncio.gather(worker(), worker())
    assert sorted(await notes()) == sorted([f"Note {number}" for number in range(5)] * 3)


async def test_jobs_take_turns(lite_cast: Cast) -> None:
    long, short = await ask(lite_cast, total=50), await ask(lite_cast, total=1)
    for _ in range(2):
        await work_next(KINDS)
    assert ((await get(Job, short)).state, (await get(Job, long)).done) == (JobState.DONE, 1)


async def test_a_refusal_ends_it_with_its_words(cast: Cast) -> None:
    job_id = await ask(cast, "refused")
    await work_next(KINDS)
    async with reading() as db:
        (row,) = await jobs_shown(db, cast.ana)
    assert (row.id, row.state, row.detail) == (job_id, "failed", "x belongs to Lena.")
    assert await notes() == []


async def test_what_breaks_is_tried_again_and_given_up(lite_cast: Cast) -> None:
    job_id = await ask(lite_cast, "broken")
    for _ in range(MOST_ATTEMPTS):
        assert await work_next(KINDS)
        assert not await work_next(KINDS)  # not at once
        await make_due(job_id)
    assert (await get(Job, job_id)).state == JobState.FAILED
    assert await notes() == []


async def test_it_ends_when_its_user_leaves(lite_cast: Cast) -> None:
    job_id = await ask(lite_cast)
    async with transaction() as db:
        (await db.get_one(User, lite_cast.ana.user_id)).is_active = False
    await work_next(KINDS)
    assert ((await get(Job, job_id)).state, await notes()) == (JobState.FAILED, [])


async def test_nobody_else_sees_or_stops_it(cast: Cast) -> None:
    job_id = await ask(cast)
    for actor in (cast.luis, cast.vera):
        for rule in (find_job, stop_job, put_away):
            with pytest.raises(NotFound):
                async with transaction() as db:
                    await rule(db, actor, job_id)
        async with reading() as db:
            assert await jobs_shown(db, actor) == []


async def test_it_is_stopped_and_put_away(lite_cast: Cast) -> None:
    job_id = await ask(lite_cast)
    await work_next(KINDS)
    async with transaction() as db:
        await put_away(db, lite_cast.ana, job_id)  # not while it runs
        await stop_job(db, lite_cast.ana, job_id)
    assert not await work_next(KINDS)
    with pytest.raises(Refused):
        async with transaction() as db:
            await stop_job(db, lite_cast.ana, job_id)
    async with transaction() as db:
        assert [row.state for row in await jobs_shown(db, lite_cast.ana)] == ["stopped"]
        await put_away(db, lite_cast.ana, job_id)
        assert await jobs_shown(db, lite_cast.ana) == []


async def test_what_is_prepared_waits_until_it_is_begun_once(lite_cast: Cast) -> None:
    job_id = await ask(lite_cast, is_prepared=True)
    assert not await work_next(KINDS)
    async with transaction() as db:
        begin_job(db, await find_job(db, lite_cast.ana, job_id))
    with pytest.raises(Refused):
        async with transaction() as db:
            begin_job(db, await find_job(db, lite_cast.ana, job_id))
    assert await work_next(KINDS)


async def test_what_was_not_done_is_kept_in_order(lite_cast: Cast) -> None:
    job_id = await ask(lite_cast)
    async with transaction() as db:
        job = await find_job(db, lite_cast.ana, job_id)
        for place in (4, 9):
            refuse_one(db, job, place, Refused("{value} belongs to {name}.", value="x", name="Lena"), ["a", "b"])
    async with reading() as db:
        job = await find_job(db, lite_cast.ana, job_id)
        first, second = await refusals(db, job)
        assert await refusals(db, job, after=first.id) == [second]
    assert (job.refused, first.place, second.cells) == (2, 4, ["a", "b"])


async def test_old_work_is_forgotten(lite_cast: Cast) -> None:
    old, new, prepared = [await ask(lite_cast, is_prepared=one == 2) for one in range(3)]
    async with transaction() as db:
        job = await db.get_one(Job, old)
        job.ended_at = now() - timedelta(days=40)
        refuse_one(db, job, 1, Refused("x"))
        (await db.get_one(Job, prepared)).created_at = now() - timedelta(days=2)
    assert await drop_old_jobs() == 2
    assert [job.id for job in await all_of(Job)] == [new]
    assert await all_of(JobRefusal) == []
