"""Packed days: they say what the log says, whatever comes late, and whoever packs them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, select, update

from tests.cast import Cast, act, all_of, counted_queries, open_conversation, write_in
from tests.reports.histories import BEGINNINGS, ZONES, Player, Step, steps
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import archive
from witei_app.conversations.reply import send_reply
from witei_app.conversations.start import start_conversation
from witei_app.db import reading, transaction
from witei_app.models import Channel, Contact, ConversationEvent, ReportDay, ReportLate, Workspace
from witei_app.reports.amounts import Figures
from witei_app.reports.asked import Asked, Filters
from witei_app.reports.days import Place
from witei_app.reports.figures import figures_of
from witei_app.reports.packing import pack, pack_all, pack_some, wrong_pages
from witei_app.reports.span import Span, parts, zone_of

LAST = 12


async def long_ago(cast: Cast, by: timedelta = timedelta(days=5)) -> None:
    """What happened so far, some time earlier."""
    async with transaction() as db:
        for event in (await db.exec(select(ConversationEvent))).all():
            event.at -= by
            event.opened_at -= by


async def some_work(cast: Cast) -> int:
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, send_reply, "<p>Yes</p>")
    await act(cast.ana, opened, archive)
    return opened


async def figures(cast: Cast) -> Figures:
    zone = zone_of("Europe/Madrid")
    today = now().astimezone(zone).date()
    span = Span(today - timedelta(days=LAST), today, zone)
    async with reading() as db:
        return await figures_of(db, Asked(cast.sol, span.start, span.end, zone=zone), parts(span))


def told(found: Figures) -> tuple[object, ...]:
    parts_told = [(part.new, part.closed, part.sent, part.backlog) for part in found.parts]
    return found.new, found.closed, found.sent, found.received, found.users, found.week, parts_told


async def test_packing_changes_no_figure(cast: Cast) -> None:
    await some_work(cast)
    await open_conversation(cast.marco)
    await long_ago(cast)
    await some_work(cast)
    before = await figures(cast)
    assert await pack_all() >= 5
    assert told(await figures(cast)) == told(before)
    assert await wrong_pages() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=steps,
    begin=st.sampled_from(BEGINNINGS),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    pages=st.dictionaries(st.integers(-1, 9), st.none() | st.integers(1, 24)),
    first=st.integers(0, 5 * 1_440),
    minutes=st.integers(1, 5 * 1_440),
    filters=st.sampled_from([Filters(), Filters(channel=Channel.EMAIL)]),
)
async def test_any_minutes_are_the_logs_whatever_is_packed(
    lite_cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    history: list[Step],
    begin: datetime,
    zone: ZoneInfo,
    pages: dict[int, int | None],
    first: int,
    minutes: int,
    filters: Filters,
) -> None:
    """With filters, pages are read by the hour; without, the pages that are wholly in the range by the day."""
    start = begin + timedelta(minutes=first)
    end = start + timedelta(minutes=minutes)
    asked = Asked(lite_cast.sol, start, end, filters, zone)
    async with transaction() as db:
        contact = await db.get_one(Contact, lite_cast.marco.id)
        await Player(db, [lite_cast.ana, lite_cast.luis], contact, begin).play(history, monkeypatch)
        await db.exec(delete(ReportLate))
        plain = await figures_of(db, asked, (start, end))
        for number, hours in pages.items():
            day = begin.astimezone(zone).date() + timedelta(days=number)
            await pack(db, Place(lite_cast.sol, zone), day, hours)
        assert told(await figures_of(db, asked, (start, end))) == told(plain)
        await db.rollback()
        db.info.clear()


async def test_what_comes_late_counts_at_once_and_is_packed_again(cast: Cast) -> None:
    await some_work(cast)
    await long_ago(cast)
    await pack_all()
    async with transaction() as db:
        at = now() - timedelta(days=5, hours=1)
        await start_conversation(db, Actor.system(cast.sol), cast.marco, Channel.EMAIL, at=at)
    late = await figures(cast)
    assert late.new == 2
    while await pack_some():
        pass
    assert await all_of(ReportLate) == []
    assert told(await figures(cast)) == told(late)
    assert await wrong_pages() == []


async def test_other_clocks_have_other_days(cast: Cast) -> None:
    await some_work(cast)
    await long_ago(cast)
    await pack_all()
    async with transaction() as db:
        await db.exec(update(Workspace).values(time_zone="America/Havana"))
    while await pack_some():
        pass
    assert {page.zone for page in await all_of_days()} == {"America/Havana"}
    assert await wrong_pages() == []


async def test_a_page_that_says_something_else_is_found(cast: Cast) -> None:
    await some_work(cast)
    await long_ago(cast)
    await pack_all()
    async with transaction() as db:
        await db.exec(update(ReportDay).where(col(ReportDay.opened) != b"").values(opened=b""))
    [wrong] = await wrong_pages()
    assert wrong.startswith(f"{cast.sol} ")


async def test_hours_that_are_over_are_packed_before_the_day_is(cast: Cast) -> None:
    opened = await some_work(cast)
    await long_ago(cast, timedelta(hours=3))
    await pack_all()
    assert not await pack_some(), "the page is made again when another hour is over"
    await write_in(opened)
    before = await figures(cast)
    assert (before.new, before.received) == (1, 2)
    async with transaction() as db:
        await db.exec(update(ReportDay).values(opened=b""))
    assert (await figures(cast)).new == 0


async def test_this_hour_is_read_from_the_log(cast: Cast) -> None:
    opened = await some_work(cast)
    await pack_all()
    before = await figures(cast)
    await write_in(opened)
    assert (await figures(cast)).received == before.received + 1


async def test_a_year_costs_as_many_queries_as_a_week(cast: Cast) -> None:
    await some_work(cast)
    await long_ago(cast)
    await pack_all()
    with counted_queries() as queries:
        await figures(cast)
    assert len(queries) <= 12


async def all_of_days() -> list[ReportDay]:
    async with reading() as db:
        return list((await db.exec(select(ReportDay))).all())
