"""The process itself: how soon a second start answers, how much memory it holds, and how much a thousand tabs leave."""

import asyncio
import time
from pathlib import Path

from bench.figures import line, title
from bench.places import DEMO_PASSWORD, running_app, sign_in
from bench.tab import Tab
from tests.servers import AppServer

TABS = 1_000
AT_ONCE = 10
STARTS = 3
AIM_SECONDS = 10
PAGE_LOADED = '"is_hydrated_rx_state_":true'


def run(folder: Path) -> None:
    """The whole section."""
    title("The process: second start, memory")
    with running_app(folder / "process") as app:
        starts = []
        for _ in range(STARTS):
            app.stop()
            began = time.perf_counter()
            app.start()
            starts.append(time.perf_counter() - began)
        met = "met" if max(starts) < AIM_SECONDS else "MISSED"
        line(
            "start with nothing changed, until it answers", f"{sorted(starts)[1]:.1f} s", f"aim {AIM_SECONDS} s: {met}"
        )
        line("memory at rest (resident)", f"{_resident(app):.0f} MB")
        asyncio.run(_measure_tabs(app))


async def _measure_tabs(app: AppServer) -> None:
    # Nobody is let in with a thousand tabs in two hours: two people have half of them each.
    ana, luis = [
        await asyncio.to_thread(sign_in, app.base_url, email, DEMO_PASSWORD)
        for email in ("ana@demo.test", "luis@demo.test")
    ]
    await _open_and_close(app, ana, 50)  # fills what is kept anyway
    before = _resident(app)
    for part, cookie in ((1, ana), (2, luis)):
        await _open_and_close(app, cookie, TABS // 2)
        after = _resident(app)
        each = (after - before) * 1000 / (TABS // 2)
        line(f"after {part * TABS // 2} tabs were opened and closed", f"{after:.0f} MB", f"{each:.0f} KB a tab")
        before = after


async def _open_and_close(app: AppServer, cookie: str, quantity: int) -> None:
    for _ in range(0, quantity, AT_ONCE):
        tabs = [Tab(app.base_url, cookie) for _ in range(AT_ONCE)]
        await asyncio.gather(*(tab.open(PAGE_LOADED) for tab in tabs))
        await asyncio.gather(*(tab.close() for tab in tabs))


def _resident(app: AppServer) -> float:
    """Of the server's process, in MB."""
    status = Path(f"/proc/{app.process.pid}/status").read_text()
    return int(next(part for part in status.split("\n") if part.startswith("VmRSS")).split()[1]) / 1000
