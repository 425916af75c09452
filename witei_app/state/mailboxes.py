"""The mailboxes that are fetched from."""

import reflex as rx

from witei_app.mailboxes.accounts import (
    Wanted,
    add_mailbox,
    add_sent_folder,
    change_mailbox,
    find_mailbox,
    remove_mailbox,
    switch_mailbox,
    try_again,
)
from witei_app.mailboxes.cursor import ask_backfill
from witei_app.mailboxes.overview import form_of, list_mailboxes
from witei_app.mailboxes.rows import MailboxForm, MailboxRow
from witei_app.mailboxes.trial import find_sent_folder, try_mailbox
from witei_app.state.following import Following
from witei_app.state.signed_in import SignedInState, as_field, as_id


class MailboxesState(Following, SignedInState):
    """`editing` is the id of the mailbox in the dialog, -1 for a new one, 0 for none; `filling` the one to backfill."""

    mailboxes: list[MailboxRow] = []
    is_loaded: bool = False
    editing: int = 0
    form: MailboxForm = MailboxForm()
    form_number: int = 0
    is_trying: bool = False
    filling: int = 0

    @rx.event
    async def arrive(self):
        """Read what there is."""
        self.editing = self.filling = 0
        await self._enter_page()
        await self._load()

    @rx.event
    async def begin(self):
        """Add one."""
        self._open(-1, MailboxForm())

    @rx.event
    async def edit(self, account_id: int):
        """Change one."""
        async with self._looking() as (db, actor):
            account = await find_mailbox(db, actor, as_id(account_id))
            self._open(account.id, form_of(account))

    @rx.event
    async def begin_backfill(self, account_id: int):
        """Ask from which day on."""
        self.filling, self.notice = as_id(account_id), ""

    @rx.event
    async def close(self):
        """Leave it as it was."""
        self.editing, self.filling, self.notice = 0, 0, ""

    @rx.event
    async def save(self, form: dict[str, str]):
        """Connect, and keep it when that succeeds."""
        wanted, is_right = _wanted(form), False
        self.is_trying, self.notice = True, ""
        yield
        async with self._looking() as (db, actor):
            await db.close()  # nothing is held while the mail server takes its time
            await try_mailbox(actor, wanted, max(self.editing, 0))
            is_right = True
        if is_right:
            await self._keep(wanted)
        self.is_trying = False
        await self._load()

    @rx.event
    async def switch(self, account_id: int, is_on: bool):
        """Fetch from it, or leave it alone."""
        async with self._acting() as (db, actor):
            await switch_mailbox(db, actor, as_id(account_id), is_on is True)
        await self._load()

    @rx.event
    async def again(self, account_id: int):
        """Connect now."""
        async with self._acting() as (db, actor):
            await try_again(db, actor, as_id(account_id))
        await self._load()

    @rx.event
    async def add_sent(self, account_id: int):
        """Fetch the mailbox's folder of sent mail as well."""
        folder = ""
        async with self._looking() as (db, actor):
            await db.close()  # nothing is held while the mail server takes its time
            folder = await find_sent_folder(actor, as_id(account_id))
        if folder:
            async with self._acting() as (db, actor):
                await add_sent_folder(db, actor, as_id(account_id), folder)
                self._say_done("What your team sends with other mail programs comes here from now on.")
        await self._load()

    @rx.event
    async def remove(self, account_id: int):
        """Forget it."""
        async with self._acting() as (db, actor):
            await remove_mailbox(db, actor, as_id(account_id))
            self._say_done("The mailbox was removed. What was fetched from it stays.")
        await self._load()

    @rx.event
    async def backfill(self, form: dict[str, str]):
        """Fetch what came before."""
        async with self._acting() as (db, actor):
            await ask_backfill(db, actor, self.filling, as_id(as_field(form, "days", 6)))
            self.filling, self.notice = 0, ""
        await self._load()

    def _is_shown(self) -> bool:
        return self.is_loaded

    def _open(self, account_id: int, form: MailboxForm) -> None:
        self.editing, self.form, self.notice = account_id, form, ""
        self.form_number += 1

    async def _keep(self, wanted: Wanted) -> None:
        async with self._acting() as (db, actor):
            if self.editing > 0:
                await change_mailbox(db, actor, self.editing, wanted)
            else:
                await add_mailbox(db, actor, wanted)
            self.editing = 0
            self._say_done("The mailbox can be reached. New mails in it come here from now on.")

    async def _load(self) -> None:
        self.mailboxes = []  # whoever is refused below sees nothing, whatever this tab showed before
        async with self._looking() as (db, actor):
            self.mailboxes = await list_mailboxes(db, actor)
            self.is_loaded = True


def _wanted(form: object) -> Wanted:
    return Wanted(
        address=as_field(form, "address", 320),
        host=as_field(form, "host", 253),
        username=as_field(form, "username", 320),
        password=as_field(form, "password", 1000),
        port=as_id(as_field(form, "port", 6)),
        security=as_field(form, "security", 16),
        folder=as_field(form, "folder", 255),
        marks_read=bool(as_field(form, "marks_read", 5)),
    )
