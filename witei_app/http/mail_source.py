"""Mails as they came: the source of a message for those who may see it, unreadable ones for administrators."""

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.conversations.bin import may_look
from witei_app.conversations.unreadable import find_unreadable
from witei_app.db import reading
from witei_app.errors import Refused
from witei_app.files import load
from witei_app.http.session import actor_of
from witei_app.models import Conversation, InboundMail, Message

# Whatever is in it, a browser shows letters and does nothing.
_AS_TEXT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


async def source(request: Request) -> Response:
    """A mail as text; `?part=headers` is its head alone."""
    async with reading() as db:
        actor = await actor_of(db, request)
        query = (
            select(InboundMail.sha256)
            .join(Message, col(Message.inbound_mail_id) == col(InboundMail.id))
            .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        )
        sha256 = (
            (await db.exec(query.where(may_look(actor), Message.id == request.path_params["message_id"]))).first()
            if actor
            else None
        )
    if sha256 is None:
        return Response("Not found", 404)
    raw = await load(sha256)
    if request.query_params.get("part") == "headers":
        raw = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return Response(raw, media_type="text/plain", headers=_AS_TEXT)


async def unreadable(request: Request) -> Response:
    """The raw file of a mail that could not be read."""
    mail_id = request.path_params["mail_id"]
    try:
        async with reading() as db:
            actor = await actor_of(db, request)
            mail = await find_unreadable(db, actor, mail_id) if actor else None
    except Refused:
        mail = None
    if mail is None:
        return Response("Not found", 404)
    name = {"Content-Disposition": f'attachment; filename="mail-{mail.id}.eml"'}
    return Response(await load(mail.sha256), media_type="application/octet-stream", headers=_AS_TEXT | name)


routes = [
    Route("/messages/{message_id:row}/source", source),
    Route("/inbound-mails/{mail_id:row}/raw", unreadable),
]
