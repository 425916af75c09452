"""Turning measured times into lines that can be compared: median, 95th percentile, ratio, aim."""

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class Times:
    """Durations of one thing, in milliseconds."""

    values: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        """One more duration."""
        self.values.append(seconds * 1000)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """One more duration: that of the block."""
        began = time.perf_counter()
        yield
        self.add(time.perf_counter() - began)

    @property
    def median(self) -> float:
        return statistics.median(self.values) if self.values else float("nan")

    @property
    def p95(self) -> float:
        """The value that 95 in 100 stay within."""
        if not self.values:
            return float("nan")
        return sorted(self.values)[min(len(self.values) - 1, int(len(self.values) * 0.95))]

    def __str__(self) -> str:
        return f"{_short(self.median)} / {_short(self.p95)} ms"


def title(text: str) -> None:
    """Begin a section."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def line(name: str, value: object, note: str = "") -> None:
    """One result."""
    print(f"  {name:<58} {value!s:>20}  {note}".rstrip(), flush=True)


def times_line(name: str, times: Times, *, aim_p95: float = 0, aim_median: float = 0, lost: int = 0) -> None:
    """Median and 95th percentile, beside the aim for one of them."""
    notes = []
    if aim_p95:
        notes.append(_against("p95", times.p95, aim_p95))
    if aim_median:
        notes.append(_against("median", times.median, aim_median))
    if lost:
        notes.append(f"{lost} NEVER CAME")
    line(name, times, ", ".join([*notes, f"n={len(times.values)}"]))


def ratio_line(name: str, ratio: float, note: str = "") -> None:
    """How many times one thing is another."""
    line(name, f"x {ratio:.2f}", note)


def rate_line(name: str, rate: float, aim: float = 0) -> None:
    """So many in a second."""
    met = "" if not aim else f"aim {aim:.0f}/s: {'met' if rate >= aim else 'MISSED'}"
    line(name, f"{rate:.0f}/s", met)


def bytes_line(name: str, count: float, *, aim: float = 0, note: str = "") -> None:
    """So many bytes, in units of 1,000."""
    met = "" if not aim else f"aim {aim / 1000:.0f} KB: {'met' if count <= aim else 'MISSED'}"
    line(name, f"{count / 1000:.1f} KB", ", ".join(part for part in (met, note) if part))


def machine_line() -> None:
    """When and on what: numbers without it mean nothing."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(f"{moment}, {os.cpu_count()} cores, load before the run {load}. Times are median / 95th percentile.")


def rounds_median(values: Sequence[float]) -> float:
    """The median of several rounds."""
    return statistics.median(values)


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.2f}" if milliseconds < 10 else f"{milliseconds:.0f}"


def _against(what: str, value: float, aim: float) -> str:
    return f"aim {what} < {aim:.0f} ms: {'met' if value < aim else 'MISSED'}"
