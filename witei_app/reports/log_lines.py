"""The log's entries of some time, as `reports.facts` takes them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, and_, cast, false, func, or_
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import Conversation, ConversationEvent, EventKind
from witei_app.reports.sources import Source

NUMBERS = 8
_MESSAGES = (EventKind.MESSAGE_IN, EventKind.MESSAGE_OUT)


@dataclass(frozen=True)
class Lines:
    """Entries in the order in which they were written: the kind of each, where its conversation began, and its numbers.

    These are, one row for each entry: seconds since 1970, conversation, user, assignee, the assignee before, seconds
    that something took (-1: none), stars, and the change of what is open.
    """

    kinds: Sequence[str]
    sources: Sequence[Source]
    numbers: NDArray[np.int64]


async def lines_between(
    db: Session, workspace_id: int, start: datetime, end: datetime, kinds: tuple[EventKind, ...]
) -> Lines:
    """The entries of these kinds."""
    event = ConversationEvent
    columns: list[Any] = [_seconds_since_1970(db), event.conversation_id, func.coalesce(event.user_id, 0)]
    columns += [event.assignee_id, event.previous_id, func.coalesce(event.seconds, -1)]
    columns += [func.coalesce(event.stars, 0), event.backlog]
    columns += [event.kind, Conversation.channel, Conversation.widget_id, Conversation.origin]
    is_counted = or_(col(event.kind).not_in(_MESSAGES), col(event.is_automatic) == false())
    query = (
        select(*columns)
        .join(Conversation, col(Conversation.id) == col(event.conversation_id))
        .where(col(event.workspace_id) == workspace_id, col(event.kind).in_(kinds), is_counted)
        .where(and_(col(event.at) >= start, col(event.at) < end))
        .order_by(col(event.id))
    )
    # The connection's rows: the session's, of which a busy day has thousands, take twice as long.
    rows = (await (await db.connection()).execute(query)).all()
    return await asyncio.to_thread(_in_columns, rows)  # a busy day has ten thousand, an unpacked year millions


def _in_columns(rows: Sequence[Any]) -> Lines:
    if not rows:
        return Lines((), (), np.zeros((0, NUMBERS), dtype=np.int64))
    columns = list(zip(*rows, strict=True))
    known: dict[tuple[Any, ...], Source] = {}
    sources = [known.get(one) or known.setdefault(one, Source(*one)) for one in zip(*columns[9:], strict=True)]
    return Lines(columns[8], sources, np.array(columns[:NUMBERS], dtype=np.int64).T)


def _seconds_since_1970(db: Session) -> Any:
    """Whole seconds, those that have passed: SQLite would round the last thousandth up."""
    at = col(ConversationEvent.at)
    if db.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%s", func.substr(at, 1, 19)), BigInteger)
    return cast(func.floor(func.extract("epoch", at)), BigInteger)
