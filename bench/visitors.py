"""Visitors of web chats: what so many open sockets weigh, and how soon a message is in an agent's tab, beside a bare
WebSocket server that does the same."""

import asyncio
import json
import os
import re
import sqlite3
import sys
import time
import urllib.request
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

from bench.figures import Times, line, ratio_line, times_line, title
from bench.places import DEMO_PASSWORD, bare_server, running_app, sign_in
from bench.tab import Tab
from tests.servers import AppServer

VISITORS = int(os.environ.get("BENCH_VISITORS", "5000"))
TALKERS, RATE, SECONDS = 500, 200, 15
WATCHED = 5  # conversations that are open in an agent's tab; each of their visitors writes once a second
MOST_MB, MOST_MS = 150, 250
MARKER = re.compile(r"bench-(\d+)-end seen")


def run(folder: Path) -> None:
    """The whole section."""
    asyncio.run(_run(folder))


async def _run(folder: Path) -> None:
    title(f"{VISITORS:,} visitors connected to one process, {RATE} messages/s from {TALKERS} of them (SQLite)")
    bare_mb, bare_times = await _bare(folder)
    with running_app(folder / "visitors") as app:
        megabytes, times, talked = await _measured(app)
    line("bare WebSocket server: above idle", f"{bare_mb:.0f} MB")
    met = "met" if megabytes <= MOST_MB else "MISSED"
    line("visitors connected: above idle", f"{megabytes:.0f} MB", f"aim {MOST_MB} MB: {met}")
    line("   for each socket", f"{megabytes * 1024 / VISITORS:.1f} KB", f"bare {bare_mb * 1024 / VISITORS:.1f} KB")
    ratio_line("   its memory / bare", megabytes / bare_mb)
    times_line("bare: until a listener has the message", bare_times)
    lost = SECONDS * WATCHED - len(times.values)
    times_line("visitor's Send to the agent's tab", times, aim_p95=MOST_MS, lost=lost)
    ratio_line("   its p95 / bare p95", times.p95 / bare_times.p95)
    line("messages acknowledged", f"{talked['said']} of {RATE * SECONDS}", f"{talked['refused']} refused")


async def _bare(folder: Path) -> tuple[float, Times]:
    with bare_server("relay", folder) as port:
        server = _listening(port)
        idle = _resident_mb(server)
        crowd = await _crowd(f"ws://127.0.0.1:{port}/")
        grown = _resident_mb(server) - idle
        heard: dict[str, float] = {}
        tab = asyncio.create_task(_bare_listener(port, heard))
        await _go(crowd)
        talked = await _talked(crowd)
        tab.cancel()
    return grown, _delays(talked["sent"], heard)


async def _bare_listener(port: int, heard: dict[str, float]) -> None:
    async with connect(f"ws://127.0.0.1:{port}/tab", compression=None) as socket:
        async for text in socket:
            for marker in MARKER.findall(str(text)):
                heard.setdefault(marker, time.time())


async def _measured(app: AppServer) -> tuple[float, Times, dict[str, int]]:
    url = f"ws://127.0.0.1:{app.port}/embed/socket?key={await asyncio.to_thread(_key, app)}"
    warm = await _crowd(url, 50)  # what is loaded at the first visitor is no visitor's
    warm.kill()
    await warm.wait()
    await asyncio.sleep(2)
    idle = _resident_mb(_listening(app.port))
    began = time.perf_counter()
    crowd = await _crowd(url)
    line("all were welcomed within", f"{time.perf_counter() - began:.0f} s")
    grown = _resident_mb(_listening(app.port)) - idle
    await _go(crowd)
    heard: dict[str, float] = {}

    def note(_: Tab, frame: str, at: float) -> None:
        for marker in MARKER.findall(frame):
            heard.setdefault(marker, at)

    cookie = await asyncio.to_thread(sign_in, app.base_url, "ana@demo.test", DEMO_PASSWORD)
    tabs = [Tab(app.base_url, cookie, f"/conversations/{one}", note) for one in _watched(app)]
    for tab in tabs:
        await tab.open("first of ")
    talked = await _talked(crowd)
    for tab in tabs:
        await tab.close()
    counted = {"said": int(talked["said"]), "refused": int(talked["refused"])}
    return grown, _delays(talked["sent"], heard), counted


def _key(app: AppServer) -> str:
    with urllib.request.urlopen(f"{app.base_url}/demo/site", timeout=30) as answer:
        found = re.search(r'data-key="([^"]+)"', answer.read().decode())
    assert found is not None
    return found[1]


def _watched(app: AppServer) -> list[int]:
    """The conversations of the first visitors."""
    with closing(sqlite3.connect(next(app.data_dir.glob("*.db")))) as database:
        texts = [f"first of {number}" for number in range(WATCHED)]
        places = ", ".join("?" * len(texts))
        rows = database.execute(f"SELECT conversation_id FROM message WHERE text IN ({places})", texts)
        return [int(row[0]) for row in rows]


async def _crowd(url: str, count: int = VISITORS) -> Process:
    """The visitors, all connected."""
    numbers = [str(number) for number in (count, TALKERS, RATE, SECONDS, WATCHED)]
    command = ["-m", "bench.many", url, *numbers]
    crowd = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=PIPE, stdout=PIPE, limit=2**24)
    await _until_ready(crowd)
    return crowd


async def _go(crowd: Process) -> None:
    assert crowd.stdin is not None
    crowd.stdin.write(b"\n")
    await _until_ready(crowd)


async def _until_ready(crowd: Process) -> None:
    assert crowd.stdout is not None
    assert (await crowd.stdout.readline()).strip() == b"ready", "the visitors did not come in"


async def _talked(crowd: Process) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((await crowd.communicate(b"\n"))[0])
    return said


def _delays(sent: dict[str, float], heard: dict[str, float]) -> Times:
    times = Times()
    for marker, at in heard.items():
        times.add(at - sent[marker])
    return times


def _listening(port: int) -> int:
    """The process that serves the port."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in Path(table).read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for place in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(place) in inodes:
                return int(place.parts[2])
        except OSError:
            continue
    raise RuntimeError(f"nobody listens on {port}")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
