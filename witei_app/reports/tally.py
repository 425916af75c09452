"""Figures out of facts: plain counting, on columns of numbers."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from witei_app.accounts.office_hours import Hours
from witei_app.reports.facts import SHORT, Facts, Numbers, Rows
from witei_app.reports.office_clock import in_office

_UNKNOWN = 2**32 - 1  # no user has this number
_FEW = 1_000_000  # keys up to here are counted in a row of as many places


@dataclass(frozen=True)
class Taken:
    """Durations: when each ended, how many seconds it took, and whose it is."""

    at: Numbers
    seconds: Numbers
    user: Numbers


@dataclass(frozen=True)
class Messages:
    """How many messages: in which hour, counted from the day's beginning and of the week, and whose they are."""

    at: Numbers
    slot: Numbers
    user: Numbers
    quantity: Numbers

    @property
    def total(self) -> int:
        return int(self.quantity.sum(dtype=np.int64))

    def by(self, keys: Numbers) -> dict[int, int]:
        """How many belong to each key."""
        return counted(keys, self.quantity)


def messages(rows: Rows, which: NDArray[np.bool_]) -> Messages:
    """Those of the rows that are marked, a column at a time: whole rows take several times as long."""
    return Messages(*(cast("Numbers", rows[name][which]) for name in ("at", "slot", "user", "quantity")))


def column(rows: Rows, name: str) -> Numbers:
    """A column of facts, to calculate with. It stays as narrow as it is kept: a year costs what its bytes do."""
    return cast("Numbers", np.ascontiguousarray(rows[name]))


def counted(keys: Numbers, amounts: Numbers | None = None) -> dict[int, int]:
    """How often each key is there, or the sum of its amounts."""
    found, where = (
        np.unique(keys, return_inverse=True) if _is_wide(keys) else (np.arange(keys.max(initial=0) + 1), keys)
    )
    # Sums of whole numbers below 2**53 are exact in the floating numbers that they are added up in.
    sums = np.bincount(where, weights=amounts, minlength=len(found)).astype(np.int64)
    return {int(found[place]): int(sums[place]) for place in np.flatnonzero(sums)}


def _is_wide(keys: Numbers) -> bool:
    return bool(keys.max(initial=0) > _FEW or keys.min(initial=0) < 0)


def holders(facts: Facts) -> Numbers:
    """Who had each of the opened conversations at the end: the last assignment says so."""
    users = column(facts.opened, "user")
    if not len(users) or not len(facts.assigned):
        return users
    opened, assigned = column(facts.opened, "conversation"), column(facts.assigned, "conversation")
    first, last = opened.min(), opened.max()
    is_near = (assigned >= first) & (assigned <= last)
    # A place for each number that a conversation of this time may have: they count up, so that few are another's.
    had = np.full(int(last - first) + 1, _UNKNOWN, dtype=SHORT)
    # Of several assignments to one place the last one stays: so numpy promises.
    had[assigned[is_near] - first] = facts.assigned["user"][is_near]
    at_last = had[opened - first]
    return np.where(at_last == _UNKNOWN, users, at_last)


def taken(rows: Rows, hours: Hours | None) -> Taken:
    """The durations of `closed` or `answered`; only seconds in office hours, if there are hours."""
    at, seconds = column(rows, "at"), column(rows, "seconds")
    if hours is not None and hours.is_on:
        seconds = in_office(hours, at.astype(np.int64), seconds.astype(np.int64)).astype(SHORT)
    return Taken(at, seconds, column(rows, "user"))
