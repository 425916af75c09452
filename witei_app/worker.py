"""The jobs behind the pages: reading stored mail, sending deliveries, the SMTP listener. One process or many."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from witei_app.accounts.handing_over import give_out_what_is_left
from witei_app.accounts.once import drop_old_answers
from witei_app.accounts.tidy import drop_old_links, drop_old_sessions
from witei_app.archive.asking import drop_old_exports
from witei_app.archive.making import export_next
from witei_app.conversations.bin import drop_unused_files, empty_next_due
from witei_app.conversations.erased_words import forget_erased_words
from witei_app.conversations.failed import bring_back
from witei_app.conversations.files import drop_old_uploads
from witei_app.conversations.mail_in import BATCH, read_waiting_mail
from witei_app.conversations.snooze import wake_next
from witei_app.conversations.vouch import check_next_mail
from witei_app.crm.erase import erase_rest
from witei_app.crm.merge import move_late_arrivals
from witei_app.crm.quote_states import expire_quotes
from witei_app.db import transaction
from witei_app.jobs.kinds import KINDS
from witei_app.jobs.queue import drop_old_jobs
from witei_app.jobs.run import work_next
from witei_app.live import bus
from witei_app.live.events import (
    DeliveryQueued,
    Event,
    JobChanged,
    MailStored,
    MailToVouch,
    MessageAdded,
    WebhookAnswered,
    WebhookQueued,
)
from witei_app.mail.intake import seconds_since_last
from witei_app.mail.listener import smtp_listener
from witei_app.mailboxes.fetcher import fetching_mailboxes
from witei_app.notifications.bell import clear_old_notices
from witei_app.notifications.digest import mail_next_digest
from witei_app.outbox.claim import RENEW_SECONDS, give_up_claims, recover_claims
from witei_app.outbox.deliver import deliver_waiting, ending, renew
from witei_app.outbox.failures import use as when_failed
from witei_app.outbox.notices import tell_of_domain
from witei_app.outbox.set_back import bring_near
from witei_app.outbox.system_mail import drop_old_system_mail, forget_old_system_mail
from witei_app.outbox.transport import Transport, transport_for
from witei_app.outbox.webhooks.claim import recover_hook_claims
from witei_app.outbox.webhooks.deliver import drop_old_hook_deliveries
from witei_app.outbox.webhooks.turns import Turns
from witei_app.reports.by_mail import mail_next_report
from witei_app.reports.packing import pack_some
from witei_app.sender_domains.check import check_next_due
from witei_app.settings import settings
from witei_app.tasks import end
from witei_app.webchat.blocked import forget_old_addresses
from witei_app.webchat.by_mail import mail_unseen_answers
from witei_app.webchat.files import drop_old_visitor_files

log = structlog.get_logger()
SENDERS = 4
# Work is announced by events; looking again from time to time finds what fell due and what an event was lost for.
LOOK_AGAIN_SECONDS = 5
AFTER_FAULT_SECONDS = 2

MOST_BREATH = 0.25
JUST_NOW = 0.1  # more mail is on its way
A_MOMENT = 0.05  # what falls due at a time is due just after it
TIDY_SECONDS = 900
DOMAIN_SECONDS = 30
DIGEST_SECONDS = 20
PACK_SECONDS = 60
PACK_REST = 4  # times as long as it took: there may be years of them, and others have work too
TIDYING = (
    *(drop_old_uploads, drop_old_visitor_files, forget_old_addresses, expire_quotes, drop_old_jobs, clear_old_notices),
    move_late_arrivals,
    *(
        empty_next_due,
        drop_unused_files,
        drop_old_answers,
        drop_old_sessions,
        drop_old_links,
        drop_old_hook_deliveries,
        drop_old_exports,
        forget_old_system_mail,
        drop_old_system_mail,
        erase_rest,
        give_out_what_is_left,
    ),
)


class Alarm:
    """Wakes the loops that wait for some kinds of event; when the event says so, some seconds later."""

    def __init__(self, *kinds: type[Event]) -> None:
        self._kinds = kinds
        self._waiting: set[asyncio.Event] = set()

    def hear(self, event: Event) -> None:
        """Wake everybody when it is our kind."""
        if isinstance(event, self._kinds):
            self._ring()
            if seconds := getattr(event, "seconds", 0):
                asyncio.get_running_loop().call_later(seconds + A_MOMENT, self._ring)

    def _ring(self) -> None:
        for bell in self._waiting:
            bell.set()

    @asynccontextmanager
    async def bell(self) -> AsyncIterator[asyncio.Event]:
        """A bell of one's own, rung at each event while the context is open."""
        bell = asyncio.Event()
        self._waiting.add(bell)
        try:
            yield bell
        finally:
            self._waiting.discard(bell)


async def keep_doing(job: Callable[[], Awaitable[object]], alarm: Alarm) -> None:
    """Do the job until it says that nothing is left (falsy), sleep until the alarm; for ever, whatever happens."""
    async with alarm.bell() as bell:
        while True:
            bell.clear()
            try:
                while await job():
                    pass
            except Exception:  # a database or a relay that is away comes back
                log.exception("worker.fault")
                await asyncio.sleep(AFTER_FAULT_SECONDS)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await bell.wait()


@asynccontextmanager
async def running_worker() -> AsyncIterator[None]:
    """All jobs of the worker, while the context is open."""
    when_failed(bring_back)
    async with transaction() as db:
        await recover_claims(db, alone=settings().is_sqlite)
        await recover_hook_claims(db, alone=settings().is_sqlite)
        await bring_near(db)
    stored, queued, asked = map(Alarm, (MailStored, DeliveryQueued, JobChanged))
    shown, hooked = Alarm(MessageAdded, MailToVouch), Alarm(WebhookQueued, WebhookAnswered)
    async with AsyncExitStack() as stack:
        for alarm in (stored, queued, shown, asked, hooked):
            stack.callback(bus.subscribe(alarm.hear))
        await stack.enter_async_context(smtp_listener())
        await stack.enter_async_context(fetching_mailboxes())
        transports = [transport_for(settings().smtp_relay_url) for _ in range(SENDERS)]
        tasks = [asyncio.create_task(keep_doing(_read_some, stored))]
        tasks += [asyncio.create_task(keep_doing(_sender(transport), queued)) for transport in transports]
        tasks.append(asyncio.create_task(keep_doing(mail_unseen_answers, queued)))
        tasks.append(asyncio.create_task(keep_doing(check_next_mail, shown)))
        tasks.append(asyncio.create_task(keep_doing(_work, asked)))
        tasks.append(asyncio.create_task(keep_doing(export_next, asked)))
        turns = Turns()
        tasks.append(asyncio.create_task(keep_doing(turns.begin_next, hooked)))
        tasks.append(asyncio.create_task(keep_doing(wake_next, asked)))
        tasks.append(asyncio.create_task(keep_doing(forget_erased_words, asked)))
        tasks.append(asyncio.create_task(_mind_claims()))
        tasks.append(asyncio.create_task(_tidy_now_and_then()))
        tasks.append(asyncio.create_task(_mind_domains()))
        tasks.append(asyncio.create_task(_mail_digests()))
        tasks.append(asyncio.create_task(_pack_days()))
        try:
            yield
        finally:
            async with ending():
                await end(tasks)
                await turns.end()
            await asyncio.gather(*(transport.close() for transport in transports))
            async with transaction() as db:
                await give_up_claims(db)


def _sender(transport: Transport) -> Callable[[], Awaitable[None]]:
    async def send_waiting() -> None:
        await deliver_waiting(transport)

    return send_waiting


async def _work() -> bool:
    return await work_next(KINDS)


async def _read_some() -> int:
    """Read a batch and, of a full one, rest as long: whoever hands mail in has the database meanwhile.

    The rest makes the next batch larger, until a flood comes in full ones; a mail or two are hardly waited for.
    """
    began = time.monotonic()
    read = await read_waiting_mail()
    if read and seconds_since_last() < JUST_NOW:
        await asyncio.sleep(min(time.monotonic() - began, MOST_BREATH) * read / BATCH)
    return read


async def _mind_claims() -> None:
    """Renew our own, settle those of workers that died, and what a wrong clock has put off for too long."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            await renew()
            async with transaction() as db:
                await recover_claims(db, alone=False)
                await recover_hook_claims(db, alone=False)
                await bring_near(db)
        except Exception:  # the database is away; the claims wait
            log.exception("worker.recovery_failed")


async def _tidy_now_and_then() -> None:
    """What a day brings: what nobody sent, answered or took out of the bin is forgotten."""
    while True:
        try:
            while any([await tidy() for tidy in TIDYING]):
                pass
        except Exception:  # the database is away; it can wait
            log.exception("worker.tidying_failed")
        await asyncio.sleep(TIDY_SECONDS)


async def _mind_domains() -> None:
    """Look at the records of sender domains when they are due, and write to administrators when one changed."""
    while True:
        try:
            while await check_next_due() or await tell_of_domain():
                pass
        except Exception:  # the database or the name servers are away; all of it waits
            log.exception("worker.domains_failed")
        await asyncio.sleep(DOMAIN_SECONDS)


async def _pack_days() -> None:
    """Pack the days and hours that are over, for reports."""
    while True:
        is_more, began = False, time.monotonic()
        try:
            is_more = await pack_some()
        except Exception:  # the database is away; reports read the log meanwhile
            log.exception("worker.packing_failed")
        await asyncio.sleep((time.monotonic() - began) * PACK_REST if is_more else PACK_SECONDS)


async def _mail_digests() -> None:
    """Write to who is away of what waits for them, and the reports that are due."""
    while True:
        try:
            while await mail_next_digest() or await mail_next_report():
                pass
        except Exception:  # the database is away; it can wait
            log.exception("worker.digests_failed")
        await asyncio.sleep(DIGEST_SECONDS)
