"""Mail that could not be turned into messages: kept with its reason, for administrators."""

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.rows import UnreadableRow
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.live.events import MailboxChanged, MailStored, MailUnreadable, announce
from witei_app.models import InboundMail, InboundState
from witei_app.texts.when import moment_label, size_label

MOST_SHOWN = 200


async def list_unreadable(db: Session, actor: Actor) -> list[UnreadableRow]:
    """The newest ones of the actor's workspace. Refuses whoever is no administrator."""
    actor.must_administer()
    query = select(InboundMail).where(
        InboundMail.workspace_id == actor.workspace_id, InboundMail.state == InboundState.UNREADABLE
    )
    mails = (await db.exec(query.order_by(col(InboundMail.id).desc()).limit(MOST_SHOWN))).all()
    return [_row(mail, actor) for mail in mails]


async def find_unreadable(db: Session, actor: Actor, mail_id: int) -> InboundMail:
    """One of them, or NotFound."""
    actor.must_administer()
    query = select(InboundMail).where(
        InboundMail.id == mail_id,
        InboundMail.workspace_id == actor.workspace_id,
        InboundMail.state == InboundState.UNREADABLE,
    )
    mail = (await db.exec(query.with_for_update())).one_or_none()
    if mail is None:
        raise NotFound("This mail is not here any more.")
    return mail


async def retry(db: Session, actor: Actor, mail_id: int) -> None:
    """Have it read again, by a program that may have learned since; or fetched again, where it is not whole."""
    mail = await find_unreadable(db, actor, mail_id)
    announce(db, MailUnreadable(mail.workspace_id))
    if mail.imap_validity and mail.imap_account_id is not None:
        mail.state = InboundState.ASKED
        announce(db, MailboxChanged(mail.workspace_id, mail.imap_account_id, is_edit=True))
        return
    mail.state, mail.fault = InboundState.WAITING, ""
    announce(db, MailStored(mail.workspace_id))


def _row(mail: InboundMail, actor: Actor) -> UnreadableRow:
    return UnreadableRow(
        id=mail.id,
        sender=mail.envelope_from,
        received=moment_label(mail.received_at, actor.time_zone, actor.language),
        size=size_label(mail.size, actor.language),
        reason=mail.fault,
        url=f"/inbound-mails/{mail.id}/raw",
    )
