"""Views of the list: which conversations belong in one, in which order, and where its next page begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlmodel import col

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import BIN
from witei_app.models import Conversation, Status

LONG_AGO = 10**17  # microseconds; what is sought oldest first is ranked by what is left to it


class Order(StrEnum):
    """`waiting` shows first those whose contact waits for an answer, the longest wait at the top, then the others."""

    NEWEST = "newest"
    WAITING = "waiting"


@dataclass(frozen=True)
class View:
    """What the list shows: whose conversations ("all", "mine", "unassigned" or a user's id), of which status.

    `channel` "" is all; with `needs_reply` those alone whose contact wrote last.
    """

    whose: str = "all"
    status: str = Status.OPEN
    search: str = ""
    channel: str = ""
    order: str = Order.NEWEST
    needs_reply: bool = False


@dataclass(frozen=True)
class Line:
    """What the list shows of one conversation, before it is worded for a reader.

    With `has_failed` an answer did not arrive, or, with `is_unsure` too, nobody knows whether it did.
    """

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
    waiting_since: datetime | None
    has_failed: bool
    is_unsure: bool
    snoozed_until: datetime | None
    deleted_at: datetime | None
    is_emptied: bool
    is_unread: bool = False
    draft: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page ended, in which part of the view: the next one begins after it."""

    part: int
    at: datetime
    id: int


@dataclass(frozen=True)
class Part:
    """A view is one list, or two one after the other; each follows one column of an index."""

    column: Any
    is_oldest_first: bool = False
    condition: ColumnElement[bool] | None = None

    def after(self, place: Place) -> ColumnElement[bool]:
        """What comes below the place."""
        if not self.is_oldest_first:
            return tuple_(self.column, col(Conversation.id)) < tuple_(place.at, place.id)
        is_same = and_(self.column == place.at, col(Conversation.id) < place.id)
        return and_(self.column >= place.at, or_(self.column > place.at, is_same))

    def order(self) -> tuple[ColumnElement[Any], ...]:
        """From the top down."""
        first = self.column.asc() if self.is_oldest_first else self.column.desc()
        return first, col(Conversation.id).desc()


@lru_cache(maxsize=256)
def parts_of(view: View) -> Sequence[Part]:
    """How the view is read."""
    newest, waits = col(Conversation.last_message_at), col(Conversation.waiting_since)
    if view.status == Status.SNOOZED:
        return [Part(col(Conversation.snoozed_until), is_oldest_first=True)]
    if view.status == BIN:
        return [Part(col(Conversation.deleted_at))]
    waiting = Part(waits, is_oldest_first=True, condition=waits.is_not(None))
    if view.order != Order.WAITING:
        return [Part(newest, condition=waits.is_not(None) if view.needs_reply else None)]
    return [waiting] if view.needs_reply else [waiting, Part(newest, condition=waits.is_(None))]


def place_of(line: Line, view: View) -> Place:
    """Where the line stands in the view."""
    if view.status == Status.SNOOZED:
        return Place(0, line.snoozed_until or line.last_message_at, line.id)
    if view.status == BIN:
        return Place(0, line.deleted_at or line.last_message_at, line.id)
    if view.order != Order.WAITING:
        return Place(0, line.last_message_at, line.id)
    if line.waiting_since is not None:
        return Place(0, line.waiting_since, line.id)
    return Place(1, line.last_message_at, line.id)


def rank_of(line: Line, view: View) -> str:
    """A word that is the greater, the higher the line stands."""
    place = place_of(line, view)
    parts = parts_of(view)
    part = min(place.part, len(parts) - 1)
    moment = int(place.at.timestamp() * 1_000_000)
    return f"{len(parts) - part}{LONG_AGO - moment if parts[part].is_oldest_first else moment:017}"


def narrowed(actor: Actor, view: View) -> Sequence[ColumnElement[bool]]:
    """The view's conditions, but for its search."""
    conditions: list[ColumnElement[bool]] = []
    if view.status != BIN:
        conditions.append(col(Conversation.status) == view.status)
    assignee = col(Conversation.assignee_id)
    if view.whose == "mine":
        conditions.append(assignee == actor.user_id)
    elif view.whose == "unassigned":
        conditions.append(assignee.is_(None))
    elif view.whose.isdecimal():
        conditions.append(assignee == int(view.whose[:18]))
    if view.channel:
        conditions.append(col(Conversation.channel) == view.channel)
    return conditions


def belongs_in(line: Line, actor: Actor, view: View) -> bool:
    """Whether a changed line belongs in the view (a search is answered by the database alone)."""
    status = BIN if line.deleted_at else line.status
    if line.is_emptied or status != view.status or line.workspace_id != actor.workspace_id:
        return False
    if status == BIN and not actor.is_admin:
        return False
    if not actor.sees(line.assignee_id) or view.search:
        return False
    if (view.channel and line.channel != view.channel) or (view.needs_reply and line.waiting_since is None):
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
