"""Conversations: the inbox's list, one, and what is done to one."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive, reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.delete import delete
from witei_app.conversations.inbox import inbox_page, personal_lines
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.view import Line, Place, View
from witei_app.conversations.visible import find_conversation, see_conversation
from witei_app.conversations.write_first import write_first
from witei_app.crm.edit import checked_email
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.http.api.call import Call, Key, Made, ReadConversations, WriteConversations
from witei_app.http.api.shapes import (
    Body,
    Cursor,
    Id,
    Input,
    Limit,
    Named,
    Page,
    RowId,
    Search,
    Text,
    cursor_of,
    place_in,
    tell_next,
)
from witei_app.mail.encrypted import in_readers_words
from witei_app.mail.types import Address
from witei_app.models import Conversation

router = APIRouter(prefix="/conversations", tags=["Conversations"])
ADDRESS = "/api/v1/conversations"
Rule = Callable[[Session, Actor, Conversation], Awaitable[None]]


class ConversationLine(BaseModel):
    """A conversation as its line in the inbox shows it."""

    id: int
    channel: Literal["email", "web_chat"]
    status: Literal["open", "archived", "snoozed"]
    subject: str
    preview: str
    contact: Named
    assignee: Named | None
    is_unread: bool
    needs_reply: bool
    has_failed: bool = Field(description="An answer could not be delivered, or nobody knows whether it was.")
    is_unsure: bool = Field(description="Nobody knows whether it was: the connection was lost as it was handed over.")
    last_message_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    deleted_at: datetime | None


class ConversationWhole(ConversationLine):
    """One conversation, with its times. `last_number` is the number of its newest message."""

    last_number: int
    opened_at: datetime
    first_replied_at: datetime | None
    archived_at: datetime | None


class NewConversation(Body):
    """A mail to somebody, which begins a conversation."""

    to: Text = Field(max_length=320, description="The e-mail address. An unknown one becomes a contact.")
    name: Text = Field("", max_length=255, description="What a new contact is called.")
    subject: Text = Field(max_length=998)
    with_signature: bool = True


class Assignment(Input):
    """Who has it from now on; null is nobody."""

    assignee_id: Id | None


@router.get("", summary="List conversations", response_model=Page[ConversationLine])
async def list_conversations(
    call: ReadConversations,
    request: Request,
    response: Response,
    whose: Annotated[
        str, Query(pattern=r"^(all|mine|unassigned|\d{1,18})$", description="all, mine, unassigned, or a user's id.")
    ] = "all",
    status: Literal["open", "archived", "snoozed", "bin"] = "open",
    channel: Literal["", "email", "web_chat"] = "",
    order: Literal["newest", "waiting"] = "newest",
    needs_reply: bool = False,
    search: Search = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The inbox's list with the inbox's filters, as the token's user sees it. `bin` is for administrators."""
    view = View(whose, status, search, channel, order, needs_reply)
    found = place_in(cursor, int, datetime, int)
    async with call.looking() as (db, actor):
        lines, place = await inbox_page(db, actor, view, Place(*found) if found else None, limit)
    following = cursor_of(place.part, place.at, place.id) if place else None
    tell_next(request, response, following)
    return {"items": [_line(line, actor) for line in lines], "next": following}


@router.post("", status_code=201, summary="Write first", response_model=ConversationWhole)
async def begin(call: WriteConversations, wanted: NewConversation, key: Key = None) -> Response:
    """Begin a conversation by a mail. It goes out like one that was written in the inbox."""

    async def work(db: Session, actor: Actor) -> Made:
        email = checked_email(wanted.to)
        if not email:
            raise Refused("Say whom to write to.")
        recipients = Recipients(to=(Address(wanted.name, email),))
        html = wanted.as_html()
        made = await write_first(db, actor, recipients, wanted.subject, html, with_signature=wanted.with_signature)
        return await _made(db, actor, made)

    return await call.once(key, work)


@router.get("/{conversation_id}", summary="Get one conversation", response_model=ConversationWhole)
async def get_conversation(call: ReadConversations, conversation_id: RowId) -> ConversationWhole:
    """One conversation that the token's user sees."""
    async with call.looking() as (db, actor):
        return await whole(db, actor, await see_conversation(db, actor, conversation_id))


@router.post("/{conversation_id}/assign", summary="Assign", response_model=ConversationWhole, status_code=200)
async def assign_conversation(
    call: WriteConversations, conversation_id: RowId, wanted: Assignment, key: Key = None
) -> Response:
    """Give it to a user, or to nobody. Whoever gives away what they alone could see gets 204: it is out of sight."""

    async def work(db: Session, actor: Actor) -> Made:
        conversation = await find_conversation(db, actor, conversation_id)
        await assign(db, actor, conversation, wanted.assignee_id)
        return await _made(db, actor, conversation)

    return await call.once(key, work, 200)


@router.post("/{conversation_id}/archive", summary="Archive", response_model=ConversationWhole, status_code=200)
async def archive_conversation(call: WriteConversations, conversation_id: RowId, key: Key = None) -> Response:
    """Close it: reports count it from now on."""
    return await _done(call, conversation_id, key, archive)


@router.post("/{conversation_id}/reopen", summary="Reopen", response_model=ConversationWhole, status_code=200)
async def reopen_conversation(call: WriteConversations, conversation_id: RowId, key: Key = None) -> Response:
    """Open it again."""
    return await _done(call, conversation_id, key, reopen)


@router.delete("/{conversation_id}", summary="Put in the bin", status_code=204)
async def delete_conversation(call: WriteConversations, conversation_id: RowId) -> None:
    """Administrators find it in the bin until that is emptied."""
    async with call.acting() as (db, actor):
        await delete(db, actor, await find_conversation(db, actor, conversation_id))


async def whole(db: Session, actor: Actor, conversation: Conversation) -> ConversationWhole:
    """The conversation as the actor sees it."""
    lines = await personal_lines(db, actor, [conversation.id])
    if not lines:
        raise NotFound("This conversation is not here, or you may not see it.")
    return ConversationWhole(
        **_line(lines[0], actor).model_dump(),
        last_number=conversation.last_number,
        opened_at=conversation.opened_at,
        first_replied_at=conversation.first_replied_at,
        archived_at=conversation.archived_at,
    )


async def _done(call: Call, conversation_id: int, key: str | None, rule: Rule) -> Response:
    async def work(db: Session, actor: Actor) -> Made:
        conversation = await find_conversation(db, actor, conversation_id)
        await rule(db, actor, conversation)
        return await _made(db, actor, conversation)

    return await call.once(key, work, 200)


async def _made(db: Session, actor: Actor, conversation: Conversation) -> Made:
    """What became of it; nothing when it is out of the actor's sight now."""
    await db.flush()
    try:
        return Made(await whole(db, actor, conversation), f"{ADDRESS}/{conversation.id}")
    except NotFound:
        return Made(None)


def _line(line: Line, actor: Actor) -> ConversationLine:
    known = ConversationLine.model_fields.keys() - {"contact", "assignee", "preview"}
    assignee = Named(id=line.assignee_id, name=line.assignee_name) if line.assignee_id else None
    return ConversationLine(
        contact=Named(id=line.contact_id, name=line.contact_name),
        assignee=assignee,
        preview=in_readers_words(line.preview, actor.language),
        **{name: getattr(line, name) for name in known},
    )
