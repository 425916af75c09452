"""One mailbox while it is connected: fetch what is there, wait for more, go on with a backfill in between."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.mail.imap import Listed, Mailbox, ServerSaysNo
from witei_app.mailboxes.accounts import access_of
from witei_app.mailboxes.cursor import end_backfill, is_backfilling, settle
from witei_app.mailboxes.health import note_connected, note_looked
from witei_app.mailboxes.lease import LeaseLost, held
from witei_app.mailboxes.take_in import Fetched, Reach, take_in
from witei_app.models import ImapAccount
from witei_app.settings import settings

log = structlog.get_logger()
# Servers end an IDLE after half an hour, routers forget quiet connections after some minutes (RFC 2177, 3).
IDLE_SECONDS = 240
POLL_SECONDS = 60  # where the server knows no IDLE
PACE_SECONDS = 0.2  # however much a server has to say
AT_A_TIME = 50
MOST_BYTES = 4 * 1024 * 1024
MOST_TRIES = 3
TOO_LARGE = "It is larger ({size} MB) than the limit of {most} MB. It lies in the mailbox {address}."
NOT_GIVEN = "The mail server could not hand it out: {reason} It lies in the mailbox {address}."


@dataclass
class Session:
    """What a connection works with. `suspects` are the mails at which it broke before, with how often."""

    holder: str
    account: ImapAccount
    mailbox: Mailbox
    bell: asyncio.Event
    suspects: dict[int, int] = field(default_factory=dict)


async def watch(holder: str, account_id: int, bell: asyncio.Event, suspects: dict[int, int]) -> None:
    """Fetch from a mailbox until a person changes it, the lease is another's (`LeaseLost`), or it fails (`Refused`)."""
    account = await _read(account_id)
    mailbox = await Mailbox.open(access_of(account))
    try:
        await note_connected(holder, account_id)
        await _work(Session(holder, await settle(holder, account_id, mailbox.opened), mailbox, bell, suspects))
    except BaseException:
        mailbox.cut()
        raise
    await mailbox.close()


async def _work(session: Session) -> None:
    revision, mailbox = session.account.revision, session.mailbox
    while True:
        session.bell.clear()
        session.account = await _read(session.account.id)
        if session.account.revision != revision:
            return
        await _take_new(session)
        if not await _take_some_history(session):
            await note_looked(session.holder, session.account.id)
            await mailbox.wait(IDLE_SECONDS if mailbox.can_idle else POLL_SECONDS, session.bell)
            await asyncio.sleep(PACE_SECONDS)


async def _read(account_id: int) -> ImapAccount:
    async with reading() as db:
        account = await db.get(ImapAccount, account_id)
    if account is None:
        raise LeaseLost
    return account


async def _take_new(session: Session) -> None:
    account = session.account
    uids = await session.mailbox.after(account.last_uid)
    for start in range(0, len(uids), AT_A_TIME):
        await _take(session, uids[start : start + AT_A_TIME], is_history=False)


async def _take_some_history(session: Session) -> bool:
    """A part of the backfill; False when there is none to do."""
    account = session.account
    if not is_backfilling(account) or account.backfill_since is None:
        return False
    found = await session.mailbox.since((account.backfill_since - timedelta(days=1)).date())
    uids = [uid for uid in found if account.backfill_uid < uid <= account.backfill_end]
    if uids:
        await _note_total(session, account.backfill_done + len(uids))
        await _take(session, uids[:AT_A_TIME], is_history=True)
    else:
        await end_backfill(session.holder, account.id)
    return True


async def _take(session: Session, uids: Sequence[int], *, is_history: bool) -> None:
    """Fetch these and keep them, a few megabytes at a time."""
    listed = await session.mailbox.listed(uids)
    account = session.account
    for mails in _portions(listed, 1 if session.suspects else AT_A_TIME):
        fetched = await _fetch(session, mails)
        reach = Reach(account.id, session.holder, account.uid_validity, mails[-1].uid, is_history)
        await take_in(reach, fetched)
        if account.marks_read and not is_history:
            await session.mailbox.mark_seen([mail.uid for mail in mails])
    if not listed or listed[-1].uid < uids[-1]:  # the last ones have gone meanwhile; the cursor passes them
        await take_in(Reach(account.id, session.holder, account.uid_validity, uids[-1], is_history), [])


def _portions(mails: Sequence[Listed], most: int) -> Iterator[list[Listed]]:
    portion: list[Listed] = []
    for mail in mails:
        if portion and (len(portion) >= most or sum(one.size for one in portion) + mail.size > MOST_BYTES):
            yield portion
            portion = []
        portion.append(mail)
    if portion:
        yield portion


async def _fetch(session: Session, mails: Sequence[Listed]) -> list[Fetched]:
    """The mails, those that cannot be had as far as they can."""
    limit = settings().max_message_mb * 1024 * 1024
    fitting = [mail for mail in mails if mail.size <= limit and session.suspects.get(mail.uid, 0) < MOST_TRIES]
    raws = await _raws(session, fitting) if fitting else {}
    fetched = [Fetched(mail, raws[mail.uid]) for mail in mails if mail.uid in raws]
    for mail in mails:
        if mail.uid in raws:
            session.suspects.pop(mail.uid, None)
        elif mail not in fitting or await session.mailbox.listed([mail.uid]):
            fetched.append(await _set_aside(session, mail, limit))
    return fetched


async def _raws(session: Session, mails: Sequence[Listed]) -> dict[int, bytes]:
    """The raw mails. One at which the server fails is asked for alone the next time, and given up at last."""
    try:
        return await session.mailbox.mails(mails)
    except ServerSaysNo:  # it says no to one of them
        if len(mails) == 1:
            return {}
        raws: dict[int, bytes] = {}
        for mail in mails:
            raws |= await _raws(session, [mail])
        return raws
    except Refused:  # the connection is gone
        first = mails[0].uid
        session.suspects[first] = session.suspects.get(first, 0) + (1 if len(mails) == 1 else 0)
        raise


async def _set_aside(session: Session, mail: Listed, limit: int) -> Fetched:
    """What can be had of a mail that cannot be had whole, with the reason, for "Could not be read"."""
    address = session.account.address
    size, most = round(mail.size / 1024 / 1024, 1), limit // 1024 // 1024
    if mail.size > limit:
        fault = TOO_LARGE.format(size=size, most=most, address=address)
    else:
        tries = session.suspects.pop(mail.uid, 1)
        reason = "it answered with an error." if tries < MOST_TRIES else f"it failed {tries} times."
        fault = NOT_GIVEN.format(reason=reason, address=address)
    try:
        header = await session.mailbox.header(mail.uid)
    except (ServerSaysNo, Refused):
        header = b""
    # A stand-in of its own for each, so that two of which we have nothing are two.
    return Fetched(mail, header or f"X-Mailbox-UID: {session.account.uid_validity} {mail.uid}\r\n\r\n".encode(), fault)


async def _note_total(session: Session, total: int) -> None:
    if session.account.backfill_total != total:
        async with transaction() as db:
            (await held(db, session.holder, session.account.id)).backfill_total = total
