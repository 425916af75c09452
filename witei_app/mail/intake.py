"""Raw first: a mail is stored whole, bytes and row, before anybody is told that we have it."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from typing import ClassVar
from weakref import WeakKeyDictionary

from sqlmodel import col, select

from witei_app.db import reading, transaction
from witei_app.files import keep
from witei_app.live.events import MailStored, announce
from witei_app.mail.addresses import base_address
from witei_app.models import InboundMail, SenderDomain, Workspace
from witei_app.settings import settings

# Up to so many bytes travel in the row itself: one flush to the disk, where a file takes one for its bytes, one for its
# name and one for the row that tells of it. Whoever reads the mail puts them into the file store.
SMALL = 64 * 1024


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


async def store_mail(
    raw: bytes, envelope_from: str, recipients: Sequence[tuple[int, str]], peer: str = "", helo: str = ""
) -> None:
    """Keep the mail for each (workspace id, address). When this returns it survives a crash."""
    note_arrival()
    is_small = len(raw) <= SMALL
    sha256 = hashlib.sha256(raw).hexdigest() if is_small else await keep(raw)
    mails = [
        InboundMail(
            workspace_id=workspace_id,
            sha256=sha256,
            raw=raw if is_small else None,
            size=len(raw),
            envelope_from=envelope_from[:320],
            envelope_to=address[:320],
            peer=peer[:64],
            helo=helo[:255],
        )
        for workspace_id, address in recipients
    ]
    await _commit_together(mails)


def note_arrival() -> None:
    """A mail is coming in: what can wait, waits."""
    _Together.last_at = time.monotonic()


def seconds_since_last() -> float:
    """How long ago this process was handed a mail."""
    return time.monotonic() - _Together.last_at


class _Together:
    """Rows of several connections that wait for the same commit: one flush to the disk serves them all."""

    waiting: ClassVar[list[tuple[list[InboundMail], asyncio.Future[None]]]] = []
    last_at: ClassVar[float] = -60.0
    turn: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]] = WeakKeyDictionary()


async def _commit_together(mails: list[InboundMail]) -> None:
    loop = asyncio.get_running_loop()
    stored: asyncio.Future[None] = loop.create_future()
    _Together.waiting.append((mails, stored))
    async with _Together.turn.setdefault(loop, asyncio.Lock()):
        if not stored.done():  # whoever had the turn before has not taken ours along
            await _commit_waiting()
    await stored


async def _commit_waiting() -> None:
    waiting, _Together.waiting = _Together.waiting, []
    try:
        async with transaction() as db:
            for mails, _ in waiting:
                db.add_all(mails)
            for workspace_id in {mail.workspace_id for mails, _ in waiting for mail in mails}:
                announce(db, MailStored(workspace_id))
    except BaseException as fault:
        for _, stored in waiting:
            if not stored.done():
                stored.set_exception(fault if isinstance(fault, Exception) else ConnectionAbortedError())
        if not isinstance(fault, Exception):
            raise
    else:
        for _, stored in waiting:
            if not stored.done():
                stored.set_result(None)
