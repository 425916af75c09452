"""Median, mean and 90 % of many durations at once, however large the numbers are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.reference import summary
from witei_app.reports.facts import SHORT
from witei_app.reports.times import Times, times_by, times_of

MOST = 2**32 - 1  # what a fact holds
numbers = st.integers(0, 9) | st.integers(0, 90 * 86_400) | st.sampled_from([MOST - 1, MOST])
durations = st.lists(st.tuples(st.integers(0, 3) | numbers, numbers), max_size=40)


def as_summary(times: Times) -> tuple[int, int | None, int | None, int | None]:
    return times.quantity, times.mean, times.median, times.p90


@given(durations)
def test_each_keys_times_are_those_that_plain_counting_finds(told: list[tuple[int, int]]) -> None:
    keys, seconds = np.array(told, dtype=np.int64).reshape(-1, 2).T.astype(SHORT)
    found = times_by(keys, seconds)
    assert {key: as_summary(times) for key, times in found.items()} == {
        key: summary([took for whose, took in told if whose == key]) for key, _ in told
    }
    assert as_summary(times_of(seconds)) == summary([took for _, took in told])
