"""Many durations in three numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """How long something took, in seconds: mean, median and the time that 90 % stayed within. None of nothing."""

    quantity: int = 0
    mean: int | None = None
    median: int | None = None
    p90: int | None = None


def times_of(durations: Mapping[int, int]) -> Times:
    """The numbers of `durations`, seconds to how often.

    Median and 90 % by the nearest rank: always a time that somebody really waited, the same on every database.
    """
    quantity = sum(durations.values())
    if not quantity:
        return Times()
    total = sum(seconds * often for seconds, often in durations.items())
    median, p90 = _ranked(durations, [-(-quantity // 2), -(-quantity * 9 // 10)])
    return Times(quantity, round_half_up(total, quantity), median, p90)


def together(many: Iterable[Mapping[int, int]]) -> Counter[int]:
    """Several of them as one."""
    all_of: Counter[int] = Counter()
    for durations in many:
        all_of.update(durations)
    return all_of


def round_half_up(total: int, quantity: int) -> int:
    """The mean to the nearest second, in whole numbers alone."""
    return (2 * total + quantity) // (2 * quantity)


def _ranked(durations: Mapping[int, int], ranks: list[int]) -> list[int]:
    found, seen = [], 0
    waiting = iter(ranks)
    rank = next(waiting, None)
    for seconds in sorted(durations):
        seen += durations[seconds]
        while rank is not None and seen >= rank:
            found.append(seconds)
            rank = next(waiting, None)
    return found
