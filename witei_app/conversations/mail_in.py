"""Stored raw mails are read, some at a time. What cannot be read waits with its reason, and stops no other."""

import asyncio
from collections.abc import Sequence
from itertools import accumulate

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, select

from witei_app.conversations.arrival import Arrival, arrival_of
from witei_app.conversations.encrypted import said_of_encrypted
from witei_app.conversations.take_in import take_in
from witei_app.db import reading, transaction
from witei_app.files import is_disk_fault, keep, load
from witei_app.live.events import MailUnreadable, announce
from witei_app.mail.parse import parse_mail
from witei_app.mail.tree import most_parts
from witei_app.models import InboundMail, InboundState
from witei_app.outage import is_outage
from witei_app.planner import literally
from witei_app.sender_domains.trial import is_test_mail

log = structlog.get_logger()
BATCH = 20  # mails in one transaction: long enough to share its cost, short enough for an agent's to wait behind
MOST_BYTES = 4 * 1024 * 1024  # parsed at a time, as long as there is more than one
LARGE = 64 * 1024  # parsing a larger mail may take long enough to be felt, so it goes to a thread
MANY = 200  # parts: a mail of less than that size can have ten thousand, and takes a second


async def read_waiting_mail() -> int:
    """Turn waiting mails into messages, oldest first; returns how many were looked at. None can stop another.

    A database that is away is nobody's fault: then the mails go on waiting, and the error is the caller's.
    """
    is_waiting = col(InboundMail.state) == literally(InboundState.WAITING)
    query = select(InboundMail).where(is_waiting).order_by(col(InboundMail.id))
    async with reading() as db:
        waiting = _at_a_time((await db.exec(query.limit(BATCH))).all())
    await asyncio.gather(*(keep(mail.raw) for mail in waiting if mail.raw is not None))
    arrivals = [arrival for mail in waiting if (arrival := await _read(mail)) is not None]
    try:
        await _store(arrivals)
    except Exception:  # whichever of them it was: one by one, only that one is set aside
        for arrival in arrivals:
            await _store_alone(arrival)
    return len(waiting)


def _at_a_time(mails: Sequence[InboundMail]) -> Sequence[InboundMail]:
    """The first ones, as many as together are not too large; at least one."""
    sizes = accumulate(mail.size for mail in mails)
    return mails[: max(1, sum(size <= MOST_BYTES for size in sizes))]


async def _read(mail: InboundMail) -> Arrival | None:
    try:
        if is_test_mail(mail):
            await _put_by(mail.id)
            return None
        raw = mail.raw if mail.raw is not None else await load(mail.sha256)
        if is_long_work(raw):
            parsed = await asyncio.to_thread(parse_mail, raw, mail.envelope_from)
        else:
            parsed = parse_mail(raw, mail.envelope_from)
        arrival = await arrival_of(mail, parsed)
        return await said_of_encrypted(arrival) if parsed.is_encrypted else arrival
    except Exception as error:
        if _is_nobodys_fault(error):
            raise
        await _set_aside(mail.id, error)
        return None


def is_long_work(raw: bytes) -> bool:
    """Whether reading it would hold up everybody else."""
    return len(raw) > LARGE or most_parts(raw) > MANY


async def _store(arrivals: Sequence[Arrival]) -> None:
    if arrivals:
        async with transaction() as db:
            await take_in(db, arrivals)


async def _store_alone(arrival: Arrival) -> None:
    """Its fault, whatever it is, is kept with it and harms nothing else."""
    try:
        try:
            await _store([arrival])
        except IntegrityError:  # another worker has just stored the same mail or opened the same contact: look again
            await _store([arrival])
    except Exception as error:
        if _is_nobodys_fault(error):
            raise
        await _set_aside(arrival.mail.id, error)


def _is_nobodys_fault(error: Exception) -> bool:
    """The database or the disk is away or full: the mail goes on waiting."""
    return isinstance(error, OperationalError) or is_outage(error) or is_disk_fault(error)


async def _put_by(mail_id: int) -> None:
    """It becomes no message; whoever checks senders looks at it next."""
    async with transaction() as db:
        done = update(InboundMail).where(col(InboundMail.id) == mail_id)
        await db.exec(done.values(state=InboundState.DONE, raw=None))


async def _set_aside(mail_id: int, error: Exception) -> None:
    log.warning("mail.unreadable", mail=mail_id, exc_info=error)
    async with transaction() as db:
        marked = await db.exec(
            update(InboundMail)
            .where(col(InboundMail.id) == mail_id, col(InboundMail.state) == InboundState.WAITING)
            .values(
                state=InboundState.UNREADABLE,
                raw=None,
                attempts=InboundMail.attempts + 1,
                fault=f"{type(error).__name__}: {str(error)[:500]}",
            )
            .returning(col(InboundMail.workspace_id))
        )
        for workspace_id in marked.scalars():
            announce(db, MailUnreadable(workspace_id))
