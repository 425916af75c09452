"""The messages of a conversation: read, answer, note."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from witei_app.accounts.actor import Actor
from witei_app.conversations.reply import send_reply, write_note
from witei_app.conversations.returned import note_in
from witei_app.conversations.thread import Entry, entries_of, thread_page
from witei_app.conversations.visible import find_conversation, see_conversation
from witei_app.db import Session
from witei_app.http.api.call import Key, Made, ReadMessages, WriteMessages
from witei_app.http.api.shapes import Body, Cursor, Id, Limit, Page, RowId, cursor_of, id_in, tell_next
from witei_app.mail.encrypted import in_readers_words
from witei_app.mail.sanitize import text_to_html
from witei_app.models import Direction, Message

router = APIRouter(prefix="/conversations/{conversation_id}", tags=["Messages"])
MOST_NUMBER = 2**31 - 1  # PostgreSQL compares the column with nothing beyond


class File(BaseModel):
    """A file that came with a message."""

    id: int
    name: str
    content_type: str
    size: int = Field(description="In bytes.")


class Recipient(BaseModel):
    """Whom a mail names: whom it went to, or, as `reply_to`, where its author wants answers."""

    header: Literal["to", "cc", "bcc", "reply_to"]
    name: str
    email: str


class DeliveryOut(BaseModel):
    """How far an answer is on its way to one address."""

    email: str
    state: Literal["queued", "sending", "sent", "deferred", "failed", "bounced", "unknown"]
    reason: str
    sent_at: datetime | None


class MessageOut(BaseModel):
    """A message, or an internal `note`. `number` counts 1, 2, 3 in its conversation."""

    id: int
    number: int
    kind: Literal["in", "out", "note"]
    author: str
    user_id: int | None
    subject: str
    text: str
    html: str = Field(description="Made safe. Empty where the mail's own layout matters: then `text` has what it says.")
    is_automatic: bool
    created_at: datetime
    files: list[File]
    recipients: list[Recipient]
    deliveries: list[DeliveryOut]


class NewMessage(Body):
    """An answer to the contact."""

    with_signature: bool = True
    archive: bool = Field(False, description="Close the conversation by it.")
    seen_number: Id | None = Field(
        None, description="The newest message that you know of: when there is a newer one, nothing is sent (409)."
    )


class NewNote(Body):
    """A note for colleagues alone."""


@router.get("/messages", summary="List messages", response_model=Page[MessageOut])
async def list_messages(
    call: ReadMessages,
    request: Request,
    response: Response,
    conversation_id: RowId,
    limit: Limit = 30,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The newest first."""
    before = min(id_in(cursor), MOST_NUMBER) or None
    async with call.looking() as (db, actor):
        conversation = await see_conversation(db, actor, conversation_id)
        entries, has_older = await thread_page(db, conversation, before, limit)
    found = [_message(entry.message, entry, actor.language) for entry in reversed(entries) if entry.message is not None]
    following = cursor_of(found[-1].number) if has_older and found else None
    tell_next(request, response, following)
    return {"items": found, "next": following}


@router.post("/messages", status_code=201, summary="Answer", response_model=MessageOut)
async def send(call: WriteMessages, conversation_id: RowId, wanted: NewMessage, key: Key = None) -> Response:
    """Send an answer, to whoever wrote last; it goes out like one that was written in the inbox."""

    async def work(db: Session, actor: Actor) -> Made:
        conversation = await find_conversation(db, actor, conversation_id)
        message = await send_reply(
            db,
            actor,
            conversation,
            wanted.as_html(),
            with_signature=wanted.with_signature,
            seen_number=wanted.seen_number,
            archives=wanted.archive,
        )
        return await _made(db, actor, message)

    return await call.once(key, work)


@router.post("/notes", status_code=201, summary="Write a note", response_model=MessageOut)
async def note(call: WriteMessages, conversation_id: RowId, wanted: NewNote, key: Key = None) -> Response:
    """Keep an internal note, which never leaves the team."""

    async def work(db: Session, actor: Actor) -> Made:
        conversation = await find_conversation(db, actor, conversation_id)
        return await _made(db, actor, await write_note(db, actor, conversation, wanted.as_html()))

    return await call.once(key, work)


async def _made(db: Session, actor: Actor, message: Message) -> Made:
    await db.flush()
    (entry,) = await entries_of(db, message.conversation_id, [message.id])
    return Made(_message(message, entry, actor.language))


def _message(message: Message, entry: Entry, language: str) -> MessageOut:
    author, text, html = message.author_name, message.text, message.html
    if (note := note_in(message, language)) is not None:
        author, text, html = *note, text_to_html(note[1])
    if message.direction == Direction.IN:
        text, html = in_readers_words(text, language), in_readers_words(html, language)
    return MessageOut(
        id=message.id,
        number=message.number,
        kind=message.direction,
        author=author,
        user_id=message.user_id,
        subject=message.subject,
        text=text,
        html=html,
        is_automatic=message.is_automatic,
        created_at=message.created_at,
        files=[File(id=one.id, name=one.name, content_type=one.content_type, size=one.size) for one in entry.files],
        recipients=[Recipient(header=one.kind, name=one.name, email=one.address) for one in entry.named],
        deliveries=[
            DeliveryOut(email=one.recipient, state=one.state, reason=one.reason, sent_at=one.sent_at)
            for one in entry.deliveries
        ],
    )
