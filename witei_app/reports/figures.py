"""All figures of a range together, of each user, and of each part of the range."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

import numpy as np

from witei_app.db import Session
from witei_app.reports.amounts import Amounts, Figures, Part, Ratings, Totals, UserFigures, Week
from witei_app.reports.asked import Asked
from witei_app.reports.days import Found, facts_between, net_before
from witei_app.reports.facts import LAYOUTS, Facts, Numbers, Rows
from witei_app.reports.sources import Source
from witei_app.reports.tally import Taken, column, counted, holders, taken
from witei_app.reports.times import Times, times_by, times_of

_USER_BITS = 32  # facts keep no more of them


async def totals_of(db: Session, asked: Asked) -> Totals:
    """The totals asked for: what a range is compared with needs no more."""
    names = [name for name in LAYOUTS if name != "moved"]
    found = await facts_between(db, asked.place, asked.start, asked.end, names)
    return await asyncio.to_thread(lambda: Totals(**_totals(_counting_of(found, asked))))


async def figures_of(db: Session, asked: Asked, boundaries: Sequence[datetime] = ()) -> Figures:
    """The figures asked for; with `boundaries`, which go from the start of the range to its end, those of its parts."""
    found = await facts_between(db, asked.place, asked.start, asked.end)
    before, sources = await net_before(db, asked.place, asked.start) if boundaries else (None, {})
    backlog = 0 if before is None else _backlog(before, asked, sources)
    return await asyncio.to_thread(_figures, found, asked, boundaries, backlog)


@dataclass(frozen=True)
class _Counting:
    """The facts that are asked for, those of the user asked for alone."""

    opened: Rows
    holder: Numbers
    closed: Taken
    answered: Taken
    rated: Rows
    sent: Rows
    received: Rows
    moved: Rows


def _figures(found: Found, asked: Asked, boundaries: Sequence[datetime], backlog: int) -> Figures:
    counting = _counting_of(found, asked)
    return Figures(
        **_totals(counting),
        users=_by_user(counting),
        sources=_by_source(counting.opened, found.sources),
        responses=counting.answered.seconds,
        week=_week(counting.received),
        parts=_by_part(counting, boundaries, backlog),
    )


def _totals(counting: _Counting) -> dict[str, Any]:
    stars = column(counting.rated, "stars")
    by_user = counted(counting.holder)
    having = [new for user, new in by_user.items() if user]
    return {
        "new": len(counting.opened),
        "closed": len(counting.closed.at),
        "sent": _sum(counting.sent),
        "received": _sum(counting.received),
        "first_response": times_of(counting.answered.seconds),
        "closing": times_of(counting.closed.seconds),
        "ratings": Ratings(len(stars), int(stars.sum())),
        "per_user": sum(having) / len(having) if having else 0.0,
    }


def _counting_of(found: Found, asked: Asked) -> _Counting:
    return _counting(found.facts.kept(_wanted(found.sources, asked)), asked)


def _wanted(sources: Mapping[Source, int], asked: Asked) -> Numbers | None:
    wanted = [number for source, number in sources.items() if asked.wants(source)]
    return None if len(wanted) == len(sources) else np.array(wanted, dtype=np.int64)


def _backlog(before: Rows, asked: Asked, sources: Mapping[Source, int]) -> int:
    wanted = _wanted(sources, asked)
    rows = before if wanted is None else before[np.isin(before["source"], wanted)]
    return int(_of_user(rows, asked)["change"].sum())


def _counting(facts: Facts, asked: Asked) -> _Counting:
    opened, holder = facts.opened, holders(facts)
    if asked.user_id is not None:
        opened, holder = opened[holder == asked.user_id], holder[holder == asked.user_id]
    own = {name: _of_user(getattr(facts, name), asked) for name in ("closed", "answered", "rated", "messages", "moved")}
    is_out = own["messages"]["is_out"] == 1
    return _Counting(
        opened,
        holder,
        taken(own["closed"], asked.hours),
        taken(own["answered"], asked.hours),
        own["rated"],
        own["messages"][is_out],
        own["messages"][~is_out],
        own["moved"],
    )


def _of_user(rows: Rows, asked: Asked) -> Rows:
    return rows if asked.user_id is None else rows[rows["user"] == asked.user_id]


def _sum(messages: Rows) -> int:
    return int(messages["quantity"].sum(dtype=np.int64))


@dataclass(frozen=True)
class _Keys:
    """To what each of the facts that are counted belongs: a user, or a part of the range."""

    opened: Numbers
    closed: Numbers
    answered: Numbers
    rated: Numbers
    sent: Numbers
    received: Numbers


def _by_user(counting: _Counting) -> tuple[UserFigures, ...]:
    rated, sent, received = (column(rows, "user") for rows in (counting.rated, counting.sent, counting.received))
    keys = _Keys(counting.holder, counting.closed.user, counting.answered.user, rated, sent, received)
    return tuple(UserFigures(**vars(found), user_id=user) for user, found in sorted(_grouped(counting, keys).items()))


def _grouped(counting: _Counting, keys: _Keys) -> dict[int, Amounts]:
    """What belongs to each key that anything belongs to."""
    new = counted(keys.opened)
    closed = times_by(keys.closed, counting.closed.seconds)
    answered = times_by(keys.answered, counting.answered.seconds)
    sent, received = _messages_by(counting.sent, keys.sent), _messages_by(counting.received, keys.received)
    rated, stars = counted(keys.rated), counted(keys.rated, column(counting.rated, "stars"))
    return {
        key: Amounts(
            new.get(key, 0),
            closed.get(key, Times()).quantity,
            sent.get(key, 0),
            received.get(key, 0),
            answered.get(key, Times()),
            closed.get(key, Times()),
            Ratings(rated.get(key, 0), stars.get(key, 0)),
        )
        for key in {*new, *closed, *answered, *sent, *received, *rated}
    }


def _messages_by(rows: Rows, keys: Numbers) -> dict[int, int]:
    return counted(keys, column(rows, "quantity"))


def _by_source(opened: Rows, sources: Mapping[Source, int]) -> Counter[Source]:
    quantities = counted(column(opened, "source"))
    return Counter({source: quantities[number] for source, number in sources.items() if number in quantities})


def _week(received: Rows) -> Week:
    by_slot = _messages_by(received, column(received, "slot"))
    return [[by_slot.get(day * 24 + hour, 0) for hour in range(24)] for day in range(7)]


def _by_part(counting: _Counting, boundaries: Sequence[datetime], backlog: int) -> tuple[Part, ...]:
    if not boundaries:
        return ()
    begins = np.array([int(moment.timestamp()) for moment in boundaries[:-1]], dtype=np.int64)

    def part_of(at: Numbers) -> Numbers:
        return np.searchsorted(begins, at, side="right") - 1

    def of(rows: Rows) -> Numbers:
        return part_of(column(rows, "at"))

    opened, moved = of(counting.opened), counted(of(counting.moved), column(counting.moved, "change"))
    closed, answered = part_of(counting.closed.at), part_of(counting.answered.at)
    found = _grouped(
        counting, _Keys(opened, closed, answered, of(counting.rated), of(counting.sent), of(counting.received))
    )
    per_user = _per_user(opened, counting.holder)
    levels = list(accumulate((moved.get(number, 0) for number in range(len(begins))), initial=backlog))[1:]
    return tuple(
        Part(
            **vars(found.get(number, Amounts())),
            start=start,
            per_user=per_user.get(number, 0.0),
            backlog=levels[number],
        )
        for number, start in enumerate(boundaries[:-1])
    )


def _per_user(parts: Numbers, holder: Numbers) -> dict[int, float]:
    """Of each part in which any user has a new one."""
    parts, holder = parts[holder > 0], holder[holder > 0]
    users = counted(np.unique(parts << _USER_BITS | holder) >> _USER_BITS)  # pairs as one number: faster than as two
    return {part: new / users[part] for part, new in counted(parts).items()}
