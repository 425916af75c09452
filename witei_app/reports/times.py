"""Many durations in three numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from witei_app.reports.facts import Numbers

_SHORT_BITS = 32


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
    bits = int(seconds.max(initial=0)).bit_length()
    # Numbers of 32 bits are sorted in a quarter of the time, and small keys leave room for years of seconds.
    is_short = int(keys.max(initial=0)).bit_length() + bits <= _SHORT_BITS
    ordered: Numbers = keys.astype(np.uint32 if is_short else np.uint64)
    ordered <<= bits
    ordered |= seconds
    ordered.sort()
    return dict(_of_each(ordered, bits))


def _of_each(ordered: Numbers, bits: int) -> Iterator[tuple[int, Times]]:
    begin = 0
    while begin < len(ordered):
        key = int(ordered[begin]) >> bits
        last = ordered.dtype.type((key << bits) + (1 << bits) - 1)  # of its own kind: all would be copied into another
        end = int(np.searchsorted(ordered, last, side="right"))
        yield key, _of_sorted(ordered[begin:end] & ((1 << bits) - 1))
        begin = end


def _of_sorted(seconds: Numbers) -> Times:
    quantity = len(seconds)
    if not quantity:
        return Times()
    total = int(seconds.sum(dtype=np.int64))
    mean = (2 * total + quantity) // (2 * quantity)  # half up, in whole numbers alone
    return Times(quantity, mean, int(seconds[-(-quantity // 2) - 1]), int(seconds[-(-quantity * 9 // 10) - 1]))
