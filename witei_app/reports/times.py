"""Many durations in three numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from witei_app.reports.facts import Numbers

_SECONDS_BITS = 32  # facts keep no more of them


@dataclass(frozen=True)
class Times:
    """How long something took, in seconds: mean, median and the time that 90 % stayed within. None of nothing."""

    quantity: int = 0
    mean: int | None = None
    median: int | None = None
    p90: int | None = None


def times_of(seconds: Numbers) -> Times:
    """The numbers of these durations, exact to the second.

    Median and 90 % by the nearest rank: always a time that somebody really waited.
    """
    return _of_sorted(np.sort(seconds))


def times_by(keys: Numbers, seconds: Numbers) -> Mapping[int, Times]:
    """The same for each different key. Keys and seconds are sorted as one number: that is faster than by two."""
    ordered = np.sort(keys << _SECONDS_BITS | seconds)
    keys, seconds = ordered >> _SECONDS_BITS, ordered & ((1 << _SECONDS_BITS) - 1)
    ends = [*(np.flatnonzero(np.diff(keys)) + 1), len(keys)] if len(keys) else []
    return {int(keys[begin]): _of_sorted(seconds[begin:end]) for begin, end in zip([0, *ends], ends, strict=False)}


def _of_sorted(seconds: Numbers) -> Times:
    quantity = len(seconds)
    if not quantity:
        return Times()
    total = int(seconds.sum())
    mean = (2 * total + quantity) // (2 * quantity)  # half up, in whole numbers alone
    return Times(quantity, mean, int(seconds[-(-quantity // 2) - 1]), int(seconds[-(-quantity * 9 // 10) - 1]))
