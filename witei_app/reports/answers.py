"""Messages that users sent, and how long contacts waited for the first."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import false, func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import NOBODY, Asked, happened, of_user
from witei_app.reports.times import Durations, as_shown


@dataclass
class Answers:
    """A user's: how many messages, and the first response times."""

    sent: int = 0
    first_responses: Durations = field(default_factory=Durations)


async def answers_by_user(db: Session, asked: Asked) -> dict[int, Answers]:
    """What each user sent; one walk over the range answers both questions."""
    event = ConversationEvent
    shown = as_shown(col(event.seconds))
    query = (
        select(event.user_id, shown, func.count(), func.sum(event.seconds))
        .where(happened(asked, EventKind.MESSAGE_OUT), col(event.is_automatic) == false())
        .where(*of_user(asked, func.coalesce(event.user_id, NOBODY)))
        .group_by(col(event.user_id), shown)
    )
    found: defaultdict[int, Answers] = defaultdict(Answers)
    for user_id, seconds, often, total in (await db.exec(query)).all():
        answers = found[user_id or NOBODY]
        answers.sent += often
        if seconds is not None:
            answers.first_responses.add(seconds, often, int(total or 0))
    return found
