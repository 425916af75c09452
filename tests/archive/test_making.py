"""Asked for on the page, made by a process of its own, fetched by whoever asked, for two days."""

import asyncio
import os
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cast import Cast, Configure, all_of, get
from tests.conversations.test_bin import administrator
from tests.http.conftest import Browse, browse, signed_in
from witei_app.archive.asking import ask_for_everything, drop_old_exports, exports_folder, exports_ready, place_of
from witei_app.archive.making import export_next
from witei_app.clock import now
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.jobs.kinds import KINDS
from witei_app.jobs.queue import stop_job
from witei_app.jobs.run import work_next
from witei_app.models import AuditAction, AuditEntry, Job, JobState, Role, User

__all__ = ["browse"]


async def ask(cast: Cast) -> Job:
    async with transaction() as db:
        (await db.get_one(User, cast.ana.user_id)).role = Role.ADMIN
        return await ask_for_everything(db, administrator(cast.ana))


async def test_it_is_made_and_fetched_by_who_asked_for_two_days(
    lite_cast: Cast, sqlite_db: str, configure: Configure, browse: Browse
) -> None:
    configure(DATABASE_URL=sqlite_db)
    cast, job = lite_cast, await ask(lite_cast)
    assert not await work_next(KINDS)
    assert await export_next()
    assert not await export_next()
    done: Job = await get(Job, job.id)
    assert (done.state, done.done) == (JobState.DONE, done.total)
    async with reading() as db:
        assert [row.href for row in await exports_ready(db, administrator(cast.ana))] == [f"/exports/{job.id}"]
        assert await exports_ready(db, administrator(cast.luis)) == []
    async with browse() as browser:
        assert (await browser.get(f"/exports/{job.id}")).status_code == 303
        for other in (cast.luis, cast.vera):
            await signed_in(browser, other)
            assert (await browser.get(f"/exports/{job.id}")).status_code == 404
        await signed_in(browser, cast.ana)
        answer = await browser.get(f"/exports/{job.id}")
        assert answer.headers["cache-control"] == "no-store"
        with ZipFile(BytesIO(answer.content)) as archive:
            people = archive.read("tables/user.jsonl").decode()
        assert "eva@sol.test" in people
        assert "vera@norte.test" not in people
    kinds = {entry.action for entry in await all_of(AuditEntry)}
    assert kinds >= {AuditAction.ALL_EXPORTED, AuditAction.ALL_FETCHED}
    path: Path = place_of(job)
    assert await drop_old_exports() == 0
    before = (now() - timedelta(days=2, minutes=1)).timestamp()
    os.utime(path, (before, before))
    assert await drop_old_exports() == 1
    assert not list(exports_folder().iterdir())


async def test_only_administrators_ask_and_one_at_a_time(lite_cast: Cast) -> None:
    with pytest.raises(Refused):
        async with transaction() as db:
            await ask_for_everything(db, lite_cast.luis)
    await ask(lite_cast)
    with pytest.raises(Refused):
        await ask(lite_cast)


async def test_one_that_was_stopped_leaves_nothing(lite_cast: Cast, sqlite_db: str, configure: Configure) -> None:
    configure(DATABASE_URL=sqlite_db)
    job = await ask(lite_cast)
    async with transaction() as db:
        await stop_job(db, lite_cast.ana, job.id)
    assert not await export_next()
    assert not place_of(job).exists()


async def test_a_worker_that_died_is_followed_by_another(lite_cast: Cast, sqlite_db: str, configure: Configure) -> None:
    configure(DATABASE_URL=sqlite_db)
    job = await ask(lite_cast)
    async with transaction() as db:
        claimed = await db.get_one(Job, job.id)
        claimed.state, claimed.attempts, claimed.due_at = JobState.RUNNING, 1, now() + timedelta(seconds=60)
    assert not await export_next()
    async with transaction() as db:
        (await db.get_one(Job, job.id)).due_at = now()
    assert await export_next()
    assert (await get(Job, job.id)).state == JobState.DONE


async def test_the_operators_own_is_in_the_audit_too_and_the_workers_once(
    lite_cast: Cast, sqlite_db: str, configure: Configure, tmp_path: Path
) -> None:
    configure(DATABASE_URL=sqlite_db)
    command = [sys.executable, "-m", "witei_app", "export", str(tmp_path / "all.zip")]
    for more in ([], ["--progress"]):
        process = await asyncio.create_subprocess_exec(*command, *more, stdout=asyncio.subprocess.DEVNULL)
        assert await process.wait() == 0
    entries = [entry for entry in await all_of(AuditEntry) if entry.action == AuditAction.ALL_EXPORTED]
    assert {entry.user_name for entry in entries} == {"python -m witei_app export"}
    assert sorted(entry.workspace_id for entry in entries) == sorted({lite_cast.sol, lite_cast.vera.workspace_id})
