"""The list: one page of conversations in one query, and single lines for what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, false, func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, padded, prepared
from witei_app.clock import now
from witei_app.conversations.bin import is_in_bin
from witei_app.conversations.counts import BIN
from witei_app.conversations.draft import BEGINNING
from witei_app.conversations.rows import ConversationRow
from witei_app.conversations.view import Line, Place, View, narrowed, parts_of, place_of, rank_of
from witei_app.conversations.visible import WORKSPACE, WORKSPACE_OF_KNOWN, may_see
from witei_app.crm.contacts import matching
from witei_app.db import Session
from witei_app.mail.encrypted import in_readers_words
from witei_app.mail.plain import html_to_text, preview
from witei_app.models import (
    NOT_ARRIVED,
    Contact,
    Conversation,
    Delivery,
    DeliveryState,
    Draft,
    Message,
    ReadCursor,
    User,
)
from witei_app.planner import not_sought_by
from witei_app.texts import translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import label_on, local_day

PAGE = 50
# A search shows the conversations of this many contacts at most; who types one letter more sees the rest.
MOST_CONTACTS = 300
# Worded rows that are kept at hand, a kilobyte each.
MOST_KEPT = 2000


# Of the newest answer that did not arrive for certain, the worst: where only this is left, perhaps it did arrive.
_WHAT_FAILED: Any = (
    select(Delivery.state)
    .join(Message, col(Message.id) == col(Delivery.message_id))
    .where(col(Message.conversation_id) == col(Conversation.id), col(Delivery.state).in_(NOT_ARRIVED))
    .order_by(col(Message.number).desc(), col(Delivery.state) == DeliveryState.UNKNOWN)
    .limit(1)
    .correlate(Conversation)
    .scalar_subquery()
)
# Few have failed, and only of those it is asked.
_IS_UNSURE = case((col(Conversation.has_failed), _WHAT_FAILED == DeliveryState.UNKNOWN), else_=false())

# In the order of the fields of a `Line`.
_LINE: Any = (
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
    Conversation.waiting_since,
    Conversation.has_failed,
    func.coalesce(_IS_UNSURE, false()).label("is_unsure"),
    Conversation.snoozed_until,
    Conversation.deleted_at,
    col(Conversation.emptied_at).is_not(None).label("is_emptied"),
)
_SHARED = (
    select(*_LINE)
    .outerjoin(User, col(User.id) == col(Conversation.assignee_id))
    .where(col(Conversation.id).in_(bindparam("ids", expanding=True)))
)


async def inbox_page(
    db: Session, actor: Actor, view: View, after: Place | None = None, limit: int = PAGE
) -> tuple[list[Line], Place | None]:
    """Lines of the view from the top down, and where the next page begins (None: that was all). At most two queries."""
    found = _found(db, actor, view)
    lines: list[Line] = []
    for number, part in enumerate(parts_of(view)):
        if after is not None and number < after.part:
            continue
        query = _part(actor, replace(view, search=""), number, bool(found)).where(*found)
        if after is not None and number == after.part:
            query = query.where(part.after(after))
        values = asked_by(actor, quantity=limit + 1 - len(lines))
        lines += [Line(*row) for row in (await db.exec(query, params=values)).all()]
        if len(lines) > limit:
            return lines[:limit], place_of(lines[limit - 1], view)
    return lines, None


@prepared
def _part(actor: Actor, view: View, number: int, is_search: bool) -> Any:
    """One part of the view, from its top. A search begins with its contacts: few lines of the whole list are theirs."""
    part = parts_of(view)[number]
    seen = may_see(actor, WORKSPACE_OF_KNOWN if is_search else WORKSPACE)
    query = _personal_lines(actor).where(is_in_bin(actor) if view.status == BIN else seen, *narrowed(actor, view))
    if part.condition is not None:
        query = query.where(part.condition)
    return query.order_by(*part.order()).limit(bindparam("quantity", type_=Integer))


async def personal_lines(db: Session, actor: Actor, ids: Iterable[int]) -> list[Line]:
    """The lines of these conversations as the actor sees them; those out of sight are missing."""
    query = _personal_lines(actor).where(may_see(actor, WORKSPACE_OF_KNOWN), col(Conversation.id).in_(list(ids)))
    return [Line(*row) for row in (await db.exec(query)).all()]


async def shared_lines(db: Session, ids: Iterable[int]) -> list[Line]:
    """The lines of these conversations whoever sees them, without what is a user's own (unread, draft).

    For the relay, which looks once for all tabs and checks each tab's actor afterwards. The bin is included.
    """
    return [Line(*row) for row in (await db.exec(_SHARED, params={"ids": padded(list(ids))})).all()]


async def found_among(db: Session, actor: Actor, search: str, lines: Iterable[Line]) -> set[int]:
    """Which of these conversations the search finds, by their contact."""
    contacts = {line.id: line.contact_id for line in lines}
    query = select(Contact.id).where(Contact.workspace_id == actor.workspace_id, *matching(db, search))
    found = set((await db.exec(query.where(col(Contact.id).in_(set(contacts.values()))))).all())
    return {number for number, contact_id in contacts.items() if contact_id in found}


def conversation_row(line: Line, actor: Actor, view: View) -> ConversationRow:
    """The line in the reader's language and time zone, as it stands in the view."""
    is_own = line.last_user_id is not None and line.last_user_id == actor.user_id
    day = local_day(now(), actor.time_zone)
    shown = replace(view, search="") if view.search else view
    return _row(line, shown, is_own, actor.language, actor.time_zone, day)


@lru_cache(maxsize=MOST_KEPT)
def _row(line: Line, view: View, is_own: bool, language: str, time_zone: str, today: date) -> ConversationRow:
    """All that a row depends on: a change is worded once for all tabs that see it alike."""
    return ConversationRow(
        id=line.id,
        contact_name=line.contact_name,
        initials=initials(line.contact_name),
        tint=tint(line.contact_id),
        channel=line.channel,
        subject=line.subject,
        preview=preview(html_to_text(line.draft)) if line.draft else _preview(line, is_own, language),
        rank=rank_of(line, view),
        at=line.last_message_at.isoformat(timespec="seconds"),
        when=label_on(today, line.snoozed_until or line.last_message_at, time_zone, language),
        assignee_id=line.assignee_id or 0,
        assignee_name=line.assignee_name,
        assignee_initials=initials(line.assignee_name),
        assignee_tint=tint(line.assignee_id or 0),
        is_unread=line.is_unread,
        has_failed=line.has_failed,
        is_unsure=line.is_unsure,
        has_draft=bool(line.draft),
        needs_reply=line.needs_reply,
        is_ours=line.last_user_id is not None,
    )


def _preview(line: Line, is_own: bool, language: str) -> str:
    if is_own:
        return translate("You: {preview}", language, preview=line.preview)
    return in_readers_words(line.preview, language)


def _personal_lines(actor: Actor) -> Any:
    """All lines with what is the actor's own: read up to where, and how a draft begins."""
    mine = col(ReadCursor.user_id) == actor.user_id
    read_to = func.coalesce(ReadCursor.message_id, actor.read_up_to)
    return (
        select(
            *_LINE,
            (col(Conversation.last_inbound_id) > read_to).label("is_unread"),
            BEGINNING.label("draft"),
        )  # type: ignore[call-overload]
        .outerjoin(User, col(User.id) == col(Conversation.assignee_id))
        .outerjoin(ReadCursor, (col(ReadCursor.conversation_id) == col(Conversation.id)) & mine)
        .outerjoin(Draft, (col(Draft.conversation_id) == col(Conversation.id)) & (col(Draft.user_id) == actor.user_id))
    )


def _found(db: Session, actor: Actor, view: View) -> Sequence[ColumnElement[bool]]:
    if not view.search.strip():
        return []
    return [col(Conversation.contact_id).in_(_matching_contacts(db, actor, view.search))]


def _matching_contacts(db: Session, actor: Actor, search: str) -> Any:
    # Rows come by the search's index, or the newest first.
    workspace_id = not_sought_by(col(Contact.workspace_id))
    query = select(Contact.id).where(workspace_id == actor.workspace_id, *matching(db, search))
    return query.order_by(col(Contact.id).desc()).limit(MOST_CONTACTS)
