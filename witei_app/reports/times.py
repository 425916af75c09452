"""Many durations in three numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass
class Durations:
    """Many durations in seconds: their sum, and each as precisely as it is shown with how often it came."""

    total: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    @property
    def quantity(self) -> int:
        return self.counts.total()

    def add(self, shown: int, often: int, total: int) -> None:
        """As many that are shown alike, `total` seconds together."""
        self.counts[shown] += often
        self.total += total


@dataclass(frozen=True)
class Times:
    """How long something took, in seconds: mean, median and the time that 90 % stayed within. None of nothing."""

    quantity: int = 0
    mean: int | None = None
    median: int | None = None
    p90: int | None = None


def as_shown(seconds: Any) -> Any:
    """The expression that cuts a column of seconds to what is shown: minutes from a minute on, hours from a day on.

    Cutting keeps the order, so median and 90 % are shown as they would be without; but there are few different ones,
    and a database groups a million of them into what fits a page of memory.
    """
    return case(
        (seconds < MINUTE, seconds),
        (seconds < DAY, seconds - seconds % MINUTE),
        else_=seconds - seconds % HOUR,
    )


def times_of(durations: Durations) -> Times:
    """The numbers of `durations`.

    Median and 90 % by the nearest rank: always a time that somebody really waited, the same on every database.
    """
    quantity = durations.quantity
    if not quantity:
        return Times()
    median, p90 = _ranked(durations.counts, [-(-quantity // 2), -(-quantity * 9 // 10)])
    return Times(quantity, _half_up(durations.total, quantity), median, p90)


def together(many: Iterable[Durations]) -> Durations:
    """Several of them as one."""
    whole = Durations()
    for one in many:
        whole.counts.update(one.counts)
        whole.total += one.total
    return whole


def _half_up(total: int, quantity: int) -> int:
    """The mean to the nearest second, in whole numbers alone."""
    return (2 * total + quantity) // (2 * quantity)


def _ranked(counts: Counter[int], ranks: list[int]) -> list[int]:
    found: list[int] = []
    seen = 0
    for seconds in sorted(counts):
        seen += counts[seconds]
        while len(found) < len(ranks) and seen >= ranks[len(found)]:
            found.append(seconds)
    return found
