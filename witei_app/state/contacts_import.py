"""The page where contacts are imported from a file: say what its columns are, watch, read what was refused."""

import reflex as rx

from witei_app.conversations.rows import ColleagueRow
from witei_app.crm.import_worded import import_row
from witei_app.crm.importing import (
    KIND,
    begin_import,
    checked_shape,
    look_at,
    reshape_import,
    set_column,
    set_headings,
    set_responsible,
)
from witei_app.crm.rows import ImportRow
from witei_app.errors import NotFound
from witei_app.jobs.queue import find_job, job_row, jobs_of_kind, put_away, stop_job
from witei_app.jobs.rows import JobRow
from witei_app.models import JobState
from witei_app.state.contacts import people_of
from witei_app.state.signed_in import SignedInState, as_id, as_text


class ContactsImportState(SignedInState):
    """One import, or none yet: then `earlier` are the actor's last ones."""

    shown: ImportRow = ImportRow()
    job: JobRow = JobRow()
    earlier: list[JobRow] = []
    people: list[ColleagueRow] = []
    is_missing: bool = False
    is_loaded: bool = False

    @rx.event
    async def arrive(self):
        """Read the import in the address, if there is one."""
        await self._enter_page()
        self.shown, self.job, self.is_missing, self.is_loaded, self.notice = ImportRow(), JobRow(), False, False, ""
        await self._load(as_id(self.router.url.path.rstrip("/").rpartition("/")[2]))
        await self._put_away()

    @rx.event
    async def go_on(self, href: str):
        """Set up the import of the file that has just come."""
        job_id = as_id(as_text(href, 80).rpartition("/")[2])
        return rx.redirect(f"/contacts/import/{job_id}")

    @rx.event
    async def choose_field(self, index: int, field: str):
        """A column becomes this field of the contacts."""
        async with self._acting() as (db, actor):
            await set_column(db, actor, self.shown.id, as_id(index), as_text(field, 16))
        await self._load(self.shown.id)

    @rx.event
    async def choose_encoding(self, encoding: str):
        """Read the file's letters another way."""
        await self._reshape(as_text(encoding, 16), self.shown.separator)

    @rx.event
    async def choose_separator(self, separator: str):
        """Cut its rows another way."""
        await self._reshape(self.shown.encoding, as_text(separator, 4))

    @rx.event
    async def choose_headings(self, is_headed: bool):
        """The first row holds headings, or a contact."""
        async with self._acting() as (db, actor):
            await set_headings(db, actor, self.shown.id, is_headed is True)
        await self._load(self.shown.id)

    @rx.event
    async def choose_responsible(self, user_id: str):
        """Who looks after contacts whose row names nobody."""
        async with self._acting() as (db, actor):
            await set_responsible(db, actor, self.shown.id, as_id(user_id))
        await self._load(self.shown.id)

    @rx.event
    async def begin(self):
        """Let the worker add them."""
        async with self._acting() as (db, actor):
            await begin_import(db, actor, self.shown.id)
            self.notice = ""
        await self._load(self.shown.id)

    @rx.event
    async def stop(self):
        """Add no more."""
        async with self._acting() as (db, actor):
            await stop_job(db, actor, self.shown.id)
        await self._load(self.shown.id)

    @rx.event
    async def follow(self):
        """Show how far it is."""
        if self.shown.id:
            await self._load(self.shown.id)
            await self._put_away()

    async def _put_away(self) -> None:
        """What ended and is read here needs not be told at the foot of the page as well."""
        if self.job.id and not self.job.is_open and self.shown.state != JobState.PREPARED:
            async with self._acting() as (db, actor):
                await put_away(db, actor, self.job.id)

    async def _reshape(self, encoding: str, separator: str) -> None:
        look = None
        async with self._looking() as (db, actor):
            shape = checked_shape(encoding, separator)
            look = await look_at((await find_job(db, actor, self.shown.id, KIND)).sha256, shape)
        if look is None:
            return
        async with self._acting() as (db, actor):
            await reshape_import(db, actor, self.shown.id, look)
        await self._load(self.shown.id)

    async def _load(self, job_id: int) -> None:
        async with self._looking() as (db, actor):
            self.people = await people_of(db, actor)
            if not job_id:
                self.earlier = await jobs_of_kind(db, actor, KIND)
                self.is_loaded = True
                return
            try:
                job = await find_job(db, actor, job_id, KIND)
            except NotFound:
                self.is_missing = True
                return
            self.shown, self.job = await import_row(db, actor, job), job_row(job, actor.language)
        self.is_loaded = True
