"""The Conversation report: a year of all users and the last 7 days, how both grow, and the memory that a file takes."""

import asyncio
import resource
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import select

from bench.figures import Times, line, ratio_line, times_line, title
from bench.places import BIG, LARGE, PEERS, SMALL, postgres, seeded
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import reading
from witei_app.memory import settle
from witei_app.models import User
from witei_app.reports.asked import ask
from witei_app.reports.export import conversation_lines
from witei_app.reports.packing import pack_all
from witei_app.reports.page import report_of
from witei_app.reports.wanted import Wanted
from witei_app.seed.staff import ADMIN

REPEATS = 20
MADRID = ZoneInfo("Europe/Madrid")
OFTEN = 20_000  # the file's growth of memory is looked at from this row on


@dataclass
class Result:
    """What one size on one database gave; CPU time beside the clock, for others use the machine too."""

    year: Times = field(default_factory=Times)
    year_cpu: Times = field(default_factory=Times)
    week: Times = field(default_factory=Times)


def run(folder: Path, *, is_full: bool) -> None:
    """The whole section: SQLite, then PostgreSQL."""
    sizes = (LARGE, BIG) if is_full else (SMALL, PEERS)
    with ExitStack() as stack:
        server = stack.enter_context(postgres(folder))
        for kind in ("SQLite", "PostgreSQL"):
            results = []
            for size in sizes:
                place, url = seeded(kind, size, folder, server)
                title(f"{kind}, {size}")
                results.append(asyncio.run(_measure(url or f"sqlite:///{place}/data/conversations.db")))
            growth = results[-1].year_cpu.median / results[0].year_cpu.median
            ratio_line(f"{kind}: a year, CPU time, growth", growth, "aim x 2" if is_full else "")


async def _measure(url: str) -> Result:
    database.connect(_with_driver(url))
    settle()  # as the app does
    try:
        began = time.perf_counter()
        days = await pack_all()
        line("packing the log's days", f"{days} in {time.perf_counter() - began:.0f} s")
        result = await _figures()
        times_line("a year with the year before, all figures", result.year, aim_median=400)
        times_line("the same, CPU time", result.year_cpu)
        times_line("last 7 days with those before", result.week, aim_median=100)
        await _file()
    finally:
        await database.dispose()
    return result


def _with_driver(url: str) -> str:
    return url.replace("sqlite:", "sqlite+aiosqlite:").replace("postgresql:", "postgresql+psycopg:")


async def _figures() -> Result:
    result, today = Result(), now().astimezone(MADRID).date()
    year = Wanted("dates", today - timedelta(days=364), today)
    for _ in range(REPEATS):
        cpu = time.process_time()
        with result.year.measured():
            await _once(year)
        result.year_cpu.add(time.process_time() - cpu)
        with result.week.measured():
            await _once(Wanted("last_7"))
    return result


async def _once(wanted: Wanted) -> None:
    async with reading() as db:
        await report_of(db, await _actor(), wanted)


async def _actor() -> Actor:
    async with reading() as db:
        user = (await db.exec(select(User).where(User.email == ADMIN))).one()
    return Actor.of(user)


async def _file() -> None:
    """One row for each conversation there ever was: the memory must not grow with the rows."""
    actor, rows, early = await _actor(), 0, 0
    began = time.perf_counter()
    async with reading() as db:
        async for _ in conversation_lines(db, actor, ask(actor, now() - timedelta(days=3_600), now(), zone=MADRID)):
            rows += 1
            if rows == OFTEN:
                early = _peak()
    seconds = time.perf_counter() - began
    line("rows of a file", f"{rows:,} at {rows / seconds:,.0f}/s")
    line("growth of the peak memory after the first 20,000", f"{(_peak() - (early or _peak())) / 1024:.1f} MB")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
