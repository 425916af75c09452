"""One row per conversation that began in the range: rows come from the database as they are written out."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Integer, case, cast, false, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import Hours
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.models import Conversation, ConversationEvent, EventKind
from witei_app.reports.asked import Asked
from witei_app.reports.new import holder_at, opened_for
from witei_app.reports.office_clock import in_office

AT_ONCE = 500


@dataclass(frozen=True)
class ConversationLine:
    """What the log says of a conversation up to the end of the range. Times are seconds, None for what was not yet;
    those in office hours, when these are asked for.
    """

    id: int
    contact_name: str
    channel: str
    origin: str
    opened_at: datetime
    assignee_id: int
    first_response: int | None
    closing: int | None
    sent: int
    received: int


async def conversation_lines(db: Session, actor: Actor, asked: Asked) -> AsyncIterator[ConversationLine]:
    """The lines in the order of their beginnings. Contacts that the actor may not see have no name.

    Read by keyset, some hundred at a time: neither the memory nor an open query grows with the file.
    """
    event = ConversationEvent
    name = case((may_see(actor), col(Conversation.contact_name)), else_="")
    columns: list[Any] = [event.at, event.id, event.conversation_id, name, event.channel, Conversation.origin]
    columns += [event.opened_at]
    columns += [holder_at(asked.end), _response(asked, "seconds"), _closing(asked, "seconds")]
    columns += [_quantity(asked, EventKind.MESSAGE_OUT), _quantity(asked, EventKind.MESSAGE_IN)]
    columns += [_response(asked, "at"), _closing(asked, "at")]
    query = (
        select(*columns)
        .join(Conversation, col(Conversation.id) == col(event.conversation_id))
        .where(*opened_for(asked))
        .order_by(col(event.at), col(event.id))
        .limit(AT_ONCE)
    )
    page = query
    while True:
        rows = (await db.exec(page)).all()  # type: ignore[call-overload]
        for line in _lines(rows, asked):
            yield line
        if len(rows) < AT_ONCE:
            return
        page = query.where(tuple_(col(event.at), col(event.id)) > tuple_(*rows[-1][:2]))


def _lines(rows: Sequence[Any], asked: Asked) -> list[ConversationLine]:
    lines = [ConversationLine(*facts) for _at, _id, *facts, _replied_at, _closed_at in rows]
    if asked.hours is None or not asked.hours.is_on:
        return lines
    responses = _in_office([line.first_response for line in lines], [row[-2] for row in rows], asked.hours)
    closings = _in_office([line.closing for line in lines], [row[-1] for row in rows], asked.hours)
    return [
        replace(line, first_response=response, closing=closing)
        for line, response, closing in zip(lines, responses, closings, strict=True)
    ]


def _in_office(seconds: Sequence[int | None], ends: Sequence[datetime | None], hours: Hours) -> list[int | None]:
    rows = list(zip(seconds, ends, strict=True))
    known = [(one, int(end.timestamp())) for one, end in rows if one is not None and end is not None]
    by_the_clock, at = np.array(known, dtype=np.int64).reshape(-1, 2).T
    took = map(int, in_office(hours, at, by_the_clock))
    return [None if one is None or end is None else next(took) for one, end in rows]


def _response(asked: Asked, name: str) -> Any:
    later = aliased(ConversationEvent)
    query = select(getattr(later, name)).where(
        *_of_same(later, asked, EventKind.MESSAGE_OUT), col(later.seconds).is_not(None)
    )
    return query.order_by(col(later.id)).limit(1).scalar_subquery()


def _closing(asked: Asked, name: str) -> Any:
    later = aliased(ConversationEvent)
    query = select(getattr(later, name)).where(*_of_same(later, asked, EventKind.ARCHIVED))
    return query.order_by(col(later.id).desc()).limit(1).scalar_subquery()


def _quantity(asked: Asked, kind: EventKind) -> Any:
    later = aliased(ConversationEvent)
    query = select(cast(func.count(), Integer)).where(*_of_same(later, asked, kind))
    return query.where(col(later.is_automatic) == false()).scalar_subquery()


def _of_same(later: type[ConversationEvent], asked: Asked, kind: EventKind) -> Any:
    same = col(later.conversation_id) == col(ConversationEvent.conversation_id)
    return (same, col(later.kind) == kind, col(later.at) < asked.end)
