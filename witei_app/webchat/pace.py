"""How soon an agency answers its chats: real figures of the last two weeks, or nothing."""

import time
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from babel.dates import format_timedelta
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Channel, Conversation, Status

PERIOD = timedelta(days=14)
FEWEST = 5  # of fewer chats nothing can be promised
MOST = 500
KEPT_SECONDS = 600
# What is promised is the next of these; whoever is slower promises nothing.
_STEPS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 240, 480)]


@dataclass(frozen=True)
class _Known:
    pace: timedelta | None
    until: float


_known: dict[int, _Known] = {}


async def usual_pace(db: Session, workspace_id: int) -> timedelta | None:
    """Within which time half of the chats got a first answer, rounded up; None when there is nothing to promise."""
    known = _known.get(workspace_id)
    if known is None or known.until < time.monotonic():
        pace = rounded(await _first_answers(db, workspace_id))
        known = _known[workspace_id] = _Known(pace, time.monotonic() + KEPT_SECONDS)
    return known.pace


async def _first_answers(db: Session, workspace_id: int) -> list[timedelta]:
    since = now() - PERIOD
    query = (
        select(Conversation.opened_at, Conversation.first_replied_at)
        .where(
            Conversation.workspace_id == workspace_id,
            col(Conversation.status).in_(list(Status)),  # with the next one, the list's index
            Conversation.last_message_at >= since,
            Conversation.opened_at >= since,
            Conversation.channel == Channel.WEB_CHAT,
            col(Conversation.first_replied_at).is_not(None),
        )
        .order_by(col(Conversation.last_message_at).desc())
        .limit(MOST)
    )
    return [replied - opened for opened, replied in (await db.exec(query)).all() if replied is not None]


def rounded(answers: list[timedelta]) -> timedelta | None:
    """The median, up to the next step that one says in words."""
    if len(answers) < FEWEST:
        return None
    middle = timedelta(seconds=median(answer.total_seconds() for answer in answers))
    return next((step for step in _STEPS if middle <= step), None)


def in_words(pace: timedelta, lang: str) -> str:
    """ "5 minutes" in one of the chat's languages."""
    return format_timedelta(pace, threshold=1, locale=lang)
