"""What others feel while somebody guesses passwords, fifty a second, each from another address for another account."""

import asyncio
from pathlib import Path

import httpx

from bench.figures import Times, line, ratio_line, times_line, title
from bench.places import DEMO_PASSWORD, running_app, sign_in
from bench.reads import LIST_LOADED, PAGE_LOADED, PAGES, SHOW
from bench.tab import Tab
from tests.servers import AppServer

GUESSES_A_SECOND = 50
SECONDS = 15
AGENTS = 3
ACTS_A_SECOND = 4  # of each agent
AIM = 1.5


def run(folder: Path) -> None:
    """The whole section."""
    title(f"Sign-in: {GUESSES_A_SECOND} wrong passwords a second for {SECONDS} seconds, {AGENTS} agents at work")
    with running_app(folder / "sign_in", WITEI_TRUSTED_PROXY_HOPS="1") as app:
        alone, busy, colleague, answers = asyncio.run(_measure(app))
    times_line("an agent's inbox page, nobody guessing", alone)
    times_line("the same meanwhile", busy)
    ratio = busy.p95 / alone.p95
    ratio_line("p95 meanwhile / alone", ratio, f"aim {AIM}: {'met' if ratio <= AIM else 'MISSED'}")
    times_line("a colleague signs in meanwhile", colleague)
    line("answers to the guesses", " ".join(f"{status}: {count}" for status, count in sorted(answers.items())))


async def _measure(app: AppServer) -> tuple[Times, Times, Times, dict[int, int]]:
    cookie = await asyncio.to_thread(sign_in, app.base_url, "ana@demo.test", DEMO_PASSWORD)
    tabs = [Tab(app.base_url, cookie) for _ in range(AGENTS)]
    await asyncio.gather(*(tab.open(PAGE_LOADED) for tab in tabs))
    alone, busy, colleague = Times(), Times(), Times()
    await _act(tabs, Times(), asyncio.create_task(asyncio.sleep(2)))
    await _act(tabs, alone, asyncio.create_task(asyncio.sleep(SECONDS)))
    guessing = asyncio.create_task(_guess(app.base_url))
    await asyncio.gather(_act(tabs, busy, guessing), _come_in(app.base_url, colleague, guessing))
    await asyncio.gather(*(tab.close() for tab in tabs))
    return alone, busy, colleague, guessing.result()


async def _act(tabs: list[Tab], times: Times, until: asyncio.Task[object]) -> None:
    async def agent(tab: Tab) -> None:
        while not until.done():
            for status in PAGES:
                times.add(await tab.ask(SHOW, {"status": status}, LIST_LOADED))
                await asyncio.sleep(1 / ACTS_A_SECOND)

    await asyncio.gather(*(agent(tab) for tab in tabs))


async def _come_in(base_url: str, times: Times, until: asyncio.Task[object]) -> None:
    """Once a second with the right password, from an address that somebody has signed in from. A refusal is a fault."""
    while not until.done():
        with times.measured():
            await asyncio.to_thread(sign_in, base_url, "ana@demo.test", DEMO_PASSWORD)
        await asyncio.sleep(1)


async def _guess(base_url: str) -> dict[int, int]:
    """One each fiftieth of a second, whatever became of those before."""
    answers: dict[int, int] = {}

    async def once(client: httpx.AsyncClient, number: int) -> None:
        form = {"email": f"user{number}@demo.test", "password": "a wrong password"}
        headers = {"Origin": base_url, "X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}
        try:
            status = (await client.post("/login", data=form, headers=headers)).status_code
        except httpx.TimeoutException:
            status = 0
        answers[status] = answers.get(status, 0) + 1

    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=base_url, timeout=60, limits=limits) as client, asyncio.TaskGroup() as group:
        for number in range(GUESSES_A_SECOND * SECONDS):
            group.create_task(once(client, number))
            await asyncio.sleep(1 / GUESSES_A_SECOND)
    return answers
