"""What is behind the line of open conversations: those that were open at a moment, and what had opened each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Subquery, case, func, union
from sqlmodel import col, select

from witei_app.models import Conversation, ConversationEvent, EventKind, Status
from witei_app.reports.asked import Asked, from_source
from witei_app.reports.new import holder_at

BEGUN = (EventKind.OPENED, EventKind.REOPENED, EventKind.RESTORED)
ENDED = (EventKind.ARCHIVED, EventKind.DELETED)


def openings_at(asked: Asked, moment: datetime) -> Sequence[Any]:
    """The conditions on entries: each opened, for the last time by then, a conversation that was open at the moment.

    Whose a conversation is, is whose it was at the moment.
    """
    entry = select(_open_at(asked, moment).c.entry)
    conditions: list[Any] = [col(ConversationEvent.id).in_(entry), *from_source(asked)]
    if asked.user_id is not None:
        conditions.append(holder_at(moment) == asked.user_id)
    return conditions


def _open_at(asked: Asked, moment: datetime) -> Subquery:
    event = ConversationEvent
    opened_by = func.max(case((col(event.kind).in_(BEGUN) & (col(event.backlog) > 0), event.id)))
    query = (
        select(opened_by.label("entry"))
        .where(
            col(event.conversation_id).in_(_perhaps_open(asked, moment)),
            col(event.kind).in_((*BEGUN, *ENDED)),
            col(event.at) < moment,
        )
        .group_by(col(event.conversation_id))
        .having(func.sum(event.backlog) > 0)
    )
    return query.subquery()


def _perhaps_open(asked: Asked, moment: datetime) -> CompoundSelect[Any]:
    """What is open now, and what ended since: all others were not open then, and need not be looked at."""
    event, is_ours = ConversationEvent, col(Conversation.workspace_id) == asked.workspace_id
    still = select(Conversation.id).where(is_ours, col(Conversation.status).in_((Status.OPEN, Status.SNOOZED)))
    since = select(event.conversation_id).where(
        col(event.workspace_id) == asked.workspace_id, col(event.kind).in_(ENDED), col(event.at) >= moment
    )
    return union(still, since)
