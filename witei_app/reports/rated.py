"""Ratings: how many there were, and their stars."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import ConversationEvent, EventKind
from witei_app.reports.asked import Asked, happened, of_user


@dataclass(frozen=True)
class Ratings:
    """`stars` is the sum of them all."""

    quantity: int = 0
    stars: int = 0

    @property
    def mean(self) -> float | None:
        """One to five, None when nobody rated."""
        return self.stars / self.quantity if self.quantity else None

    def __add__(self, other: "Ratings") -> "Ratings":
        return Ratings(self.quantity + other.quantity, self.stars + other.stars)


async def ratings_by_user(db: Session, asked: Asked) -> dict[int, Ratings]:
    """The ratings of the range, by who had the conversation when it was rated (0 is nobody)."""
    event = ConversationEvent
    query = select(event.assignee_id, func.count(), func.coalesce(func.sum(event.stars), 0))
    query = query.where(happened(asked, EventKind.RATED), *of_user(asked, col(event.assignee_id)))
    found: defaultdict[int, Ratings] = defaultdict(Ratings)
    for user_id, quantity, stars in (await db.exec(query.group_by(col(event.assignee_id)))).all():
        found[user_id] = Ratings(quantity, int(stars or 0))
    return found
