"""A copy of the chat by e-mail, when its visitor asks for one: to their own known address and nowhere else."""

from collections.abc import Mapping, Sequence
from html import escape

from babel.dates import format_date, format_time
from sqlmodel import col, select

from witei_app.accounts.office_hours import zone_of
from witei_app.db import Session, transaction
from witei_app.models import PASSED_BETWEEN_US, Direction, Message, Visitor, Workspace
from witei_app.outbox.system_mail import queue_for_visitor
from witei_app.texts.visitors import language, words
from witei_app.webchat.caller import Caller
from witei_app.webchat.files import files_of
from witei_app.webchat.limits import chat_limits
from witei_app.webchat.protocol import Outgoing, refused

MOST_MESSAGES = 500


async def mail_transcript(caller: Caller) -> Outgoing:
    """Queue it. Refused before anything was said, without an address, and more than a few times a day."""
    async with transaction() as db:
        query = select(Visitor).where(Visitor.token_hash == caller.visitor_hash)
        visitor = (await db.exec(query)).one_or_none()
        if visitor is None or visitor.conversation_id is None or not visitor.email:
            return refused("no_address", caller.texts["copy_no_address"])
        if await chat_limits.wait_for_transcript(caller.visitor_hash, visitor.email, caller.address):
            return refused("too_many_copies", caller.texts["copy_too_many"])
        workspace = await db.get_one(Workspace, visitor.workspace_id)
        subject = caller.texts["mail_copy_subject"].format(agency=workspace.name)
        await queue_for_visitor(db, visitor, subject, await transcript_html(db, visitor, workspace))
    return {"t": "told", "text": caller.texts["copy_sent"].format(email=visitor.email)}


async def transcript_html(db: Session, visitor: Visitor, workspace: Workspace) -> str:
    """What was said, oldest first, with days and times of the visitor's clock."""
    query = select(Message).where(
        Message.conversation_id == visitor.conversation_id, col(Message.direction).in_(PASSED_BETWEEN_US)
    )
    newest = (await db.exec(query.order_by(col(Message.number).desc()).limit(MOST_MESSAGES))).all()
    files = await files_of(db, newest)
    lang = language(visitor.language)
    zone = zone_of(visitor.time_zone) or zone_of(workspace.time_zone)
    parts, day = [], ""
    for message in reversed(newest):
        here = message.created_at.astimezone(zone)
        before, day = day, format_date(here, "full", locale=lang)
        parts += [f"<h3>{escape(day)}</h3>"] if day != before else []
        parts.append(_said(message, format_time(here, "short", locale=lang), files.get(message.id, ()), words(lang)))
    return "".join(parts)


def _said(message: Message, time: str, files: Sequence[Mapping[str, str]], texts: Mapping[str, str]) -> str:
    name = texts["you"] if message.direction == Direction.IN else message.author_name
    named = "".join(f"<p>{escape(file['name'])} ({escape(file['size'])})</p>" for file in files)
    return f"<p><b>{escape(name)}</b> · {escape(time)}</p>{message.html or escape(message.text)}{named}"
