"""Raw first: a mail is stored whole, bytes and row, before anybody is told that we have it."""

from collections.abc import Sequence

from sqlmodel import col, select

from witei_app.db import Session, reading, transaction
from witei_app.files import keep
from witei_app.live.events import MailStored, announce
from witei_app.mail.addresses import base_address
from witei_app.models import InboundMail, SenderDomain, Workspace
from witei_app.settings import settings


async def workspace_of_recipient(address: str) -> int | None:
    """The workspace whose inbound address (or one of its signed reply addresses) this is; None for a stranger."""
    mailbox, _, domain = base_address(address).lower().rpartition("@")
    if not mailbox or not domain:
        return None
    query = select(Workspace.id).where(Workspace.mailbox == mailbox)
    if domain != settings().mail_domain.lower():  # the return path below an agency's own domain
        here = select(SenderDomain.workspace_id).where(SenderDomain.return_path == domain)
        query = query.where(col(Workspace.id).in_(here))
    async with reading() as db:
        return (await db.exec(query)).one_or_none()


async def store_mail(raw: bytes, envelope_from: str, recipients: Sequence[tuple[int, str]], peer: str = "") -> None:
    """Keep the mail for each (workspace id, address). When this returns it survives a crash."""
    sha256 = await keep(raw)
    async with transaction() as db:
        for workspace_id, address in recipients:
            _add(db, workspace_id, address, sha256, len(raw), envelope_from, peer)


def _add(db: Session, workspace_id: int, address: str, sha256: str, size: int, envelope_from: str, peer: str) -> None:
    db.add(
        InboundMail(
            workspace_id=workspace_id,
            sha256=sha256,
            size=size,
            envelope_from=envelope_from[:320],
            envelope_to=address[:320],
            peer=peer[:64],
        )
    )
    announce(db, MailStored(workspace_id))
