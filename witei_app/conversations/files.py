"""Files that wait in a draft: taken in, shown, removed, sent with the answer, and forgotten after a day."""

import mimetypes
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import puremagic
from sqlalchemy import bindparam, delete, func, or_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.clock import now
from witei_app.conversations.visible import see_conversation
from witei_app.db import Session, reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import discard
from witei_app.live.events import DraftKept, FirstDraftKept, announce
from witei_app.mail.files import safe_file_name
from witei_app.models import (
    PASSED_BETWEEN_US,
    Attachment,
    Conversation,
    DemoMail,
    Draft,
    FirstDraft,
    InboundMail,
    Job,
    Message,
    SignaturePicture,
    TemplateFile,
    UnusedFile,
    Upload,
    User,
    VisitorFile,
    Workspace,
)
from witei_app.settings import settings

MOST_FILES = 50
NEW = 0
KEPT = timedelta(days=30)
_HEAD = 4096
# Every column that names bytes of the file store.
NAMED_BY = (
    *(col(table.sha256) for table in (Attachment, TemplateFile, Upload, VisitorFile, InboundMail, DemoMail, Job)),
    col(SignaturePicture.sha256),
    col(User.portrait),
    col(Workspace.logo),
)
SHOWN_IN_PLACE = {"image/png", "image/jpeg", "image/gif", "image/webp"}
# What mail servers refuse because it runs where it is opened (Gmail's and Outlook's lists, the common part).
_PROGRAM = re.compile(
    r"\.(ade|adp|apk|app|appx|bat|cab|chm|cmd|com|cpl|dll|dmg|exe|hta|ins|iso|isp|jar|js|jse|lib|lnk|mde|msc|msi|msix"
    r"|msp|mst|nsh|pif|ps1|reg|scr|sct|shb|sys|vb|vbe|vbs|vhd|vxd|wsc|wsf|wsh|xll)$",
    re.IGNORECASE,
)
_PROGRAM_CONTENT = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")


@dataclass(frozen=True)
class NewFile:
    """A file whose bytes are in the store already."""

    sha256: str
    name: str
    content_type: str
    size: int
    quote_id: int | None = None


def checked_type(name: str, data: bytes) -> str:
    """The media type of a file. Pictures are what their bytes say; programs are refused, whatever they are called."""
    if _PROGRAM.search(name) or data.startswith(_PROGRAM_CONTENT):
        raise Refused("{name} is a program. Mail servers refuse programs.", name=name)
    if not data:
        raise Refused("{name} is empty.", name=name)
    seen = _picture(data[:_HEAD])
    named = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if seen or named in SHOWN_IN_PLACE:
        return seen or "application/octet-stream"
    return named


def _picture(head: bytes) -> str:
    try:
        found = [match.mime_type for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return ""
    return found[0] if found and found[0] in SHOWN_IN_PLACE else ""


async def check_may_attach(db: Session, actor: Actor, conversation_id: int) -> None:
    """Refuse whoever may not write there; NEW is the conversation that the actor is about to begin."""
    actor.must(actor.permissions.can_write)
    if conversation_id != NEW:
        await see_conversation(db, actor, conversation_id)


async def attach(db: Session, actor: Actor, conversation_id: int, file: NewFile) -> Upload:
    """Let a file wait in the actor's draft. Refuses more than fits into one message."""
    await check_may_attach(db, actor, conversation_id)
    waiting = await waiting_files(db, actor, conversation_id)
    if len(waiting) >= MOST_FILES:
        raise Refused("A message takes {most} files.", most=MOST_FILES)
    if sum(other.size for other in waiting) + file.size > settings().max_upload_mb * 1024 * 1024:
        raise Refused("The files of one message may have {most} MB together.", most=settings().max_upload_mb)
    upload = Upload(
        workspace_id=actor.workspace_id,
        user_id=actor.user_id or 0,
        conversation_id=conversation_id or None,
        sha256=file.sha256,
        name=safe_file_name(file.name),
        content_type=file.content_type,
        size=file.size,
        quote_id=file.quote_id,
    )
    db.add(upload)
    await db.flush()
    tell_own_tabs(db, upload)
    return upload


async def waiting_files(db: Session, actor: Actor, conversation_id: int) -> Sequence[Upload]:
    """The files of the actor's draft, in the order they came."""
    values = asked_by(actor, conversation_id=conversation_id)
    found: Sequence[Upload] = (await db.exec(_waiting(actor), params=values)).all()
    return found


@prepared
def _waiting(actor: Actor) -> Any:
    return (
        select(Upload)
        .where(
            Upload.user_id == actor.user_id,
            Upload.workspace_id == actor.workspace_id,
            func.coalesce(col(Upload.conversation_id), NEW) == bindparam("conversation_id"),
        )
        .order_by(col(Upload.id))
    )


async def detach(db: Session, actor: Actor, upload_id: int) -> None:
    """Take a file out of the actor's draft."""
    query = select(Upload).where(
        Upload.id == upload_id, Upload.user_id == actor.user_id, Upload.workspace_id == actor.workspace_id
    )
    upload = (await db.exec(query)).one_or_none()
    if upload is None:
        raise NotFound("This file is not in your draft any more.")
    db.add(UnusedFile(workspace_id=upload.workspace_id, sha256=upload.sha256))
    await db.delete(upload)
    tell_own_tabs(db, upload)


def tell_own_tabs(db: Session, upload: Upload) -> None:
    """What waits in a draft is the same in each tab of its author."""
    if upload.conversation_id:
        announce(db, DraftKept(upload.workspace_id, upload.conversation_id, upload.user_id))
    else:
        announce(db, FirstDraftKept(upload.workspace_id, upload.user_id))


@asynccontextmanager
async def about_to_name(workspace_id: int, sha256: str) -> AsyncIterator[None]:
    """Around the transaction that names bytes just stored: when it fails, they go again."""
    try:
        yield
    except Exception:
        async with transaction() as db:
            db.add(UnusedFile(workspace_id=workspace_id, sha256=sha256))
        raise


def give(db: Session, message: Message, uploads: Sequence[Upload]) -> None:
    """The files go with the message, once: they wait no more. The message must be stored already."""
    for upload in uploads:
        db.add(
            Attachment(
                workspace_id=message.workspace_id,
                message_id=message.id,
                sha256=upload.sha256,
                name=upload.name,
                content_type=upload.content_type,
                size=upload.size,
                quote_id=upload.quote_id,
            )
        )


async def forget_waiting(db: Session, uploads: Sequence[Upload]) -> None:
    """They are sent."""
    await db.exec(delete(Upload).where(col(Upload.id).in_([upload.id for upload in uploads])))


async def drop_old_uploads() -> int:
    """Forget files that wait for a month without a word beside them, and their bytes where nothing else has them.

    Those of a draft are kept as long as it is: who begins an answer on Friday goes on with it after the holidays. Gives
    how many.
    """
    own, there = Draft.user_id == Upload.user_id, Draft.conversation_id == Upload.conversation_id
    is_first = select(FirstDraft).where(col(Upload.conversation_id).is_(None), FirstDraft.user_id == Upload.user_id)
    is_begun = or_(select(Draft).where(own, there).exists(), is_first.exists())
    async with transaction() as db:
        query = select(Upload).where(Upload.created_at < now() - KEPT, ~is_begun).limit(500)
        old = (await db.exec(query)).all()
        await forget_waiting(db, old)
        for upload in old:
            tell_own_tabs(db, upload)
    await discard_unused({upload.sha256 for upload in old})
    return len(old)


async def discard_unused(hashes: Iterable[str]) -> None:
    """Remove those bytes from the file store that no row names any more."""
    async with reading() as db:
        unused = [sha256 for sha256 in hashes if not await _is_used(db, sha256)]
    for sha256 in unused:
        await discard(sha256)


async def _is_used(db: Session, sha256: str) -> bool:
    for column in NAMED_BY:
        if (await db.exec(select(column).where(column == sha256).limit(1))).first() is not None:
            return True
    return False


async def attachments_for_visitors(db: Session, message_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """The files of a web chat's messages, by message; those of notes never leave the team."""
    query = (
        select(Attachment)
        .join(Message, col(Message.id) == col(Attachment.message_id))
        .where(col(Attachment.message_id).in_(list(message_ids)), col(Message.direction).in_(PASSED_BETWEEN_US))
        .order_by(col(Attachment.id))
    )
    found: dict[int, list[Attachment]] = {}
    for file in (await db.exec(query)).all():
        found.setdefault(file.message_id, []).append(file)
    return found


async def visitors_file(db: Session, conversation_id: int, file_id: int) -> Attachment:
    """A file that the visitor of this conversation was sent, or has sent, or NotFound."""
    query = (
        select(Attachment)
        .join(Message, col(Message.id) == col(Attachment.message_id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            Attachment.id == file_id,
            col(Message.direction).in_(PASSED_BETWEEN_US),
            Conversation.id == conversation_id,
            col(Conversation.deleted_at).is_(None),
        )
    )
    file = (await db.exec(query)).one_or_none()
    if file is None:
        raise NotFound
    return file
