"""What a report finds: figures of all that was asked for, of each user, and of each part of the range."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from witei_app.reports.facts import Numbers
from witei_app.reports.sources import Source
from witei_app.reports.times import Times

Week = list[list[int]]


@dataclass(frozen=True)
class Ratings:
    """`stars` is the sum of them all."""

    quantity: int = 0
    stars: int = 0

    @property
    def mean(self) -> float | None:
        """One to five, None when nobody rated."""
        return self.stars / self.quantity if self.quantity else None


@dataclass(frozen=True)
class Amounts:
    """What docs/report.md defines, of all that was asked for or of a part of it."""

    new: int = 0
    closed: int = 0
    sent: int = 0
    received: int = 0
    first_response: Times = field(default_factory=Times)
    closing: Times = field(default_factory=Times)
    ratings: Ratings = field(default_factory=Ratings)


@dataclass(frozen=True, kw_only=True)
class UserFigures(Amounts):
    """One user's part of the figures; the user 0 is nobody."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class Part(Amounts):
    """What happened from `start` on, and how many conversations were open when the part ended.

    `per_user` are the new ones for each user who has any of them.
    """

    start: datetime
    per_user: float
    backlog: int


@dataclass(frozen=True)
class Totals(Amounts):
    """What came of everybody together. `per_user` are the new ones for each user who has any."""

    per_user: float = 0.0


@dataclass(frozen=True)
class Figures(Totals):
    """The totals, with what they are made of: the users' numbers add up to them, and so do the parts'.

    `responses` are the first response times, each; `week` the messages received by weekday (Monday first) and hour.
    """

    users: tuple[UserFigures, ...] = ()
    sources: Counter[Source] = field(default_factory=Counter)
    responses: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    week: Week = field(default_factory=list)
    parts: tuple[Part, ...] = ()
