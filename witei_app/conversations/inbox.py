"""The list: one page of conversations in one query, and single lines for what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, tuple_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.rows import ConversationRow
from witei_app.conversations.visible import may_see
from witei_app.crm.contacts import matching
from witei_app.db import Session
from witei_app.models import Contact, Conversation, Draft, ReadCursor, Status, User
from witei_app.texts import translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import when_label

PAGE = 50
# A search shows the conversations of this many contacts at most; who types one letter more sees the rest.
MOST_CONTACTS = 300


@dataclass(frozen=True)
class View:
    """What the list shows: whose conversations ("all", "mine", "unassigned" or a user's id), of which status."""

    whose: str = "all"
    status: str = Status.OPEN
    search: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page ended: the next one begins after it."""

    at: datetime
    id: int


@dataclass(frozen=True)
class Line:
    """What the list shows of one conversation, before it is worded for a reader."""

    id: int
    workspace_id: int
    contact_id: int
    contact_name: str
    channel: str
    status: str
    subject: str
    preview: str
    last_user_id: int | None
    last_message_at: datetime
    last_inbound_id: int
    assignee_id: int | None
    assignee_name: str
    needs_reply: bool
    has_failed: bool
    is_deleted: bool
    is_unread: bool = False
    has_draft: bool = False


_LINE = (
    Conversation.id,
    Conversation.workspace_id,
    Conversation.contact_id,
    Conversation.contact_name,
    Conversation.channel,
    Conversation.status,
    Conversation.subject,
    Conversation.preview,
    Conversation.last_user_id,
    Conversation.last_message_at,
    Conversation.last_inbound_id,
    Conversation.assignee_id,
    func.coalesce(User.name, "").label("assignee_name"),
    Conversation.needs_reply,
    Conversation.has_failed,
    col(Conversation.deleted_at).is_not(None).label("is_deleted"),
)


async def inbox_page(
    db: Session, actor: Actor, view: View, after: Place | None = None, limit: int = PAGE
) -> tuple[list[Line], Place | None]:
    """Lines of the view, newest first, and where the next page begins (None: that was all). One query."""
    query = (
        _personal_lines(actor).where(may_see(actor), Conversation.status == view.status, *_narrowed(db, actor, view))
    ).order_by(col(Conversation.last_message_at).desc(), col(Conversation.id).desc())
    if after is not None:
        here = tuple_(col(Conversation.last_message_at), col(Conversation.id))
        query = query.where(here < tuple_(after.at, after.id))
    lines = [_line(row) for row in (await db.exec(query.limit(limit + 1))).all()]
    if len(lines) <= limit:
        return lines, None
    last = lines[limit - 1]
    return lines[:limit], Place(last.last_message_at, last.id)


async def personal_lines(db: Session, actor: Actor, ids: Iterable[int]) -> list[Line]:
    """The lines of these conversations as the actor sees them; those out of sight are missing."""
    query = _personal_lines(actor).where(may_see(actor), col(Conversation.id).in_(list(ids)))
    return [_line(row) for row in (await db.exec(query)).all()]


async def shared_lines(db: Session, ids: Iterable[int]) -> list[Line]:
    """The lines of these conversations whoever sees them, without what is a user's own (unread, draft).

    For the relay, which looks once for all tabs and checks each tab's actor afterwards. The bin is included.
    """
    query = select(*_LINE).outerjoin(User, col(User.id) == col(Conversation.assignee_id))  # type: ignore[call-overload]
    rows = (await db.exec(query.where(col(Conversation.id).in_(list(ids))))).all()
    return [Line(**row._asdict()) for row in rows]


def belongs_in(line: Line, actor: Actor, view: View) -> bool:
    """Whether a changed line belongs in the view (a search is answered by the database alone)."""
    if line.is_deleted or line.status != view.status or line.workspace_id != actor.workspace_id:
        return False
    if not actor.sees(line.assignee_id) or view.search:
        return False
    match view.whose:
        case "all":
            return True
        case "mine":
            return line.assignee_id == actor.user_id
        case "unassigned":
            return line.assignee_id is None
        case whose:
            return str(line.assignee_id) == whose


def conversation_row(line: Line, actor: Actor, moment: datetime | None = None) -> ConversationRow:
    """The line in the reader's language and time zone."""
    return ConversationRow(
        id=line.id,
        contact_name=line.contact_name,
        initials=initials(line.contact_name),
        tint=tint(line.contact_id),
        channel=line.channel,
        subject=line.subject,
        preview=_preview(line, actor),
        at=line.last_message_at.isoformat(),
        when=when_label(line.last_message_at, moment or now(), actor.time_zone, actor.language),
        assignee_name=line.assignee_name,
        assignee_initials=initials(line.assignee_name),
        assignee_tint=tint(line.assignee_id or 0),
        is_unread=line.is_unread,
        has_failed=line.has_failed,
        has_draft=line.has_draft,
        needs_reply=line.needs_reply,
    )


def _preview(line: Line, actor: Actor) -> str:
    is_own = line.last_user_id is not None and line.last_user_id == actor.user_id
    return translate("You: {preview}", actor.language, preview=line.preview) if is_own else line.preview


def _personal_lines(actor: Actor) -> Any:
    """All lines with what is the actor's own: read up to where, and whether a draft waits."""
    mine = col(ReadCursor.user_id) == actor.user_id
    read_to = func.coalesce(ReadCursor.message_id, actor.read_up_to)
    return (
        select(
            *_LINE,
            (col(Conversation.last_inbound_id) > read_to).label("is_unread"),
            col(Draft.user_id).is_not(None).label("has_draft"),
        )  # type: ignore[call-overload]
        .outerjoin(User, col(User.id) == col(Conversation.assignee_id))
        .outerjoin(ReadCursor, (col(ReadCursor.conversation_id) == col(Conversation.id)) & mine)
        .outerjoin(Draft, (col(Draft.conversation_id) == col(Conversation.id)) & (col(Draft.user_id) == actor.user_id))
    )


def _line(row: Row[Any]) -> Line:
    return Line(**row._asdict())


def _narrowed(db: Session, actor: Actor, view: View) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    assignee = col(Conversation.assignee_id)
    if view.whose == "mine":
        conditions.append(assignee == actor.user_id)
    elif view.whose == "unassigned":
        conditions.append(assignee.is_(None))
    elif view.whose.isdecimal():
        conditions.append(assignee == int(view.whose[:18]))
    if view.search.strip():
        conditions.append(col(Conversation.contact_id).in_(_matching_contacts(db, actor, view.search)))
    return conditions


def _matching_contacts(db: Session, actor: Actor, search: str) -> Any:
    query = select(Contact.id).where(Contact.workspace_id == actor.workspace_id, *matching(db, search))
    return query.order_by(col(Contact.id).desc()).limit(MOST_CONTACTS)
