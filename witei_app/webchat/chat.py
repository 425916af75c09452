"""What happens in a visitor's chat: coming back, writing, reading, typing."""

import hashlib
import math
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC

from sqlalchemy import func, or_, update
from sqlmodel import col, select

from witei_app.accounts.office_hours import is_open, next_opening, next_turn
from witei_app.clock import now
from witei_app.conversations.arrival import in_plain_sight
from witei_app.conversations.rate import may_rate, rate
from witei_app.conversations.receive import Incoming, message_of_client, receive_message
from witei_app.db import Session, reading, transaction
from witei_app.errors import Refused
from witei_app.live import bus
from witei_app.live.events import VisitorSeen, announce
from witei_app.mail.sanitize import text_to_html
from witei_app.models import PASSED_BETWEEN_US, Conversation, Direction, Message, ReadCursor, Visitor
from witei_app.webchat.caller import Caller
from witei_app.webchat.faces import faces_of
from witei_app.webchat.files import files_of, take_waiting
from witei_app.webchat.form import AskFirst, fault_in
from witei_app.webchat.look import LONGEST_TEXT
from witei_app.webchat.more_said import MoreSaid, say_more
from witei_app.webchat.protocol import About, Outgoing, Rate, Say, message_frame, refused, said
from witei_app.webchat.visitors import has_visitor, note_about, visitors_conversation

MOST_MESSAGES = 200


async def welcome(caller: Caller) -> Outgoing:
    """The answer to hello: what was said since, how far each side has read, and the token when it is a new one."""
    messages: list[Message] = []
    files: dict[int, list[dict[str, str]]] = {}
    faces: dict[int, str] = {}
    read = 0
    thread, is_rating_asked = None, False
    if caller.conversation_id is not None:
        async with reading() as db:
            messages = await _messages_since(db, caller.conversation_id, caller.hello.since)
            files, faces = await files_of(db, messages), await faces_of(db, messages)
            read = await read_by_team(db, caller.conversation_id)
            thread = await _thread_name(db, caller.token, caller.conversation_id)
            is_rating_asked = await asks_rating(db, caller.conversation_id)
    return {
        "t": "welcome",
        "thread": thread,
        **({"token": caller.token} if caller.token != caller.hello.token else {}),
        "messages": [
            message_frame(message, files.get(message.id, ()), faces.get(message.id, "")) for message in messages
        ],
        "last": messages[-1].number if messages else caller.hello.since,
        "read": read,
        "seen": caller.seen,
        "known": caller.has_email,
        "now": int(now().timestamp() * 1000),
        **({"rate": True} if is_rating_asked else {}),
        **({"dead_link": True} if caller.is_link_dead else {}),
        **_absence(caller),
    }


def _absence(caller: Caller) -> Outgoing:
    """Whether nobody is there now, when somebody is again, and in how many seconds to ask once more."""
    hours, moment = caller.site.hours, now()
    turn = next_turn(hours, moment)
    turns = {"turns": math.ceil((turn - moment).total_seconds())} if turn else {}
    if is_open(hours, moment):
        return turns
    back = next_opening(hours, moment)
    return {"away": True, "back": back.astimezone(UTC).isoformat() if back else None, **turns}


async def _thread_name(db: Session, token: str, conversation_id: int) -> str:
    """What the visitor's side calls the conversation that its numbers count in; it tells nothing about others.

    The time is part of it because SQLite gives the id of an erased row again.
    """
    opened_at = (await db.exec(select(Conversation.opened_at).where(Conversation.id == conversation_id))).one()
    return hashlib.sha256(f"{token}:{conversation_id}:{opened_at}".encode()).hexdigest()[:16]


async def _messages_since(db: Session, conversation_id: int, since: int) -> list[Message]:
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.number > since,
        col(Message.direction).in_(PASSED_BETWEEN_US),
    )
    newest = (await db.exec(query.order_by(col(Message.number).desc()).limit(MOST_MESSAGES))).all()
    return list(reversed(newest))


async def read_by_team(db: Session, conversation_id: int) -> int:
    """The number up to which somebody of the team has read: whoever answers has."""
    cursor = select(func.max(ReadCursor.message_id)).where(ReadCursor.conversation_id == conversation_id)
    query = select(func.coalesce(func.max(Message.number), 0)).where(
        Message.conversation_id == conversation_id,
        or_(col(Message.direction) == Direction.OUT, col(Message.id) <= cursor.scalar_subquery()),
    )
    return (await db.exec(query)).one()


async def say(caller: Caller, frame: Say) -> Outgoing:
    """Store the visitor's message, then acknowledge it; sent again, it is acknowledged again."""
    text = in_plain_sight(frame.text)
    if not text and not frame.files:
        return refused("empty", caller.texts["failed"], message_id=frame.id)
    if len(text) > LONGEST_TEXT:
        return refused("too_long", caller.texts["too_long"], message_id=frame.id)
    about = frame.about or About()
    fault = _fault(caller, about)
    if fault:
        return refused("form", caller.texts[fault], message_id=frame.id)
    if caller.conversation_id is not None and not frame.files and frame.about is None:
        one = MoreSaid(caller.site.workspace_id, caller.visitor_hash, frame.id, text)
        if (stored := await say_more(one)) is not None:
            caller.conversation_id = stored.conversation_id
            return said(stored)
    async with transaction() as db:
        if caller.conversation_id is not None and not await has_visitor(db, caller.visitor_hash):
            return {"t": "gone", "why": "closed"}  # since it was asked, the token was revoked or the data deleted
        conversation = await visitors_conversation(db, caller, about)
        await note_about(db, caller.visitor_hash, about)
        message = await _stored(db, conversation, caller, frame.id, text, frame.files)
        if message is None:
            return refused("file_gone", caller.texts["file_gone"], message_id=frame.id)
        files = await files_of(db, [message])
    caller.conversation_id = conversation.id
    caller.has_email |= bool(about.email)
    return said(message, files.get(message.id, ()))


async def _stored(
    db: Session, conversation: Conversation, caller: Caller, message_id: str, text: str, file_ids: Sequence[int]
) -> Message | None:
    """The visitor's message; None when it is of files alone and they were forgotten before it came."""
    known = await message_of_client(db, conversation, message_id)
    if known is not None:
        return known
    files = await take_waiting(db, caller.site, caller.token, file_ids)
    if not text and not files:
        return None
    name, html = conversation.contact_name, text_to_html(text)
    return await receive_message(
        db, conversation, Incoming(author_name=name, text=text, html=html, client_id=message_id, files=files)
    )


async def tell_about(caller: Caller, about: About) -> Outgoing:
    """Keep the address that the visitor leaves in a conversation that there is."""
    fault = _fault(caller, about)
    if fault or caller.conversation_id is None:
        return refused("form", caller.texts[fault or "failed"])
    async with transaction() as db:
        await note_about(db, caller.visitor_hash, about)
        announce(db, VisitorSeen(caller.site.workspace_id, caller.conversation_id, caller.seen, is_typing=False))
    caller.has_email |= bool(about.email)
    return {"t": "known", "known": caller.has_email}


def _fault(caller: Caller, about: About) -> str:
    """What is asked first is asked before there is a conversation; later only what is given must be right."""
    form = caller.site.look.form if caller.conversation_id is None else AskFirst()
    return fault_in(form, about.name, about.email, about.phone, about.consent)


async def mark_seen(caller: Caller, number: int) -> None:
    """The visitor has the messages up to this number before their eyes. It never goes back."""
    if caller.conversation_id is None or number <= caller.seen:
        return
    caller.seen = number
    async with transaction() as db:
        await db.exec(
            update(Visitor)
            .where(col(Visitor.token_hash) == caller.visitor_hash, col(Visitor.read_number) < number)
            .values(read_number=number)
        )
        announce(db, VisitorSeen(caller.site.workspace_id, caller.conversation_id, number, is_typing=False))


async def rate_chat(caller: Caller, frame: Rate) -> Outgoing:
    """Keep the stars; sent again, or when nobody asks any more, the answer is the same."""
    if caller.conversation_id is not None:
        with suppress(Refused):
            async with transaction() as db:
                query = select(Conversation).where(Conversation.id == caller.conversation_id)
                await rate(db, (await db.exec(query.with_for_update())).one(), frame.stars, frame.text)
    return {"t": "rate", "asked": False}


async def asks_rating(db: Session, conversation_id: int) -> bool:
    """Whether the visitor of this conversation is asked what they thought of it."""
    conversation = await db.get(Conversation, conversation_id)
    return conversation is not None and await may_rate(db, conversation)


async def tell_typing(caller: Caller) -> None:
    """The team sees that the visitor is writing; nothing of it is kept."""
    if caller.conversation_id is not None:
        await bus.publish(VisitorSeen(caller.site.workspace_id, caller.conversation_id, caller.seen, is_typing=True))
