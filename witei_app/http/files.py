"""Attachments and the originals of mails, for those who may see the conversation."""

import asyncio
from collections.abc import Mapping
from urllib.parse import quote

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.conversations.arrival import WHOLE_HTML
from witei_app.conversations.bin import may_look
from witei_app.conversations.files import SHOWN_IN_PLACE
from witei_app.db import Session, reading
from witei_app.files import load, path_of
from witei_app.http.session import actor_of
from witei_app.mail.html_quotes import fold_shown
from witei_app.mail.parse import parse_mail
from witei_app.mail.sanitize import frame_document, safe_frame_html, with_history_folded
from witei_app.mail.types import ParsedMail
from witei_app.models import Attachment, Conversation, InboundMail, Message
from witei_app.texts import translate

# What a sender wrote gets no script, no form, no plugin, no request; images only where we let them through.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {images}; font-src 'none'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


async def download(request: Request) -> Response:
    """The file, under its sender's name; images of known kinds in place, everything else as a download."""
    async with reading() as db:
        actor = await actor_of(db, request)
        file = await _attachment(db, actor, request.path_params["file_id"]) if actor else None
    return Response("Not found", 404) if file is None else file_response(file)


def file_response(file: Attachment) -> Response:
    """The bytes of a file that whoever asked may have."""
    if not path_of(file.sha256).exists():
        return Response("Not found", 404)
    in_place = file.content_type in SHOWN_IN_PLACE
    return FileResponse(
        path_of(file.sha256),
        media_type=file.content_type if in_place else "application/octet-stream",
        headers={
            "Content-Disposition": f"{'inline' if in_place else 'attachment'}; filename*=utf-8''{quote(file.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=86400, immutable",
        },
    )


async def mail_frame(request: Request) -> Response:
    """A mail's own HTML, made safe, for the sandboxed frame in the thread. `?images=1` lets remote images load."""
    with_images = request.query_params.get("images") == "1"
    async with reading() as db:
        actor = await actor_of(db, request)
        language = actor.language if actor else ""
        mail = await _mail(db, actor, request.path_params["message_id"]) if actor else None
        inline = await _inline_files(db, request.path_params["message_id"]) if mail else {}
    if mail is None or not path_of(mail.sha256).exists():
        return Response("Not found", 404)
    parsed = await asyncio.to_thread(parse_mail, await load(mail.sha256), mail.envelope_from)
    label = translate("Show quoted text", language)
    html = await asyncio.to_thread(_document, parsed, inline, with_images, label)  # seconds, for a huge one
    remote = " https: http:" if with_images else ""
    return HTMLResponse(
        html,
        headers={
            "Content-Security-Policy": FRAME_POLICY.format(images=f"'self' data:{remote}"),
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "private, max-age=3600",
        },
    )


def _document(parsed: ParsedMail, inline: Mapping[str, str], with_images: bool, label: str) -> str:
    new, history = fold_shown(parsed)
    safe = [safe_frame_html(part, inline, with_images) if part else "" for part in (new, history)]
    more = f"<p>[… {WHOLE_HTML}]</p>" if len(parsed.shown_html) < len(parsed.html) else ""
    return frame_document(with_history_folded(safe[0], safe[1], label) + more)


async def _attachment(db: Session, actor: Actor, file_id: int) -> Attachment | None:
    query = (
        select(Attachment)
        .join(Message, col(Message.id) == col(Attachment.message_id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(may_look(actor), Attachment.id == file_id)
    )
    return (await db.exec(query)).one_or_none()


async def _mail(db: Session, actor: Actor, message_id: int) -> InboundMail | None:
    query = (
        select(InboundMail)
        .join(Message, col(Message.inbound_mail_id) == col(InboundMail.id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(may_look(actor), Message.id == message_id)
    )
    return (await db.exec(query)).one_or_none()


async def _inline_files(db: Session, message_id: int) -> dict[str, str]:
    query = select(Attachment).where(Attachment.message_id == message_id, Attachment.content_id != "")
    return {file.content_id: f"/files/{file.id}" for file in (await db.exec(query)).all()}


routes = [
    Route("/files/{file_id:row}", download),
    Route("/messages/{message_id:row}/frame", mail_frame),
]
