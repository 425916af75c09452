"""All figures of a range together, of each user, and of each part of the range."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from witei_app.db import Session
from witei_app.reports.amounts import Amounts, Figures, Part, Ratings, Totals, UserFigures, Week
from witei_app.reports.asked import Asked, Filters
from witei_app.reports.days import Found, facts_between, net_before
from witei_app.reports.facts import LAYOUTS, SHORT, Facts, Numbers, Rows
from witei_app.reports.sources import Source
from witei_app.reports.span import midnight
from witei_app.reports.tally import Messages, Taken, column, counted, holders, messages, taken
from witei_app.reports.times import Times, times_by, times_of


async def totals_of(db: Session, asked: Asked) -> Totals:
    """The totals asked for: what a range is compared with needs no more."""
    names = [name for name in LAYOUTS if name != "moved"]
    found = await facts_between(db, asked.place, asked.start, asked.end, names, by_day=True)
    return await asyncio.to_thread(lambda: Totals(**_totals(_counting_of(found, asked))))


async def figures_of(db: Session, asked: Asked, boundaries: Sequence[datetime] = ()) -> Figures:
    """The figures asked for; with `boundaries`, which go from the start of the range to its end, those of its parts."""
    by_day = asked.filters == Filters() and _are_days(boundaries, asked.zone)
    found = await facts_between(db, asked.place, asked.start, asked.end, by_day=by_day)
    before, sources = await net_before(db, asked.place, asked.start) if boundaries else (None, {})
    backlog = 0 if before is None else _backlog(before, asked, sources)
    return await asyncio.to_thread(_figures, found, asked, boundaries, backlog)


def _are_days(boundaries: Sequence[datetime], zone: ZoneInfo) -> bool:
    """Whether each part begins with a day: the first and the last may be cut off."""
    return all(moment == midnight(moment.astimezone(zone).date(), zone) for moment in boundaries[1:-1])


@dataclass(frozen=True)
class _Counting:
    """The facts that are asked for, those of the user asked for alone."""

    opened: Rows
    holder: Numbers
    closed: Taken
    answered: Taken
    rated: Rows
    sent: Messages
    received: Messages
    moved: Rows


def _figures(found: Found, asked: Asked, boundaries: Sequence[datetime], backlog: int) -> Figures:
    counting = _counting_of(found, asked)
    return Figures(
        **_totals(counting),
        users=_by_user(counting),
        sources=_by_source(counting.opened, found.sources),
        responses=counting.answered.seconds,
        week=_week(counting.received.by(counting.received.slot) if found.slots is None else _by_slot(found.slots)),
        parts=_by_part(counting, boundaries, backlog),
    )


def _totals(counting: _Counting) -> dict[str, Any]:
    stars = column(counting.rated, "stars")
    by_user = counted(counting.holder)
    having = [new for user, new in by_user.items() if user]
    return {
        "new": len(counting.opened),
        "closed": len(counting.closed.at),
        "sent": counting.sent.total,
        "received": counting.received.total,
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
        messages(own["messages"], is_out),
        messages(own["messages"], ~is_out),
        own["moved"],
    )


def _of_user(rows: Rows, asked: Asked) -> Rows:
    return rows if asked.user_id is None else rows[rows["user"] == asked.user_id]


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
    rated, sent, received = column(counting.rated, "user"), counting.sent.user, counting.received.user
    keys = _Keys(counting.holder, counting.closed.user, counting.answered.user, rated, sent, received)
    return tuple(UserFigures(**vars(found), user_id=user) for user, found in sorted(_grouped(counting, keys).items()))


def _grouped(counting: _Counting, keys: _Keys) -> dict[int, Amounts]:
    """What belongs to each key that anything belongs to."""
    new = counted(keys.opened)
    closed = times_by(keys.closed, counting.closed.seconds)
    answered = times_by(keys.answered, counting.answered.seconds)
    sent, received = counting.sent.by(keys.sent), counting.received.by(keys.received)
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


def _by_source(opened: Rows, sources: Mapping[Source, int]) -> Counter[Source]:
    quantities = counted(column(opened, "source"))
    return Counter({source: quantities[number] for source, number in sources.items() if number in quantities})


def _by_slot(slots: Rows) -> dict[int, int]:
    return counted(column(slots, "slot"), column(slots, "quantity"))


def _week(by_slot: Mapping[int, int]) -> Week:
    return [[by_slot.get(day * 24 + hour, 0) for hour in range(24)] for day in range(7)]


def _by_part(counting: _Counting, boundaries: Sequence[datetime], backlog: int) -> tuple[Part, ...]:
    if not boundaries:
        return ()
    later = np.array([int(moment.timestamp()) for moment in boundaries[1:-1]], dtype=SHORT)

    def part_of(at: Numbers) -> Numbers:
        return np.searchsorted(later, at, side="right").astype(np.uint16)  # small: six of them are kept at once

    opened, rated = part_of(column(counting.opened, "at")), part_of(column(counting.rated, "at"))
    closed, answered = part_of(counting.closed.at), part_of(counting.answered.at)
    sent, received = part_of(counting.sent.at), part_of(counting.received.at)
    found = _grouped(counting, _Keys(opened, closed, answered, rated, sent, received))
    moved = counted(part_of(column(counting.moved, "at")), column(counting.moved, "change"))
    per_user = _per_user(opened, counting.holder)
    levels = list(accumulate((moved.get(number, 0) for number in range(len(later) + 1)), initial=backlog))[1:]
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
    most = int(holder.max(initial=0)) + 1
    new, users = Counter[int](), Counter[int]()
    for pair, quantity in counted(parts * np.int64(most) + holder).items():
        part, user = divmod(pair, most)
        if user:
            new[part] += quantity
            users[part] += 1
    return {part: new[part] / users[part] for part in new}
