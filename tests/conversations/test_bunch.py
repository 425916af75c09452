"""Several at once: each is checked for itself, the rest goes on, and it is said what was refused and why."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast, all_of, get, give, open_conversation
from tests.conversations.test_counts import counters_equal_a_recount
from witei_app.accounts.actor import Actor
from witei_app.conversations.bunch import (
    HIDDEN,
    KINDS,
    Outcome,
    act_on_several,
    may_take_back,
    start_bunch,
    take_back,
    take_bunch_back,
)
from witei_app.conversations.read import count_unread
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.jobs.kinds import KINDS as JOBS
from witei_app.jobs.queue import jobs_shown
from witei_app.jobs.run import work_next
from witei_app.models import Conversation, Job, JobRefusal, JobState


async def bunch(actor: Actor, name: str, ids: list[int], value: int = 0) -> Outcome:
    async with transaction() as db:
        return await act_on_several(db, actor, KINDS[name], ids, value)


def allowed(actor: Actor, **levels: Any) -> Actor:
    return replace(actor, levels=replace(actor.levels, **levels))


async def test_each_act_is_done_to_all_of_them(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(3)]
    for name, value in (("assign", cast.luis.user_id), ("archive", 0), ("reopen", 0), ("read", 0), ("unread", 0)):
        outcome = await bunch(cast.ana, name, opened, value or 0)
        assert (outcome.done, outcome.refused) == (3, []), name
    async with reading() as db:
        assert await count_unread(db, cast.ana) == 3
    assert {one.assignee_id for one in await all_of(Conversation)} == {cast.luis.user_id}
    await bunch(cast.ana, "delete", opened)
    assert all(one.deleted_at for one in await all_of(Conversation))
    await counters_equal_a_recount()


async def test_what_is_refused_stops_nothing_and_is_said_with_its_reason(cast: Cast) -> None:
    mine, nobodys, luises = [await open_conversation(cast.marco) for _ in range(3)]
    await give(cast.ana, mine, cast.ana)
    await give(cast.ana, luises, cast.luis)
    ana = allowed(cast.ana, can_assign_others=False)
    outcome = await bunch(ana, "assign", [mine, nobodys, luises, 999], 0)
    assert outcome.done == 2  # given back, and left as it was
    assert [one for one, _ in outcome.refused] == [999, luises]
    assert outcome.words(KINDS["assign"], "en") == (
        f"Assigned: 2. Refused: 2. {HIDDEN} (1) You do not have the permission for this. Ask an administrator. (1)"
    )
    assert (await get(Conversation, luises)).assignee_id == cast.luis.user_id


async def test_nobody_acts_on_what_they_do_not_see(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(2)]
    for stranger in (cast.vera, cast.eva):
        for name in KINDS:
            outcome = await bunch(stranger, name, opened)
            assert (outcome.done, len(outcome.refused)) == (0, 2)
    assert not any(one.deleted_at or one.is_archived for one in await all_of(Conversation))


async def test_many_are_done_by_the_worker_a_few_at_a_time_and_counted(cast: Cast) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(23)]
    async with transaction() as db:
        await start_bunch(db, cast.ana, "archive", [*opened, 999])
    seen = []
    while await work_next(JOBS):
        (job,) = await all_of(Job)
        seen.append(job.done)
    assert seen == [10, 20, 24]
    assert job.state == JobState.DONE
    assert job.words == {"done": 23, "refused": 1}
    assert [one.place for one in await all_of(JobRefusal)] == [999]
    assert all(one.is_archived for one in await all_of(Conversation))
    await counters_equal_a_recount()


async def test_what_went_well_makes_room_for_the_next_and_what_was_refused_stays(lite_cast: Cast) -> None:
    opened = [await open_conversation(lite_cast.marco) for _ in range(3)]
    for ids in ([*opened, 999], opened, opened):
        async with transaction() as db:
            await start_bunch(db, lite_cast.ana, "read", ids)
        while await work_next(JOBS):
            pass
    async with reading() as db:
        shown = await jobs_shown(db, lite_cast.ana)
    assert [job.detail for job in shown] == ["Done: 3. Refused: 0.", "Done: 3. Refused: 1."]


async def test_what_was_done_to_several_is_taken_back_where_it_still_is_so(cast: Cast) -> None:
    mine, nobodys, moved, archived = opened = [await open_conversation(cast.marco) for _ in range(4)]
    await give(cast.ana, mine, cast.ana)
    luis = cast.luis.user_id or 0
    before = (await bunch(cast.ana, "assign", opened, luis)).before
    assert before == {mine: cast.ana.user_id, nobodys: 0, moved: 0, archived: 0}
    await give(cast.luis, moved, cast.eva)
    async with transaction() as db:
        assert (await take_back(db, cast.ana, "assign", before, luis)).done == 3
    whose = [(await get(Conversation, one)).assignee_id for one in opened]
    assert whose == [cast.ana.user_id, None, cast.eva.user_id, None]

    await bunch(cast.ana, "archive", [archived])
    before = (await bunch(cast.ana, "archive", opened)).before
    async with transaction() as db:
        await take_back(db, cast.ana, "archive", before)
    assert [(await get(Conversation, one)).is_archived for one in opened] == [False, False, False, True]
    assert [may_take_back(cast.ana, name) for name in ("archive", "read", "delete")] == [True, False, False]
    await counters_equal_a_recount()


async def test_what_the_worker_did_to_many_is_undone_once_by_whoever_asked_for_it(cast: Cast) -> None:
    mine, moved, *others = opened = [await open_conversation(cast.marco) for _ in range(23)]
    await give(cast.ana, mine, cast.ana)
    async with transaction() as db:
        await start_bunch(db, cast.ana, "assign", opened, cast.luis.user_id or 0)
    await worked()
    (job,) = await all_of(Job)
    await give(cast.luis, moved, cast.eva)
    async with transaction() as db:
        with pytest.raises(NotFound):
            await take_bunch_back(db, cast.luis, job.id)
        await take_bunch_back(db, cast.ana, job.id)
    await worked()
    whose = [(await get(Conversation, one)).assignee_id for one in opened]
    assert whose == [cast.ana.user_id, cast.eva.user_id] + [None] * len(others)
    async with reading() as db:
        (shown,) = await jobs_shown(db, cast.ana)
    assert (shown.detail, shown.can_take_back) == ("Done: 22. Refused: 0.", False)
    for number in (job.id, shown.id):
        async with transaction() as db:
            with pytest.raises(Refused):
                await take_bunch_back(db, cast.ana, number)
    await counters_equal_a_recount()


async def test_what_many_are_read_for_is_not_offered_back(lite_cast: Cast) -> None:
    opened = [await open_conversation(lite_cast.marco) for _ in range(2)]
    for name, is_offered in (("archive", True), ("read", False), ("delete", False)):
        async with transaction() as db:
            await start_bunch(db, lite_cast.ana, name, opened)
        await worked()
        async with reading() as db:
            assert (await jobs_shown(db, lite_cast.ana))[0].can_take_back is is_offered, name


async def worked() -> None:
    while await work_next(JOBS):
        pass
