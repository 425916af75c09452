"""Everything that we have of one person as a ZIP, for whoever asks (GDPR, articles 15 and 20): to read, and as JSON.

It comes out piece by piece, so that a person with a thousand files takes no more memory than one with a single one.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel import SQLModel, col, select

from witei_app.accounts.actor import Actor
from witei_app.crm.visible import see_contact
from witei_app.db import Session, reading
from witei_app.errors import Refused
from witei_app.files import load
from witei_app.mail.files import safe_file_name
from witei_app.models import (
    Attachment,
    Contact,
    ContactAddress,
    ContactNote,
    Conversation,
    ConversationScope,
    Direction,
    InboundMail,
    Message,
    Quote,
    QuoteLine,
    Reach,
    Ticket,
    TicketEntry,
    Visitor,
    Workspace,
)
from witei_app.texts import translate
from witei_app.texts.when import moment_label

_PLACE = Path(__file__).parent / "html"
# Whose it is, or what only our program needs.
_NOT_THEIRS = {"workspace_id", "search_text", "token_hash", "dedupe_key", "client_id", "raw", "html"}


async def see_whole_person(db: Session, actor: Actor, contact_id: int) -> Contact:
    """The contact for whoever may export and sees all there is; half an answer to such a question is a wrong one."""
    levels = actor.permissions
    sees_all = actor.scope == ConversationScope.ALL
    sees_all &= {levels.contact_scope, levels.quote_scope, levels.ticket_scope} == {Reach.ALL}
    if not levels.can_export or not sees_all:
        raise Refused("You do not have the permission for this. Ask an administrator.")
    return await see_contact(db, actor, contact_id)


async def portfolio(actor: Actor, contact: Contact) -> AsyncIterator[bytes]:
    """The ZIP, chunk by chunk."""
    out = _Chunks()
    archive = ZipFile(cast(Any, out), "w", ZIP_DEFLATED)
    async for name, data in _members(actor, contact):
        await asyncio.to_thread(archive.writestr, name, data)
        yield out.taken()
    archive.close()
    yield out.taken()


async def _members(actor: Actor, contact: Contact) -> AsyncIterator[tuple[str, bytes]]:
    async with reading() as db:
        records = await _records(db, contact)
        talks = (await db.exec(_of(Conversation, Conversation.contact_id, contact.id))).all()
        agency = (await db.get_one(Workspace, actor.workspace_id)).name
    yield "data.json", _json(records)
    listed = [{"href": f"conversations/{one.id}.html", "title": _title(one, actor)} for one in talks if one.last_number]
    yield "index.html", _page("contact.html", actor, agency=agency, name=contact.full_name, talks=listed, **records)
    for talk in talks:
        async for member in _of_talk(actor, talk, agency):
            yield member


async def _of_talk(actor: Actor, talk: Conversation, agency: str) -> AsyncIterator[tuple[str, bytes]]:
    async with reading() as db:
        said = (await db.exec(_of(Message, Message.conversation_id, talk.id))).all()
        messages = [one for one in said if one.direction != Direction.WITHDRAWN]
        ids = [one.id for one in messages]
        files = (await db.exec(select(Attachment).where(col(Attachment.message_id).in_(ids)))).all()
        mail_ids = [one.inbound_mail_id for one in messages if one.inbound_mail_id]
        mails = (await db.exec(select(InboundMail).where(col(InboundMail.id).in_(mail_ids)))).all()
    if not messages:
        return
    names = {file.id: f"files/{file.id}-{safe_file_name(file.name)}" for file in files}
    lines = [_line(one, [file for file in files if file.message_id == one.id], names, actor) for one in messages]
    words = {"agency": agency, "title": _title(talk, actor), "lines": lines}
    yield f"conversations/{talk.id}.html", _page("conversation.html", actor, **words)
    whole = {"conversation": _plain(talk), "messages": [_plain(one) for one in messages]}
    yield f"conversations/{talk.id}.json", _json({**whole, "files": [_plain(file) for file in files]})
    for file in files:
        yield names[file.id], await _bytes(file.sha256)
    for mail in mails:
        yield f"mails/{mail.id}.eml", mail.raw or await _bytes(mail.sha256)


async def _records(db: Session, contact: Contact) -> dict[str, Any]:
    tickets = (await db.exec(_of(Ticket, Ticket.contact_id, contact.id))).all()
    quotes = (await db.exec(_of(Quote, Quote.contact_id, contact.id))).all()
    parts: dict[str, Sequence[SQLModel]] = {
        "addresses": (await db.exec(_of(ContactAddress, ContactAddress.contact_id, contact.id))).all(),
        "notes": (await db.exec(_of(ContactNote, ContactNote.contact_id, contact.id))).all(),
        "tickets": tickets,
        "ticket_entries": (await db.exec(_of(TicketEntry, TicketEntry.ticket_id, *[one.id for one in tickets]))).all(),
        "quotes": quotes,
        "quote_lines": (await db.exec(_of(QuoteLine, QuoteLine.quote_id, *[one.id for one in quotes]))).all(),
        "visits": (await db.exec(_of(Visitor, Visitor.contact_id, contact.id))).all(),
    }
    return {"contact": _plain(contact), **{name: [_plain(row) for row in rows] for name, rows in parts.items()}}


def _of(table: Any, column: Any, *ids: int) -> Any:
    return select(table).where(col(column).in_(ids)).order_by(table.id)


def _plain(row: SQLModel) -> dict[str, Any]:
    return {name: value for name, value in row.model_dump().items() if name not in _NOT_THEIRS}


def _json(values: Any) -> bytes:
    return json.dumps(values, default=_said, ensure_ascii=False, indent=1).encode()


def _said(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError


def _title(talk: Conversation, actor: Actor) -> str:
    day = moment_label(talk.opened_at, actor.time_zone, actor.language)
    return f"{day} · {talk.subject or translate('Conversation', actor.language)}"


def _line(message: Message, files: Sequence[Attachment], names: dict[int, str], actor: Actor) -> dict[str, Any]:
    return {
        "who": message.author_name,
        "when": moment_label(message.created_at, actor.time_zone, actor.language),
        "is_note": message.is_internal,
        "text": message.text,
        "files": [{"href": f"../{names[file.id]}", "name": file.name} for file in files],
    }


def _page(template: str, actor: Actor, **values: Any) -> bytes:
    loader = FileSystemLoader(_PLACE)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

    def words(text: str, **more: Any) -> str:
        return translate(text, actor.language, **more)

    return made.get_template(template).render(t=words, language=actor.language, **values).encode()


async def _bytes(sha256: str) -> bytes:
    try:
        return await load(sha256)
    except FileNotFoundError:
        return b""


class _Chunks:
    """Where a ZIP is written that nobody keeps: it cannot be gone back in, so sizes follow each member."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was written since."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        return data
