"""Files of a chat: those that the visitor sends wait for their message; all have an address that nobody can guess,
and that names the conversation it is for."""

from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.conversations.files import (
    KEPT,
    SHOWN_IN_PLACE,
    attachments_for_visitors,
    discard_unused,
    visitors_file,
)
from witei_app.conversations.receive import IncomingFile
from witei_app.db import Session, transaction
from witei_app.errors import NotFound
from witei_app.models import Attachment, Message, VisitorFile
from witei_app.settings import settings
from witei_app.texts.when import size_label
from witei_app.webchat.visitors import token_hash
from witei_app.webchat.widgets import ChatSite

FILE_KINDS = ("all", "pictures", "documents")


def is_taken(kinds: str, content_type: str) -> bool:
    """Whether a widget that takes these kinds takes a file whose contents are this."""
    is_picture = content_type.startswith("image/")
    is_media = is_picture or content_type.startswith(("video/", "audio/"))
    return kinds == "all" or (is_picture if kinds == "pictures" else not is_media)


@dataclass(frozen=True)
class SentFile:
    """A file of a visitor whose bytes are in the store already."""

    sha256: str
    name: str
    content_type: str
    size: int


async def wait_for_message(site: ChatSite, token: str, file: SentFile) -> int:
    """Let a file wait for the message that it goes with; gives the id that the message names it by."""
    async with transaction() as db:
        waiting = VisitorFile(
            workspace_id=site.workspace_id,
            widget_id=site.widget_id,
            token_hash=token_hash(token),
            sha256=file.sha256,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
        )
        db.add(waiting)
        await db.flush()
        return waiting.id


async def take_waiting(db: Session, site: ChatSite, token: str, ids: Sequence[int]) -> tuple[IncomingFile, ...]:
    """The visitor's own files of these ids at this site, which wait no more. Others', and taken ones, are none."""
    if not ids:
        return ()
    mine = (
        col(VisitorFile.token_hash) == token_hash(token),
        col(VisitorFile.widget_id) == site.widget_id,
        col(VisitorFile.id).in_(list(ids)),
    )
    found = (await db.exec(select(VisitorFile).where(*mine).order_by(col(VisitorFile.id)))).all()
    await db.exec(delete(VisitorFile).where(*mine))
    return tuple(IncomingFile(file.sha256, file.name, file.content_type, file.size) for file in found)


async def drop_old_visitor_files() -> int:
    """Forget files whose message never came, and their bytes where nothing else has them. Gives how many."""
    async with transaction() as db:
        query = select(VisitorFile).where(VisitorFile.created_at < now() - KEPT).limit(500)
        old = (await db.exec(query)).all()
        await db.exec(delete(VisitorFile).where(col(VisitorFile.id).in_([file.id for file in old])))
    await discard_unused({file.sha256 for file in old})
    return len(old)


async def files_of(db: Session, messages: Sequence[Message]) -> dict[int, list[dict[str, str]]]:
    """Name, size and address of the files of each message, by the message's id."""
    with_files = {message.id: message for message in messages if message.has_files}
    if not with_files:
        return {}
    found = await attachments_for_visitors(db, list(with_files))
    return {
        message_id: [_shown(file, with_files[message_id].conversation_id) for file in files]
        for message_id, files in found.items()
    }


async def file_of_token(db: Session, token: str) -> Attachment:
    """The file that an address made here leads to, as long as its conversation is there; else NotFound."""
    try:
        conversation_id, file_id = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    return await visitors_file(db, conversation_id, file_id)


def _shown(file: Attachment, conversation_id: int) -> dict[str, str]:
    token = _signer().dumps([conversation_id, file.id])
    shown = {"name": file.name, "size": size_label(file.size), "url": f"/embed/files/{token}"}
    return shown | ({"kind": "picture"} if file.content_type in SHOWN_IN_PLACE else {})


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secrets(), salt="file of a web chat")
