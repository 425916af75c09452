"""Mail of the program to a user: invitations, new passwords. It waits in the outbox like any other."""

import asyncio
from datetime import timedelta
from html import escape

from sqlalchemy import delete, update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.live.events import DeliveryQueued, announce
from witei_app.logo import logo_of
from witei_app.mail.compose import compose
from witei_app.mail.sign import sign
from witei_app.mail.types import Address, OutgoingFile, OutgoingMail
from witei_app.models import Delivery, DeliveryState, DemoMail, SystemMail, User, Visitor, Workspace
from witei_app.outbox.claim import WAITING
from witei_app.outbox.sender import program_sender
from witei_app.outbox.transport import Letter
from witei_app.planner import literally
from witei_app.secrets import seal, unseal

SEALED_AS = "system mail"
KEPT = timedelta(days=3)
LISTED = timedelta(days=30)  # that there was one, and how it went
_IS_SYSTEMS = col(Delivery.system_mail_id).is_not(None)
_LETTERS = '<div style="max-width:600px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5">'
_LOGO = '<p><img src="cid:logo" alt="{name}" height="44"></p>'


async def queue_system_mail(
    db: Session, user: User, subject: str, paragraphs: list[str], address: str = "", *, to: str = ""
) -> None:
    """Write to a user, in the language of the texts that are given; `address` is the link at the end.

    It goes to the user's address, or to another one, `to`.
    """
    texts = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    shown = escape(address, quote=True)
    link = f'<p><a href="{shown}">{shown}</a></p>' if address else ""
    await queue_html(db, user, subject, texts + link, user.language, to=to)


async def queue_html(
    db: Session, user: User, subject: str, html: str, language: str, unsubscribe: str = "", to: str = ""
) -> None:
    """The same with a text of one's own making; at `unsubscribe` a POST stops mail of its kind."""
    mail = SystemMail(
        workspace_id=user.workspace_id,
        recipient_name=user.name,
        subject=subject[:998],
        body=seal(html, SEALED_AS),
        language=language,
        unsubscribe=unsubscribe,
    )
    db.add(mail)
    await db.flush()
    db.add(Delivery(workspace_id=user.workspace_id, system_mail_id=mail.id, recipient=to or user.email))
    announce(db, DeliveryQueued(user.workspace_id))


async def queue_for_visitor(db: Session, visitor: Visitor, subject: str, html: str) -> None:
    """To the visitor of a web chat, at the address that they left."""
    mail = SystemMail(
        workspace_id=visitor.workspace_id,
        visitor_id=visitor.id,
        subject=subject[:998],
        body=seal(html, SEALED_AS),
        language=visitor.language[:2],
    )
    db.add(mail)
    await db.flush()
    db.add(Delivery(workspace_id=visitor.workspace_id, system_mail_id=mail.id, recipient=visitor.email))
    announce(db, DeliveryQueued(visitor.workspace_id))


async def drop_waiting(db: Session, user: User, unsubscribe: str) -> bool:
    """Take back what waits to be sent to the user of the kind that this address stops. Whether there was some."""
    of_kind = select(SystemMail.id).where(
        SystemMail.workspace_id == user.workspace_id, SystemMail.unsubscribe == unsubscribe
    )
    dropped = await db.exec(
        delete(Delivery).where(
            col(Delivery.workspace_id) == user.workspace_id,
            col(Delivery.recipient) == user.email,
            col(Delivery.state).in_(WAITING),
            col(Delivery.system_mail_id).in_(of_kind),
        )
    )
    return bool(dropped.rowcount)


async def system_letter(db: Session, delivery: Delivery) -> Letter:
    """The mail of such a delivery. It has no return path: nobody reads bounces, nothing may answer (RFC 5321 4.5.5)."""
    mail = await db.get_one(SystemMail, delivery.system_mail_id)
    workspace = await db.get_one(Workspace, delivery.workspace_id)
    sender, keys = await program_sender(db, workspace)
    logo = await logo_of(workspace)
    head = _LOGO.format(name=escape(workspace.name, quote=True)) if logo else ""
    outgoing = OutgoingMail(
        sender=sender,
        to=(Address(mail.recipient_name, delivery.recipient),),
        subject=mail.subject,
        html=f"{_LETTERS}{head}{unseal(mail.body, SEALED_AS)}</div>",
        message_id=f"system.{mail.id}.{int(mail.created_at.timestamp())}@{sender.email.rpartition('@')[2]}",
        date=mail.created_at,
        is_automatic=True,
        language=mail.language or workspace.language,
        unsubscribe=mail.unsubscribe,
        keeps_layout=True,
        files=(OutgoingFile("logo.png", "image/png", logo, "logo"),) if logo else (),
    )
    raw = await asyncio.to_thread(lambda: sign(compose(outgoing), keys))
    return Letter(workspace.id, delivery.id, "", delivery.recipient, mail.subject, raw)


async def forget_old_system_mail() -> int:
    """Forget what mails of the program said that left, or never will: digests quote contacts. Gives how many."""
    on_their_way = [
        select(Delivery.system_mail_id).where(col(Delivery.state).in_(literally(states)), _IS_SYSTEMS)
        for states in (WAITING, (DeliveryState.SENDING,))
    ]
    async with transaction() as db:
        old = select(SystemMail.id).where(SystemMail.body != "", col(SystemMail.created_at) < now() - KEPT)
        ended = old.where(*(col(SystemMail.id).not_in(ids) for ids in on_their_way)).limit(500)
        blank = {"recipient_name": "", "subject": "", "body": ""}
        return (await db.exec(update(SystemMail).where(col(SystemMail.id).in_(ended)).values(**blank))).rowcount


async def drop_old_system_mail() -> int:
    """Forget a month later that it was written, and to whom; not what the demo's mailbox shows. Gives how many."""
    shown = select(Delivery.id).join(DemoMail, col(DemoMail.delivery_id) == col(Delivery.id))
    is_shown = shown.where(col(Delivery.system_mail_id) == col(SystemMail.id)).exists()
    async with transaction() as db:
        old = select(SystemMail.id).where(SystemMail.body == "", col(SystemMail.created_at) < now() - LISTED)
        ended = old.where(~is_shown).limit(500)
        return (await db.exec(delete(SystemMail).where(col(SystemMail.id).in_(ended)))).rowcount
