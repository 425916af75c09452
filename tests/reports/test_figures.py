"""Every figure agrees with a reference that knows nothing of the queries, on random histories."""

from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from tests.cast import Cast
from tests.reports.histories import BEGINNINGS, ZONES, Player, Step, steps
from tests.reports.reference import summary, tell
from witei_app.db import Session, transaction
from witei_app.models import Contact, ConversationEvent
from witei_app.reports.asked import Asked
from witei_app.reports.course import course
from witei_app.reports.figures import Figures, figures_of
from witei_app.reports.span import Span, parts
from witei_app.reports.times import Times

stories = {
    "history": steps,
    "begin": st.sampled_from(BEGINNINGS),
    "zone": st.sampled_from(ZONES).map(ZoneInfo),
    "skip": st.integers(-1, 6),
    "length": st.integers(1, 12),
    "whose": st.integers(-1, 3),
    "channel": st.sampled_from(["", "", "email", "web_chat"]),
}
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
    zone: ZoneInfo,
    skip: int,
    length: int,
    whose: int,
    channel: str,
):
    await check(lite_cast, monkeypatch, history, begin, zone, skip, length, whose, channel)


@settings(max_examples=8, **usual)  # type: ignore[arg-type]
@given(**stories)
async def test_on_both_databases(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    history: list[Step],
    begin: datetime,
    zone: ZoneInfo,
    skip: int,
    length: int,
    whose: int,
    channel: str,
):
    await check(cast, monkeypatch, history, begin, zone, skip, length, whose, channel)


async def check(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    history: list[Step],
    begin: datetime,
    zone: ZoneInfo,
    skip: int,
    length: int,
    whose: int,
    channel: str,
) -> None:
    """Play the history, ask for some days of it, compare, and leave nothing behind."""
    users = [cast.ana, cast.luis, cast.eva]
    user_id = None if whose < 0 else (*[user.user_id for user in users], 0)[whose]
    first = begin.astimezone(zone).date() + timedelta(days=skip)
    span = Span(first, first + timedelta(days=length - 1), zone)
    async with transaction() as db:
        contact = await db.get_one(Contact, cast.marco.id)
        await Player(db, users, contact, begin).play(history, monkeypatch)
        await db.flush()
        events = list((await db.exec(select(ConversationEvent).order_by(col(ConversationEvent.id)))).all())
        asked = Asked(cast.sol, span.start, span.end, user_id, channel)
        days = [first + timedelta(days=number) for number in range(length)]
        await compare(db, asked, span, events, days)
        await db.rollback()
        db.info.clear()


async def compare(db: Session, asked: Asked, span: Span, events: list[ConversationEvent], days: list[date]) -> None:
    """All figures, each user's, and the course by day or hour."""
    told = tell(events, span.zone, days, asked.user_id, asked.channel)
    found = await figures_of(db, asked)
    assert found.new == told.new.total()
    assert found.sent == told.sent.total()
    assert found.received == told.received.total()
    assert found.sources == told.sources
    assert as_summary(found.closing) == summary([*chain(*told.closing.values())])
    assert found.closed == found.closing.quantity
    given = [*chain(*told.stars.values())]
    assert (found.ratings.quantity, found.ratings.stars) == (len(given), sum(given))
    assert as_summary(found.first_response) == summary([*chain(*told.first_response.values())])
    assert sum(user.new for user in found.users) == found.new
    for user in found.users:
        assert user.new == told.new[user.user_id]
        assert (user.sent, user.received) == (told.sent[user.user_id], told.received[user.user_id])
        assert as_summary(user.closing) == summary(told.closing[user.user_id])
        assert user.ratings.stars == sum(told.stars[user.user_id])
        assert as_summary(user.first_response) == summary(told.first_response[user.user_id])
    await compare_course(db, asked, span, found, told, days)


async def compare_course(db: Session, asked: Asked, span: Span, found: Figures, told, days: list[date]) -> None:
    """The same by day; hours must add up to their days."""
    drawn = await course(db, asked, parts(span))
    assert sum(part.new for part in drawn) == found.new
    for day in days:
        of_day = [part for part in drawn if part.start.astimezone(span.zone).date() == day]
        assert sum(part.new for part in of_day) == told.new_on[day]
        assert sum(part.closed for part in of_day) == told.closed_on[day]
        earlier = [known for known in told.backlog_on if known <= day]
        assert of_day[-1].backlog == (told.backlog_on[max(earlier)] if earlier else 0)


def as_summary(times: Times) -> tuple[int, int | None, int | None, int | None]:
    return times.quantity, times.mean, times.median, times.p90
