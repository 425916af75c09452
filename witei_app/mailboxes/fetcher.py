"""All mailboxes at once: a session for each whose lease this process holds, none of which can stop another."""

import asyncio
import contextlib
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.live import bus
from witei_app.live.events import Event, MailboxChanged
from witei_app.mail.imap import ServerSaysNo
from witei_app.mailboxes.health import note_fault
from witei_app.mailboxes.lease import LeaseLost, claim_due, end_leases, release, renew
from witei_app.mailboxes.session import watch
from witei_app.secrets import Unsealable
from witei_app.settings import settings
from witei_app.texts import later

log = structlog.get_logger()
LOOK_SECONDS = 5
RENEW_SECONDS = 15
MOST_AT_ONCE = 200
OUR_FAULT = later("Something went wrong here, not in the mailbox. It is tried again.")
SEALED = later("The password was encrypted under another WITEI_SECRET_KEY. Enter it again.")


class Fetcher:
    """Takes mailboxes that are due, watches them, and gives them back."""

    def __init__(self) -> None:
        self._holder = secrets.token_hex(16)
        self._bell = asyncio.Event()
        self._bells: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._suspects: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._sessions: dict[int, asyncio.Task[None]] = {}
        self._renewed_at = time.monotonic()

    def hear(self, event: Event) -> None:
        """A person changed a mailbox: look at once."""
        if isinstance(event, MailboxChanged) and event.is_edit:
            self._bell.set()
            if event.account_id in self._sessions:
                self._bells[event.account_id].set()

    async def run(self) -> None:
        """For ever, whatever happens."""
        while True:
            self._bell.clear()
            try:
                await self._turn()
            except Exception:  # the database is away; the leases end, and are taken again
                log.exception("mailboxes.fault")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._bell.wait()

    async def stop(self) -> None:
        """End all sessions and give the mailboxes back."""
        tasks = list(self._sessions.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=3)
        with contextlib.suppress(SQLAlchemyError):  # the leases end by themselves
            async with transaction() as db:
                await release(db, self._holder)

    async def _turn(self) -> None:
        if self._sessions and (self._bell.is_set() or time.monotonic() - self._renewed_at >= RENEW_SECONDS):
            await self._renew()
        while len(self._sessions) < MOST_AT_ONCE:
            async with transaction() as db:
                account_id = await claim_due(db, self._holder)
            if account_id is None:
                return
            self._sessions[account_id] = asyncio.create_task(self._keep(account_id))

    async def _renew(self) -> None:
        async with transaction() as db:
            ours = await renew(db, self._holder, list(self._sessions))
        self._renewed_at = time.monotonic()
        for account_id, task in self._sessions.items():
            if account_id not in ours:
                task.cancel()

    async def _keep(self, account_id: int) -> None:
        try:
            await watch(self._holder, account_id, self._bells[account_id], self._suspects[account_id])
            self._bell.set()  # it was changed: connect anew at once
        except LeaseLost:
            log.info("mailbox.lease_lost", account=account_id)
        except Exception as fault:
            await self._note(account_id, fault)
        finally:
            await self._give_back(account_id)

    async def _note(self, account_id: int, fault: Exception) -> None:
        refusal = _in_words(fault)
        if refusal.text == OUR_FAULT:
            log.exception("mailbox.fault", account=account_id, exc_info=fault)
        with contextlib.suppress(LeaseLost, SQLAlchemyError):  # a database that is away learns of it the next time
            await note_fault(self._holder, account_id, refusal)

    async def _give_back(self, account_id: int) -> None:
        with contextlib.suppress(Exception):  # a database that is away lets the lease end by itself
            async with transaction() as db:
                await release(db, self._holder, account_id)
        self._sessions.pop(account_id, None)
        self._bells.pop(account_id, None)


def _in_words(fault: Exception) -> Refused:
    if isinstance(fault, Refused):
        return fault
    if isinstance(fault, ServerSaysNo):
        return Refused("The mail server could not do what was asked: {answer}", answer=str(fault)[:200])
    return Refused(SEALED if isinstance(fault, Unsealable) else OUR_FAULT)


@asynccontextmanager
async def fetching_mailboxes() -> AsyncIterator[None]:
    """Fetch from every mailbox that is switched on, while the context is open."""
    if settings().is_sqlite:
        async with transaction() as db:
            await end_leases(db)
    fetcher = Fetcher()
    end_hearing = bus.subscribe(fetcher.hear)
    running = asyncio.create_task(fetcher.run())
    try:
        yield
    finally:
        end_hearing()
        running.cancel()
        await asyncio.wait([running], timeout=3)
        await fetcher.stop()
