"""Mails that were fetched: raw bytes, rows and the cursor, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from witei_app.clock import now
from witei_app.conversations.own_mail import SENT_HERE
from witei_app.db import Session, transaction
from witei_app.files import keep
from witei_app.live.events import MailboxChanged, MailStored, MailUnreadable, announce
from witei_app.mail.addresses import read_check_address, read_reply_address
from witei_app.mail.fetched import head_of, recipient_of, sender_of, written_at
from witei_app.mail.imap import Listed
from witei_app.mail.intake import note_arrival
from witei_app.mailboxes.lease import LeaseLost, held
from witei_app.models import ImapAccount, InboundMail, InboundState
from witei_app.settings import settings


@dataclass(frozen=True)
class Fetched:
    """A mail from a mailbox. `fault` says why it is not whole; then it is listed as one that could not be read."""

    listed: Listed
    raw: bytes = field(repr=False)
    fault: str = ""


@dataclass(frozen=True)
class Reach:
    """Whose mails, in which numbering, and how far the cursor goes: the mailbox's own, or that of its backfill."""

    account_id: int
    holder: str
    uid_validity: int
    up_to: int
    is_history: bool = False


async def take_in(reach: Reach, mails: Sequence[Fetched]) -> None:
    """Keep the mails and move the cursor in one transaction: killed at any moment, none is lost and none comes twice.

    Bytes that the workspace has already are not stored again, so that a backfill and a renumbered mailbox double
    nothing. `LeaseLost` when another process fetches from it now.
    """
    note_arrival()
    sums = [await keep(mail.raw) for mail in mails]
    async with transaction() as db:
        account = await held(db, reach.holder, reach.account_id)
        if account.uid_validity != reach.uid_validity:
            raise LeaseLost
        known = await _known(db, account, sums)
        rows = []
        for mail, sha256 in zip(mails, sums, strict=True):
            if sha256 not in known:
                known.add(sha256)
                rows.append(_row(account, mail, sha256, reach))
        db.add_all(rows)
        _move_cursor(account, reach, len(mails))
        if any(not row.is_history for row in rows):
            account.last_mail_at = now()
        if rows:
            announce(db, MailStored(account.workspace_id))
        if any(row.state == InboundState.UNREADABLE for row in rows):
            announce(db, MailUnreadable(account.workspace_id))
        announce(db, MailboxChanged(account.workspace_id, account.id))


async def _known(db: Session, account: ImapAccount, sums: Sequence[str]) -> set[str]:
    query = select(InboundMail.sha256).where(
        InboundMail.workspace_id == account.workspace_id, col(InboundMail.sha256).in_(sums)
    )
    return set((await db.exec(query)).all())


def _row(account: ImapAccount, mail: Fetched, sha256: str, reach: Reach) -> InboundMail:
    is_history = reach.is_history and _is_old(account, mail, written_at(head_of(mail.raw)))
    row = InboundMail(
        workspace_id=account.workspace_id,
        sha256=sha256,
        size=mail.listed.size,
        state=InboundState.UNREADABLE if mail.fault else InboundState.WAITING,
        fault=mail.fault,
        imap_account_id=account.id,
        imap_uid=mail.listed.uid,
        imap_validity=account.uid_validity if mail.fault else 0,
        verdict=SENT_HERE if account.holds_sent else "",
        is_history=is_history,
        is_seen=mail.listed.is_seen,
        received_at=min(mail.listed.came_at, now()) if is_history else now(),
    )
    describe(row, account, mail.raw)
    return row


def describe(row: InboundMail, account: ImapAccount, raw: bytes) -> None:
    """Give the row the envelope that the mail's head tells of."""
    head = head_of(raw)
    row.envelope_from = sender_of(head).replace("\0", "")[:320]
    row.envelope_to = recipient_of(head, account.address, _is_signed).replace("\0", "")[:320]


def _is_old(account: ImapAccount, mail: Fetched, written: datetime | None) -> bool:
    """Whether it is no news. A restored mailbox may say of everything that it has just come; then its Date tells."""
    if account.loud_from is None:
        return True
    return min(mail.listed.came_at, written or mail.listed.came_at) < account.loud_from


def _is_signed(address: str) -> bool:
    secrets = settings().secrets()
    return read_reply_address(address, *secrets) is not None or read_check_address(address, *secrets) is not None


def _move_cursor(account: ImapAccount, reach: Reach, quantity: int) -> None:
    if reach.is_history:
        account.backfill_uid = reach.up_to
        account.backfill_done += quantity
    else:
        account.last_uid = max(account.last_uid, reach.up_to)
