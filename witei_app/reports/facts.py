"""What the log says of some time, as columns of numbers: a year of a busy agency is a few megabytes of them.

A day's facts are packed into a page (`reports.days`) and unpacked side by side: no figure is stored, only what
happened, so every figure stays exact whatever is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from witei_app.models import EventKind
from witei_app.reports.log_lines import Lines
from witei_app.reports.sources import Source

Rows = NDArray[np.void]
Numbers = NDArray[np.integer[Any]]
SHORT = np.uint32  # most columns of facts are of this kind
HOUR = 3_600

_SOURCED = [("user", "<u4"), ("source", "<u4")]
# `at` is seconds since 1970. Messages and movements are added up for each hour since the day's beginning; `slot` is the
# hour of the week on the clocks, Monday 0:00 is 0. `user` 0 is nobody.
LAYOUTS: dict[str, np.dtype[Any]] = {
    "opened": np.dtype([("at", "<u4"), ("conversation", "<u8"), *_SOURCED]),
    "assigned": np.dtype([("at", "<u4"), ("conversation", "<u8"), *_SOURCED]),
    "closed": np.dtype([("at", "<u4"), ("seconds", "<u4"), *_SOURCED]),
    "answered": np.dtype([("at", "<u4"), ("seconds", "<u4"), *_SOURCED]),
    "rated": np.dtype([("at", "<u4"), ("stars", "u1"), *_SOURCED]),
    "messages": np.dtype([("at", "<u4"), ("slot", "u1"), ("is_out", "u1"), *_SOURCED, ("quantity", "<u4")]),
    "moved": np.dtype([("at", "<u4"), *_SOURCED, ("change", "<i4")]),
}
# A range of whole days needs less of a day: its messages and movements added up for all of it, in the same layouts and
# at its beginning, and how many messages came in by the hour of the week. Where there are many, that is a tenth.
OF_DAY = {"messages": "daily", "moved": "net"}
SLOTS = np.dtype([("slot", "u1"), ("quantity", "<u4")])
KINDS = (
    *(EventKind.OPENED, EventKind.ASSIGNED, EventKind.ARCHIVED, EventKind.REOPENED, EventKind.DELETED),
    *(EventKind.RESTORED, EventKind.RATED, EventKind.MESSAGE_IN, EventKind.MESSAGE_OUT),
)
_CODE = {kind.value: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Facts:
    """Each in the order in which it was written down; see LAYOUTS."""

    opened: Rows
    assigned: Rows
    closed: Rows
    answered: Rows
    rated: Rows
    messages: Rows
    moved: Rows

    def kept(self, sources: Numbers | None) -> "Facts":
        """Only those of these sources; all when None."""
        if sources is None:
            return self
        return replace(self, **{name: rows[np.isin(rows["source"], sources)] for name, rows in self.named()})

    def named(self) -> Iterable[tuple[str, Rows]]:
        return ((name, getattr(self, name)) for name in LAYOUTS)


assert [one.name for one in fields(Facts)] == [*LAYOUTS]


def packed(facts: Facts) -> dict[str, bytes]:
    """The bytes of each column of facts. Those of several times, after one another, are those of all of them."""
    return {name: rows.tobytes() for name, rows in facts.named()}


def unpacked(columns: dict[str, bytes]) -> Facts:
    """What `packed` made; columns that are not there are empty."""
    return Facts(*(np.frombuffer(columns.get(name, b""), dtype=layout) for name, layout in LAYOUTS.items()))


def facts_of(lines: Lines, sources: Mapping[Source, int], starts: Sequence[datetime], zone: ZoneInfo) -> Facts:
    """The facts of the log's lines, with the numbers of their sources; `starts` are the beginnings of their days."""
    kinds = np.array([_CODE[kind] for kind in lines.kinds], dtype=np.int64)
    table = np.column_stack([lines.numbers, np.array([sources[one] for one in lines.sources], dtype=np.int64)])

    def of(*wanted: EventKind) -> Numbers:
        return table[np.isin(kinds, [_CODE[kind] for kind in wanted])]

    opened, assigned = of(EventKind.OPENED), of(EventKind.ASSIGNED)
    closed, rated, out = of(EventKind.ARCHIVED), of(EventKind.RATED), of(EventKind.MESSAGE_OUT)
    answered = out[out[:, _SECONDS] >= 0]
    hours = _Hours(starts, zone)
    return Facts(
        _rows("opened", opened[:, [_AT, _CONVERSATION, _ASSIGNEE, _SOURCE]]),
        _rows("assigned", assigned[:, [_AT, _CONVERSATION, _ASSIGNEE, _SOURCE]]),
        _rows("closed", closed[:, [_AT, _SECONDS, _ASSIGNEE, _SOURCE]]),
        _rows("answered", answered[:, [_AT, _SECONDS, _USER, _SOURCE]]),
        _rows("rated", rated[:, [_AT, _STARS, _ASSIGNEE, _SOURCE]]),
        _messages(of(EventKind.MESSAGE_IN), out, hours),
        _moved(table, kinds, hours),
    )


def packed_of_day(facts: Facts, start: datetime) -> dict[str, bytes]:
    """What a range of whole days needs of the day that began at `start`; these are its facts."""
    at = int(start.timestamp())
    return {
        "net": _net(facts.moved, at).tobytes(),
        "daily": _daily(facts.messages, at).tobytes(),
        "slots": slots_of(facts.messages).tobytes(),
    }


def slots_of(messages: Rows) -> Rows:
    """How many of them came in, by the hour of the week."""
    received = messages[messages["is_out"] == 0]
    return _filled(SLOTS, _added_up(received["slot"][:, np.newaxis].astype(np.int64), received["quantity"]))


def _net(moved: Rows, at: int) -> Rows:
    summed = _added_up(_keys(moved, at, "user", "source"), moved["change"])
    return _filled(LAYOUTS["moved"], summed[summed[:, -1] != 0])


def _daily(messages: Rows, at: int) -> Rows:
    keys = _keys(messages, at, "is_out", "user", "source")
    at_slot = np.insert(keys, 1, 0, axis=1)
    return _filled(LAYOUTS["messages"], _added_up(at_slot, messages["quantity"]))


def _keys(rows: Rows, at: int, *names: str) -> Numbers:
    """The moment, and these columns of the rows, side by side."""
    return np.stack([np.full(len(rows), at), *(rows[name] for name in names)], axis=1).astype(np.int64)


_AT, _CONVERSATION, _USER, _ASSIGNEE, _PREVIOUS, _SECONDS, _STARS, _BACKLOG, _SOURCE = range(9)


class _Hours:
    """The hours of some days: where each begins, and which hour of the week it is on the clocks."""

    def __init__(self, starts: Sequence[datetime], zone: ZoneInfo) -> None:
        self._starts = np.array([int(start.timestamp()) for start in starts], dtype=np.int64)
        self._zone = zone
        self._slots: dict[int, int] = {}

    def beginning(self, at: Numbers) -> Numbers:
        """Of the hour, counted from the day's own beginning, that the moment is in."""
        start = self._starts[np.searchsorted(self._starts, at, side="right") - 1]
        return start + (at - start) // HOUR * HOUR

    def slot(self, at: Numbers) -> Numbers:
        """The hour of the week. Zones differ from UTC by whole quarters of an hour, so that each is asked for once."""
        quarters, where = np.unique(at // 900, return_inverse=True)
        return np.array([self._slot(int(quarter)) for quarter in quarters], dtype=np.int64)[where]

    def _slot(self, quarter: int) -> int:
        here = datetime.fromtimestamp(quarter * 900, self._zone)
        return here.weekday() * 24 + here.hour


def _messages(received: Numbers, sent: Numbers, hours: _Hours) -> Rows:
    both = np.concatenate([received, sent])
    is_out = np.arange(len(both)) >= len(received)
    whose = np.where(is_out, both[:, _USER], both[:, _ASSIGNEE])
    keys = [hours.beginning(both[:, _AT]), hours.slot(both[:, _AT]), is_out, whose, both[:, _SOURCE]]
    return _rows("messages", _added_up(np.stack(keys, axis=1).astype(np.int64), np.ones(len(both), dtype=np.int64)))


def _moved(table: Numbers, kinds: Numbers, hours: _Hours) -> Rows:
    """An assignment takes from the previous user as much as it gives."""
    is_change, is_assigned = table[:, _BACKLOG] != 0, kinds == _CODE[EventKind.ASSIGNED]
    given, taken = table[is_change], table[is_change & is_assigned]
    both = np.concatenate([given, taken])
    whose = np.concatenate([given[:, _ASSIGNEE], taken[:, _PREVIOUS]])
    amounts = np.concatenate([given[:, _BACKLOG], -taken[:, _BACKLOG]])
    keys = np.stack([hours.beginning(both[:, _AT]), whose, both[:, _SOURCE]], axis=1)
    summed = _added_up(keys, amounts)
    return _rows("moved", summed[summed[:, -1] != 0])


def _added_up(keys: Numbers, amounts: NDArray[Any]) -> Numbers:
    """The amounts by their different keys, in the order of the keys: one row each, the sum last."""
    if not len(keys):
        return np.zeros((0, keys.shape[1] + 1), dtype=np.int64)
    order = np.lexsort(keys.T[::-1])
    ordered = keys[order]
    is_first = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    sums = np.add.reduceat(amounts[order].astype(np.int64), np.flatnonzero(is_first))
    return np.column_stack([ordered[is_first], sums])


def _rows(name: str, columns: Numbers) -> Rows:
    return _filled(LAYOUTS[name], columns)


def _filled(layout: np.dtype[Any], columns: Numbers) -> Rows:
    rows = np.zeros(len(columns), dtype=layout)
    for number, name in enumerate(layout.names or ()):
        rows[name] = columns[:, number]
    return rows
