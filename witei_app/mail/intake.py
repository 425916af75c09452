"""Raw first: a mail is stored whole, bytes and row, before anybody is told that we have it."""

import hashlib
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, or_
from sqlmodel import col, select

from witei_app.db import Session, reading
from witei_app.files import keep
from witei_app.live.events import MailStored, announce
from witei_app.mail.addresses import base_address
from witei_app.models import FormerMailbox, InboundMail, SenderDomain, Workspace
from witei_app.settings import settings
from witei_app.together import Together

# Up to so many bytes travel in the row itself: one flush to the disk, where a file takes one for its bytes, one for its
# name and one for the row that tells of it. Whoever reads the mail puts them into the file store.
SMALL = 64 * 1024
_last_at = -60.0


async def workspace_of_recipient(address: str) -> int | None:
    """The workspace whose inbound address, now or before, or signed reply address this is; None for a stranger."""
    mailbox, _, domain = base_address(address).lower().rpartition("@")
    if not mailbox or not domain:
        return None
    former = select(FormerMailbox.workspace_id).where(FormerMailbox.mailbox == mailbox)
    query = select(Workspace.id).where(or_(col(Workspace.mailbox) == mailbox, col(Workspace.id).in_(former)))
    if domain != settings().mail_domain.lower():  # the return path below an agency's own domain
        here = select(SenderDomain.workspace_id).where(SenderDomain.return_path == domain)
        query = query.where(col(Workspace.id).in_(here))
    async with reading() as db:
        return (await db.exec(query)).one_or_none()


async def store_mail(
    raw: bytes, envelope_from: str, recipients: Sequence[tuple[int, str]], peer: str = "", helo: str = ""
) -> None:
    """Keep the mail for each (workspace id, address). When this returns it survives a crash."""
    note_arrival()
    is_small = len(raw) <= SMALL
    sha256 = hashlib.sha256(raw).hexdigest() if is_small else await keep(raw)
    mail = {
        "sha256": sha256,
        "raw": raw if is_small else None,
        "size": len(raw),
        "envelope_from": envelope_from[:320],
        "peer": peer[:64],
        "helo": helo[:255],
    }
    copies = [
        {**mail, "workspace_id": workspace_id, "envelope_to": address[:320]} for workspace_id, address in recipients
    ]
    await _commit_together(copies)


def note_arrival() -> None:
    """A mail is coming in: what can wait, waits."""
    global _last_at
    _last_at = time.monotonic()


def seconds_since_last() -> float:
    """How long ago this process was handed a mail."""
    return time.monotonic() - _last_at


async def _store(db: Session, stored: Sequence[list[dict[str, Any]]]) -> list[None]:
    rows = [row for copies in stored for row in copies]
    await db.exec(insert(InboundMail), params=rows)  # nobody needs them as objects
    for workspace_id in {row["workspace_id"] for row in rows}:
        announce(db, MailStored(workspace_id))
    return [None] * len(stored)


_commit_together = Together(_store)
