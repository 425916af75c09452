"""The figures again, written apart and naively: plain Python over all events, from what happened alone."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from witei_app.accounts.office_hours import Hours, is_open
from witei_app.models import ConversationEvent


@dataclass
class Known:
    """One conversation, as far as it has been told."""

    opened_at: datetime
    channel: str
    origin: str
    holder: int = 0
    is_open: bool = True
    is_deleted: bool = False
    was_written: bool = False
    was_answered: bool = False


@dataclass
class Told:
    """Figures by user; times are plain lists of seconds."""

    new: Counter[int] = field(default_factory=Counter)
    sources: Counter[tuple[str, str]] = field(default_factory=Counter)
    sent: Counter[int] = field(default_factory=Counter)
    received: Counter[int] = field(default_factory=Counter)
    closing: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    first_response: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    stars: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    new_on: Counter[date] = field(default_factory=Counter)
    closed_on: Counter[date] = field(default_factory=Counter)
    sent_on: Counter[date] = field(default_factory=Counter)
    received_on: Counter[date] = field(default_factory=Counter)
    backlog_on: dict[date, int] = field(default_factory=dict)
    week: list[list[int]] = field(default_factory=lambda: [[0] * 24 for _ in range(7)])


def tell(
    events: list[ConversationEvent],
    zone: ZoneInfo,
    days: list[date],
    user_id: int | None = None,
    channel: str = "",
    origin: str | None = None,
    hours: Hours | None = None,
) -> Told:
    """The figures of those days as the clocks of the zone said them; of times, only what was in these hours."""
    told, known = Told(), dict[int, Known]()
    counted = set[int]()
    for event in events:
        day = event.at.astimezone(zone).date()
        if day > days[-1]:
            break
        if event.kind == "opened":
            known[event.conversation_id] = Known(event.at, event.channel, event.origin)
        conversation = known[event.conversation_id]
        if (channel and conversation.channel != channel) or origin not in (None, conversation.origin):
            continue
        happens = day in days
        if happens and event.kind == "opened":
            counted.add(event.conversation_id)
        _apply(told, conversation, event, day if happens else None, user_id, hours, zone)
        if day <= days[-1]:
            told.backlog_on[day] = _backlog(known, user_id, channel, origin)
    for number in counted:
        one = known[number]
        if user_id in (None, one.holder):
            told.new[one.holder] += 1
            told.sources[one.channel, one.origin] += 1
            told.new_on[one.opened_at.astimezone(zone).date()] += 1
    return told


def _apply(
    told: Told,
    one: Known,
    event: ConversationEvent,
    day: date | None,
    user_id: int | None,
    hours: Hours | None,
    zone: ZoneInfo,
) -> None:
    author = event.user_id or 0
    seconds = math.floor((event.at - one.opened_at).total_seconds())
    if day and hours and event.kind in ("archived", "message_out"):
        seconds = in_office(hours, event.at, seconds)
    if event.kind == "opened":
        one.holder = event.data["assignee_id"] or 0
    elif event.kind == "assigned":
        one.holder = event.data["after"] or 0
    elif event.kind == "message_in":
        one.was_written = True
        if day and not event.is_automatic and user_id in (None, one.holder):
            told.received[one.holder] += 1
            told.received_on[day] += 1
            told.week[event.at.astimezone(zone).weekday()][event.at.astimezone(zone).hour] += 1
    elif event.kind == "message_out" and not event.is_automatic:
        is_first = one.was_written and not one.was_answered
        one.was_answered = True
        if day and user_id in (None, author):
            told.sent[author] += 1
            told.sent_on[day] += 1
            if is_first:
                told.first_response[author].append(seconds)
    elif event.kind == "archived":
        one.is_open = False
        if day and user_id in (None, one.holder):
            told.closing[one.holder].append(seconds)
            told.closed_on[day] += 1
    elif event.kind == "reopened":
        one.is_open = True
    elif event.kind == "rated":
        if day and user_id in (None, one.holder):
            told.stars[one.holder].append(event.stars or 0)
    elif event.kind in ("deleted", "restored"):
        one.is_deleted = event.kind == "deleted"


def _backlog(known: dict[int, Known], user_id: int | None, channel: str, origin: str | None) -> int:
    return sum(
        one.is_open
        and not one.is_deleted
        and user_id in (None, one.holder)
        and channel in ("", one.channel)
        and origin in (None, one.origin)
        for one in known.values()
    )


def in_office(hours: Hours, at: datetime, seconds: int) -> int:
    """How many of the last seconds before `at` somebody was there, a quarter of an hour at a time.

    Neither hours nor clocks change within one, as long as the hours are on quarters.
    """
    end = int(at.timestamp())
    clock, found = end - seconds, 0
    while clock < end:
        until = min(end, (clock // 900 + 1) * 900)
        found += (until - clock) * is_open(hours, datetime.fromtimestamp(clock, UTC))
        clock = until
    return found


def summary(times: list[int]) -> tuple[int, int | None, int | None, int | None]:
    """Quantity, mean, median and 90 %: the naive way."""
    if not times:
        return 0, None, None, None
    ordered = sorted(times)
    mean = math.floor(Fraction(sum(times), len(times)) + Fraction(1, 2))

    def within(share: Fraction) -> int:
        return ordered[math.ceil(share * len(ordered)) - 1]

    return len(times), mean, within(Fraction(1, 2)), within(Fraction(9, 10))
