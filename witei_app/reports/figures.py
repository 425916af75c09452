"""All figures of a range together, and of each user."""

from collections import Counter
from dataclasses import dataclass, field

from witei_app.db import Session
from witei_app.reports.answers import Answers, answers_by_user
from witei_app.reports.asked import Asked
from witei_app.reports.closed import closing_times
from witei_app.reports.new import new_by_source, new_by_user
from witei_app.reports.rated import Ratings, ratings_by_user
from witei_app.reports.received import received_by_user
from witei_app.reports.times import Durations, Times, times_of, together


@dataclass(frozen=True)
class UserFigures:
    """One user's part of the figures; the user 0 is nobody."""

    user_id: int
    new: int
    closed: int
    sent: int
    received: int
    first_response: Times
    closing: Times
    ratings: Ratings = field(default_factory=Ratings)


@dataclass(frozen=True)
class Figures:
    """What docs/report.md defines. The users' numbers add up to the totals."""

    new: int
    closed: int
    sent: int
    received: int
    first_response: Times
    closing: Times
    users: tuple[UserFigures, ...] = ()
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)  # (channel, origin)
    first_responses: Durations = field(default_factory=Durations)
    ratings: Ratings = field(default_factory=Ratings)

    @property
    def per_user(self) -> float:
        """New conversations for each user who has any."""
        having = [user for user in self.users if user.user_id and user.new]
        return sum(user.new for user in having) / len(having) if having else 0.0


async def figures_of(db: Session, asked: Asked) -> Figures:
    """The figures asked for: six queries, each over the entries of one kind in the range."""
    new = await new_by_user(db, asked)
    if asked.user_id is not None:
        new = Counter({asked.user_id: new[asked.user_id]})
    closed = await closing_times(db, asked)
    answers = await answers_by_user(db, asked)
    received = await received_by_user(db, asked)
    ratings = await ratings_by_user(db, asked)
    users = sorted(
        {user for user in {*new, *closed, *answers, *received, *ratings} if user or asked.user_id in (None, 0)}
    )
    first_responses = together(one.first_responses for one in answers.values())
    return Figures(
        new=new.total(),
        closed=sum(times.quantity for times in closed.values()),
        sent=sum(one.sent for one in answers.values()),
        received=received.total(),
        first_response=times_of(first_responses),
        closing=times_of(together(closed.values())),
        users=tuple(_of_user(user, new, closed, answers, received, ratings) for user in users),
        sources=await new_by_source(db, asked),
        first_responses=first_responses,
        ratings=sum(ratings.values(), Ratings()),
    )


def _of_user(
    user_id: int,
    new: Counter[int],
    closed: dict[int, Durations],
    answers: dict[int, Answers],
    received: Counter[int],
    ratings: dict[int, Ratings],
) -> UserFigures:
    closings = closed.get(user_id, Durations())
    own = answers.get(user_id, Answers())
    return UserFigures(
        user_id,
        new[user_id],
        closings.quantity,
        own.sent,
        received[user_id],
        times_of(own.first_responses),
        times_of(closings),
        ratings.get(user_id, Ratings()),
    )
