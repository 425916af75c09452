"""One mailbox while it is connected: fetch what is there, wait for more, go on with a backfill in between."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from witei_app.db import reading, transaction
from witei_app.mail.imap import Mailbox
from witei_app.mailboxes.accounts import access_of
from witei_app.mailboxes.again import fetch_asked
from witei_app.mailboxes.cursor import end_backfill, is_backfilling, settle
from witei_app.mailboxes.fetch import AT_A_TIME, Session, fetch, portions
from witei_app.mailboxes.health import note_connected, note_looked
from witei_app.mailboxes.lease import LeaseLost, held
from witei_app.mailboxes.take_in import Reach, take_in
from witei_app.models import ImapAccount

# Servers end an IDLE after half an hour, routers forget quiet connections after some minutes (RFC 2177, 3).
IDLE_SECONDS = 240
POLL_SECONDS = 60  # where the server knows no IDLE
PACE_SECONDS = 0.2  # however much a server has to say


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
        await fetch_asked(session)
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
    for mails in portions(listed, 1 if session.suspects else AT_A_TIME):
        fetched = await fetch(session, mails)
        reach = Reach(account.id, session.holder, account.uid_validity, mails[-1].uid, is_history)
        await take_in(reach, fetched)
        if account.marks_read and not is_history:
            await session.mailbox.mark_seen([mail.uid for mail in mails])
    for uid in uids:
        session.suspects.pop(uid, None)
    if not listed or listed[-1].uid < uids[-1]:  # the last ones have gone meanwhile; the cursor passes them
        await take_in(Reach(account.id, session.holder, account.uid_validity, uids[-1], is_history), [])


async def _note_total(session: Session, total: int) -> None:
    if session.account.backfill_total != total:
        async with transaction() as db:
            (await held(db, session.holder, session.account.id)).backfill_total = total
