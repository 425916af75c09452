"""Mails a second: accepted with 250, and shown as messages; beside a listener that keeps nothing."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench.figures import line, rate_line, ratio_line, rounds_median, title
from bench.letters import full_letter, send_all
from bench.places import bare_server, running_app
from tests.servers import AppServer

SENDERS = 500
ROUNDS = 3


def run(folder: Path, mails: int = 400) -> None:
    """The whole section."""
    batches = [[full_letter(number, SENDERS) for number in range(mails)] for _ in range(ROUNDS)]
    title(f"Mail in: {mails} mails of {len(batches[0][0]) / 1000:.1f} KB over 4 kept connections, {ROUNDS} rounds")
    with bare_server("smtp", folder) as port:
        bare = rounds_median([mails / asyncio.run(send_all(port, batch)) for batch in batches])
    with running_app(folder / "intake") as app:
        rates = [asyncio.run(_round(app, batch)) for batch in batches]
    accepted = rounds_median([rate for rate, _ in rates])
    shown = rounds_median([rate for _, rate in rates])
    rate_line("aiosmtpd alone, keeping nothing", bare)
    rate_line("accepted (250), stored durably", accepted, aim=250)
    rate_line("shown (a message in its conversation)", shown, aim=150)
    ratio_line("aiosmtpd alone / accepted", bare / accepted)
    line("rounds, accepted and shown", " ".join(f"{a:.0f}+{s:.0f}" for a, s in rates))


async def _round(app: AppServer, batch: list[bytes]) -> tuple[float, float]:
    """Accepted and shown in a second. The clock of "shown" starts with the first mail, too."""
    before = _messages(app)
    began = time.perf_counter()
    seconds = await send_all(app.smtp_port, batch)
    while _messages(app) < before + len(batch):
        if time.perf_counter() - began > 120:
            raise RuntimeError(f"mails are missing:\n{app.process.tail()}")
        await asyncio.sleep(0.02)
    return len(batch) / seconds, len(batch) / (time.perf_counter() - began)


def _messages(app: AppServer) -> int:
    with closing(sqlite3.connect(f"file:{app.data_dir}/conversations.db?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM message").fetchone()[0])
