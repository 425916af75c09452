"""Every figure agrees with a reference that knows nothing of the queries, on random histories."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, select

from tests.cast import Cast
from tests.reports.histories import BEGINNINGS, ZONES, Player, Step, steps
from tests.reports.reference import Told, summary, tell
from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import Hours
from witei_app.db import Session, transaction
from witei_app.models import Contact, ConversationEvent, Reach, ReportLate
from witei_app.reports.amounts import Figures
from witei_app.reports.asked import Asked, Filters
from witei_app.reports.behind import Narrowing, evidence
from witei_app.reports.days import Place
from witei_app.reports.figures import figures_of
from witei_app.reports.packing import pack
from witei_app.reports.span import Span, parts
from witei_app.reports.times import Times

quarters = st.lists(st.integers(0, 24 * 4), unique=True, max_size=6).map(sorted)
days_of_office = quarters.map(
    lambda found: tuple((_clock(begin), _clock(end)) for begin, end in zip(found[::2], found[1::2], strict=False))
)
offices = st.builds(
    Hours,
    st.just(True),
    st.tuples(*[days_of_office] * 7),
    st.sets(st.sampled_from(["03-28", "03-29", "10-26", "2026-10-25", "01-01", "2026-03-08"])).map(frozenset),
)


def _clock(quarter: int) -> time:
    return time(quarter // 4, quarter % 4 * 15) if quarter < 24 * 4 else time.max  # 24:00


@dataclass(frozen=True)
class Question:
    """Which days of a history are asked for, how they are narrowed, and which have been packed, some hours or all."""

    zone: ZoneInfo
    skip: int
    length: int
    whose: int
    channel: str
    origin: str | None
    hours: Hours | None
    pages: dict[int, int | None]


questions = st.builds(
    Question,
    st.sampled_from(ZONES).map(ZoneInfo),
    st.integers(-1, 6),
    st.integers(1, 12),
    st.integers(-1, 3),
    st.sampled_from(["", "", "email", "web_chat"]),
    st.sampled_from([None, None, None, "E-mail", "Portal"]),
    st.none() | offices,
    st.dictionaries(st.integers(-3, 14), st.none() | st.integers(1, 24)),
)
stories = {"history": steps, "begin": st.sampled_from(BEGINNINGS), "question": questions}
usual = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    "phases": [Phase.explicit, Phase.generate],
}


@settings(max_examples=200, **usual)  # type: ignore[arg-type]
@given(**stories)
async def test_every_figure_is_what_the_events_say(
    lite_cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    history: list[Step],
    begin: datetime,
    question: Question,
):
    await check(lite_cast, monkeypatch, history, begin, question)


@settings(max_examples=8, **usual)  # type: ignore[arg-type]
@given(**stories)
async def test_on_both_databases(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    history: list[Step],
    begin: datetime,
    question: Question,
):
    await check(cast, monkeypatch, history, begin, question)


async def check(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    history: list[Step],
    begin: datetime,
    question: Question,
) -> None:
    """Play the history, ask for some days of it, compare, and leave nothing behind."""
    users = [cast.ana, cast.luis, cast.eva]
    user_id = None if question.whose < 0 else (*[user.user_id for user in users], 0)[question.whose]
    zone = question.zone
    hours = replace(question.hours, zone=zone) if question.hours else None
    first = begin.astimezone(zone).date() + timedelta(days=question.skip)
    span = Span(first, first + timedelta(days=question.length - 1), zone)
    async with transaction() as db:
        contact = await db.get_one(Contact, cast.marco.id)
        await Player(db, users, contact, begin).play(history, monkeypatch)
        await db.exec(delete(ReportLate))
        await db.flush()
        for number, hours_packed in question.pages.items():
            day = begin.astimezone(zone).date() + timedelta(days=number)
            await pack(db, Place(cast.sol, zone), day, hours_packed)
        events = list((await db.exec(select(ConversationEvent).order_by(col(ConversationEvent.id)))).all())
        only = Filters(user_id, question.channel, None, question.origin)
        asked = Asked(cast.sol, span.start, span.end, only, zone, hours)
        days = [first + timedelta(days=number) for number in range(question.length)]
        told = tell(events, zone, days, user_id, question.channel, question.origin, hours)
        found = await figures_of(db, asked, parts(span))
        compare(found, told, span, days)
        await compare_behind(db, cast.ana, asked, found)
        await db.rollback()
        db.info.clear()


def compare(found: Figures, told: Told, span: Span, days: list[date]) -> None:
    """All figures, each user's, and those by day or hour."""
    assert found.new == told.new.total()
    assert found.sent == told.sent.total()
    assert found.received == told.received.total()
    assert {(one.channel, one.origin): quantity for one, quantity in found.sources.items()} == told.sources
    assert as_summary(found.closing) == summary([*chain(*told.closing.values())])
    assert found.closed == found.closing.quantity
    given = [*chain(*told.stars.values())]
    assert (found.ratings.quantity, found.ratings.stars) == (len(given), sum(given))
    assert as_summary(found.first_response) == summary([*chain(*told.first_response.values())])
    assert sum(map(sum, found.week)) == found.received
    assert found.week == told.week
    assert sum(user.new for user in found.users) == found.new
    for user in found.users:
        assert user.new == told.new[user.user_id]
        assert (user.sent, user.received) == (told.sent[user.user_id], told.received[user.user_id])
        assert as_summary(user.closing) == summary(told.closing[user.user_id])
        assert user.ratings.stars == sum(told.stars[user.user_id])
        assert as_summary(user.first_response) == summary(told.first_response[user.user_id])
    compare_parts(found, told, span, days)


def compare_parts(found: Figures, told: Told, span: Span, days: list[date]) -> None:
    """The same by day; hours must add up to their days."""
    assert sum(part.new for part in found.parts) == found.new
    for day in days:
        of_day = [part for part in found.parts if part.start.astimezone(span.zone).date() == day]
        assert sum(part.new for part in of_day) == told.new_on[day]
        assert sum(part.closed for part in of_day) == told.closed_on[day]
        assert sum(part.sent for part in of_day) == told.sent_on[day]
        assert sum(part.received for part in of_day) == told.received_on[day]
        earlier = [known for known in told.backlog_on if known <= day]
        assert of_day[-1].backlog == (told.backlog_on[max(earlier)] if earlier else 0)


async def compare_behind(db: Session, actor: Actor, asked: Asked, found: Figures) -> None:
    """What is behind each number is exactly as much as the number, also of what was open half-way and at the end."""
    knows_all = replace(actor, levels=replace(actor.levels, report_scope=Reach.ALL.value))
    numbers = {"new": found.new, "closed": found.closed, "sent": found.sent, "received": found.received}
    numbers |= {"first_response": found.first_response.quantity, "rated": found.ratings.quantity}
    numbers["per_user"] = sum(user.new for user in found.users if user.user_id)
    behind = {name: await evidence(db, knows_all, asked, name, most=None) for name in numbers}
    assert {name: len(entries) for name, entries in behind.items()} == numbers
    for name in ("new", "closed", "sent", "received"):
        whose = {user.user_id: getattr(user, name) for user in found.users if getattr(user, name)}
        assert Counter(one.user_id for one in behind[name]) == whose
    ends = [*(one.start for one in found.parts[1:]), asked.end]
    for part, end in [(found.parts[number], ends[number]) for number in {len(ends) // 2, len(ends) - 1}]:
        until = Narrowing(until=int(end.timestamp()))
        opened = await evidence(db, knows_all, asked, "open", until, most=None)
        assert len({one.conversation_id for one in opened}) == len(opened) == part.backlog


def as_summary(times: Times) -> tuple[int, int | None, int | None, int | None]:
    return times.quantity, times.mean, times.median, times.p90
