"""How far a mailbox was read, and what to do when the server has numbered its mails anew."""

from datetime import timedelta

import structlog

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.live.events import MailboxChanged, announce
from witei_app.mail.imap import Opened
from witei_app.mailboxes.accounts import find_mailbox
from witei_app.mailboxes.lease import held
from witei_app.models import AuditAction, ImapAccount

log = structlog.get_logger()
MOST_DAYS = 3650
# SINCE knows days alone, of the server's own time zone (RFC 3501, 6.4.4).
A_DAY = timedelta(days=1)
# What came just before the last look is looked at once more: whose clock was right, nobody knows.
BEFORE_THE_LOOK = timedelta(hours=1)


async def settle(holder: str, account_id: int, opened: Opened) -> ImapAccount:
    """Make the cursor one of this opened folder. Another UIDVALIDITY makes every UID that we know worthless.

    Then all that came since the day before our last look is gone through again; what we have is known by its bytes,
    or by its Message-ID and text when it is read.
    """
    async with transaction() as db:
        account = await held(db, holder, account_id)
        if account.uid_validity != opened.uid_validity:
            if account.uid_validity:
                log.warning("mailbox.renumbered", account=account_id)
                _look_again(account, opened)
            account.uid_validity, account.last_uid = opened.uid_validity, opened.next_uid - 1
        return account


async def ask_backfill(db: Session, actor: Actor, account_id: int, days: int) -> None:
    """Have the mails of the last days fetched as well: quietly, with the times at which they came."""
    account = await find_mailbox(db, actor, account_id)
    if not 1 <= days <= MOST_DAYS:
        raise Refused("Choose between 1 and {most} days.", most=MOST_DAYS)
    if not account.uid_validity:
        raise Refused("The mailbox has to be connected once first.")
    account.backfill_since, account.loud_from = now() - timedelta(days=days), None
    account.backfill_end, account.backfill_uid = account.last_uid, 0
    account.backfill_total = account.backfill_done = 0
    account.backfilled_at = None
    note(db, actor, AuditAction.MAILBOX_BACKFILLED, account.address, {"days": (None, days)})
    announce(db, MailboxChanged(account.workspace_id, account.id, is_edit=True))


async def end_backfill(holder: str, account_id: int) -> None:
    """All of it is here."""
    async with transaction() as db:
        account = await held(db, holder, account_id)
        account.backfilled_at, account.backfill_total = now(), account.backfill_done
        announce(db, MailboxChanged(account.workspace_id, account.id))


def is_backfilling(account: ImapAccount) -> bool:
    """Whether old mails are still to be fetched."""
    return account.backfill_since is not None and account.backfilled_at is None


def _look_again(account: ImapAccount, opened: Opened) -> None:
    looked = account.looked_at or account.created_at
    since = looked - A_DAY
    if is_backfilling(account) and account.backfill_since is not None:
        since = min(since, account.backfill_since)
    account.backfill_since, account.loud_from = since, looked - BEFORE_THE_LOOK
    account.backfill_end, account.backfill_uid = opened.next_uid - 1, 0
    account.backfill_total = account.backfill_done = 0
    account.backfilled_at = None
