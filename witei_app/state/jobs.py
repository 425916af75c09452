"""Long work of the signed-in user, shown on every page until it has ended and was put away."""

import reflex as rx

from witei_app.conversations.bunch import take_bunch_back
from witei_app.jobs.queue import jobs_shown, put_away, stop_job
from witei_app.jobs.rows import JobRow
from witei_app.state.signed_in import SignedInState, as_id


class JobsState(SignedInState):
    """What runs and what has ended, newest first."""

    jobs: list[JobRow] = []

    @rx.event
    async def look(self):
        """Read it anew."""
        await self._load()

    @rx.event
    async def stop(self, job_id: int):
        """Do no more of it."""
        async with self._acting() as (db, actor):
            await stop_job(db, actor, as_id(job_id))
        await self._load()

    @rx.event
    async def take_back(self, job_id: int):
        """Undo what it did to many conversations."""
        async with self._acting() as (db, actor):
            await take_bunch_back(db, actor, as_id(job_id))
        await self._load()

    @rx.event
    async def put_away(self, job_id: int):
        """Show it no more."""
        async with self._acting() as (db, actor):
            await put_away(db, actor, as_id(job_id))
        await self._load()

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            self.jobs = await jobs_shown(db, actor)
