"""New conversations in the log: which of them count for the user asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened


def opened_for(asked: Asked) -> list[Any]:
    """The conditions on the openings that count for the user asked for: conversations that were theirs at the end."""
    conditions: list[Any] = [happened(asked, EventKind.OPENED)]
    if asked.user_id is not None:
        conditions.append(holder_at(asked.end) == asked.user_id)
    return conditions


def holder_at(moment: datetime) -> ScalarSelect[int]:
    """Who had the conversation of an event at a moment: the last entry before it says so."""
    later = aliased(ConversationEvent)
    query = select(later.assignee_id).where(
        later.conversation_id == ConversationEvent.conversation_id, col(later.at) < moment
    )
    return query.order_by(col(later.id).desc()).limit(1).scalar_subquery()
