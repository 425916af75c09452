"""Mails a second: accepted with 250, and shown as messages; beside a listener that keeps nothing."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench.figures import Times, line, rate_line, ratio_line, rounds_median, times_line, title
from bench.letters import full_letter, send_all
from bench.places import DEMO_PASSWORD, bare_server, running_app, sign_in
from bench.reads import LIST_LOADED, PAGE_LOADED, PAGES, SHOW
from bench.tab import Tab
from tests.servers import AppServer

SENDERS = 500
ROUNDS = 3
CLIENTS = 10
AGENTS = 3
ACTS_A_SECOND = 2  # of each agent


def run(folder: Path, mails: int = 400) -> None:
    """The whole section."""
    batches = [[full_letter(number, SENDERS) for number in range(mails)] for _ in range(ROUNDS)]
    title(f"Mail in: {mails} mails of {len(batches[0][0]) / 1000:.1f} KB over 4 kept connections, {ROUNDS} rounds")
    with bare_server("smtp", folder) as port:
        bare = rounds_median([mails / asyncio.run(send_all(port, batch)) for batch in batches])
    with running_app(folder / "intake") as app:
        rates = [asyncio.run(_round(app, batch)) for batch in batches]
        alone, busy, (busy_accepted, busy_shown) = asyncio.run(_among_agents(app, mails))
    accepted = rounds_median([rate for rate, _ in rates])
    shown = rounds_median([rate for _, rate in rates])
    rate_line("aiosmtpd alone, keeping nothing", bare)
    rate_line("accepted (250), stored durably", accepted, aim=250)
    rate_line("shown (a message in its conversation)", shown, aim=150)
    ratio_line("aiosmtpd alone / accepted", bare / accepted)
    rate_line(f"accepted from {CLIENTS} clients while {AGENTS} agents work", busy_accepted)
    rate_line("shown meanwhile", busy_shown)
    times_line("an agent's inbox page, no mail coming", alone)
    times_line("the same meanwhile", busy)
    line("rounds, accepted and shown", " ".join(f"{a:.0f}+{s:.0f}" for a, s in rates))


async def _round(app: AppServer, batch: list[bytes], connections: int = 4) -> tuple[float, float]:
    """Accepted and shown in a second. The clock of "shown" starts with the first mail, too."""
    before = _messages(app)
    began = time.perf_counter()
    seconds = await send_all(app.smtp_port, batch, connections)
    while _messages(app) < before + len(batch):
        if time.perf_counter() - began > 120:
            raise RuntimeError(f"mails are missing:\n{app.process.tail()}")
        await asyncio.sleep(0.02)
    return len(batch) / seconds, len(batch) / (time.perf_counter() - began)


async def _among_agents(app: AppServer, mails: int) -> tuple[Times, Times, tuple[float, float]]:
    """Agents who turn over the list: their times before and while many clients send at once, and the mails' rates."""
    cookie = await asyncio.to_thread(sign_in, app.base_url, "ana@demo.test", DEMO_PASSWORD)
    tabs = [Tab(app.base_url, cookie) for _ in range(AGENTS)]
    await asyncio.gather(*(tab.open(PAGE_LOADED) for tab in tabs))
    alone, busy = Times(), Times()
    await _act(tabs, alone, asyncio.create_task(asyncio.sleep(5)))
    sending = asyncio.create_task(_round(app, [full_letter(number, SENDERS) for number in range(3 * mails)], CLIENTS))
    await _act(tabs, busy, sending)
    await asyncio.gather(*(tab.close() for tab in tabs))
    return alone, busy, sending.result()


async def _act(tabs: list[Tab], times: Times, until: asyncio.Task[object]) -> None:
    async def agent(tab: Tab) -> None:
        while not until.done():
            for status in PAGES:
                times.add(await tab.ask(SHOW, {"status": status}, LIST_LOADED))
                await asyncio.sleep(1 / ACTS_A_SECOND)

    await asyncio.gather(*(agent(tab) for tab in tabs))


def _messages(app: AppServer) -> int:
    with closing(sqlite3.connect(f"file:{app.data_dir}/conversations.db?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM message").fetchone()[0])
