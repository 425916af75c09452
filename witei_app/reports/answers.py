"""Messages that users sent, and how long contacts waited for the first."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import false, func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import NOBODY, Asked, happened, of_user


@dataclass
class Answers:
    """A user's: how many messages, and the first response times in seconds with how often."""

    sent: int = 0
    first_responses: Counter[int] = field(default_factory=Counter)


async def answers_by_user(db: Session, asked: Asked) -> dict[int, Answers]:
    """What each user sent; one walk over the range answers both questions."""
    event = ConversationEvent
    query = (
        select(event.user_id, event.seconds, func.count())
        .where(happened(asked, EventKind.MESSAGE_OUT), col(event.is_automatic) == false())
        .where(*of_user(asked, func.coalesce(event.user_id, NOBODY)))
        .group_by(col(event.user_id), col(event.seconds))
    )
    found: defaultdict[int, Answers] = defaultdict(Answers)
    for user_id, seconds, often in (await db.exec(query)).all():
        answers = found[user_id or NOBODY]
        answers.sent += often
        if seconds is not None:
            answers.first_responses[seconds] += often
    return found
