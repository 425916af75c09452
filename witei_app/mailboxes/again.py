"""Mails that could not be had whole, and that an administrator wants tried once more."""

from sqlmodel import col, select

from witei_app.db import reading, transaction
from witei_app.files import keep
from witei_app.live.events import MailStored, MailUnreadable, announce
from witei_app.mailboxes.fetch import Session, fetch
from witei_app.mailboxes.lease import held
from witei_app.mailboxes.take_in import Fetched, describe
from witei_app.models import InboundMail, InboundState

AT_ONCE = 20
GONE = "It is not in the mailbox {address} any more."


async def fetch_asked(session: Session) -> None:
    """Fetch each of them again, once for each wish: one at which the server breaks is not asked for by itself."""
    account = session.account
    query = select(InboundMail).where(
        InboundMail.workspace_id == account.workspace_id,
        InboundMail.state == InboundState.ASKED,
        InboundMail.imap_account_id == account.id,
    )
    async with reading() as db:
        mails = (await db.exec(query.order_by(col(InboundMail.id)).limit(AT_ONCE))).all()
    if mails:
        await session.mailbox.refresh()
    for mail in mails:
        await _note(session, mail, mail.fault)
        fetched = await _fetched(session, mail)
        if fetched is None:
            await _note(session, mail, GONE.format(address=account.address))
        elif fetched.fault:
            await _note(session, mail, fetched.fault)
        else:
            await _keep(session, mail, fetched.raw)


async def _fetched(session: Session, mail: InboundMail) -> Fetched | None:
    if mail.imap_validity != session.account.uid_validity:  # its number is another mail's now
        return None
    listed = await session.mailbox.listed([mail.imap_uid])
    return next(iter(await fetch(session, listed)), None) if listed else None


async def _note(session: Session, mail: InboundMail, fault: str) -> None:
    """It is listed again as one that could not be read."""
    async with transaction() as db:
        await held(db, session.holder, session.account.id)
        row = await db.get_one(InboundMail, mail.id, with_for_update=True)
        row.state, row.fault = InboundState.UNREADABLE, fault
        announce(db, MailUnreadable(row.workspace_id))


async def _keep(session: Session, mail: InboundMail, raw: bytes) -> None:
    """The whole mail, to be read in the place of what we had of it."""
    sha256 = await keep(raw)
    async with transaction() as db:
        account = await held(db, session.holder, session.account.id)
        row = await db.get_one(InboundMail, mail.id, with_for_update=True)
        row.state, row.fault, row.imap_validity, row.sha256 = InboundState.WAITING, "", 0, sha256
        describe(row, account, raw)
        announce(db, MailStored(account.workspace_id))
