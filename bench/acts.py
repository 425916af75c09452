"""What an agent does all day, in Chromium: from the click to the painted answer, and whether it grows with the
workspace."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.async_api import Locator, Page

from bench.browser import chromium, open_inbox, signed_in
from bench.figures import Times, line, ratio_line, times_line, title
from bench.places import BIG, PEERS, SMALL, Size, postgres, running_app, seeded
from tests.servers import AppServer
from witei_app.seed.staff import ADMIN

TIMES = 20
AIM_P95 = 150

# The clock begins with the click's own time and ends in the turn after the frame in which the answer is drawn.
WATCH = """([what, wanted]) => {
  const log = () => document.querySelector("[role=log]");
  const first = () => document.querySelector("[role=list] a")?.getAttribute("href");
  const named = (name) => [...document.querySelectorAll("main button")].find(
    (button) => (button.ariaLabel || button.textContent).trim().startsWith(name));
  const before = { log: log()?.textContent, first: first(), assign: named("Assign")?.textContent };
  const isThere = {
    open: () => log()?.querySelector("article") && log().textContent !== before.log,
    view: () => first() && first() !== before.first,
    assign: () => named("Assign") && named("Assign").textContent !== before.assign,
    archive: () => named("Reopen"),
    send: () => log()?.textContent.includes(wanted),
  }[what];
  window.benchAct = new Promise((resolve) => {
    let began = 0;
    addEventListener("click", (event) => (began = event.timeStamp), { capture: true, once: true });
    const watch = new MutationObserver(() => {
      if (!began || !isThere()) return;
      watch.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve((performance.now() - began) / 1000);
        port2.postMessage(0);
      });
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}"""
LONG_TASKS = """() => {
  window.benchLongest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.benchLongest = Math.max(window.benchLongest, task.duration);
  }).observe({ type: "longtask" });
}"""


def run(folder: Path, *, is_full: bool) -> None:
    """The whole section: SQLite, then PostgreSQL."""
    sizes = (SMALL, BIG) if is_full else (SMALL, PEERS)
    with ExitStack() as stack:
        server = stack.enter_context(postgres(folder))
        for kind in ("SQLite", "PostgreSQL"):
            found = []
            for size in sizes:
                place, url = seeded(kind, size, folder, server)
                settings = {"WITEI_DATABASE_URL": url, "WITEI_EMBEDDED_WORKER": "1"} if url else {}
                title(f"An agent's acts in Chromium, click to paint: {kind}, {size}")
                with running_app(place, **settings) as app:
                    found.append(asyncio.run(_acts(app)))
            _compare(kind, sizes, *found)


def _compare(kind: str, sizes: tuple[Size, ...], small: dict[str, Times], large: dict[str, Times]) -> None:
    title(f"{kind}: acts with {sizes[-1].conversations:,} conversations / {sizes[0].conversations:,} (aim: x 1.5)")
    for name, times in large.items():
        ratio_line(name, times.median / small[name].median)


async def _acts(app: AppServer) -> dict[str, Times]:
    async with chromium() as browser:
        context = await signed_in(browser, app, ADMIN)
        page = await open_inbox(context, app)
        await page.evaluate(LONG_TASKS)
        found = {}
        for name, act in ACTS.items():
            found[name] = Times()
            for number in range(TIMES + 3):
                spent = await act(page, number)
                if number >= 3:  # the first fill the caches
                    found[name].add(spent)
                await page.wait_for_timeout(120)  # an agent looks at what came
            times_line(name, found[name], aim_p95=AIM_P95)
        line("longest task of the browser's main thread", f"{await page.evaluate('window.benchLongest'):.0f} ms")
        await context.close()
    return found


async def _timed(page: Page, what: str, clicked: Locator, wanted: str = "") -> float:
    await page.evaluate(WATCH, [what, wanted])
    await clicked.click()
    return float(await asyncio.wait_for(page.evaluate("() => window.benchAct"), 20))


async def _open(page: Page, number: int) -> float:
    items = page.get_by_role("list", name="Conversations").get_by_role("listitem")
    return await _timed(page, "open", items.nth(1 + number % 8).get_by_role("link").first)


async def _view(page: Page, number: int) -> float:
    name = ("Archived", "Open")[number % 2]
    return await _timed(page, "view", page.get_by_role("tab", name=name, exact=True))


async def _assign(page: Page, number: int) -> float:
    await page.get_by_role("button", name="Assign").first.click()
    people = page.get_by_role("menuitemradio")  # the first is nobody
    return await _timed(page, "assign", people.nth(1 + number % 2))


async def _send(page: Page, number: int) -> float:
    text = f"Un saludo, número {number}."
    await page.get_by_role("textbox", name="Message", exact=True).click()
    await page.keyboard.type(text)
    return await _timed(page, "send", page.get_by_role("button", name="Send", exact=True), text)


async def _archive(page: Page, _: int) -> float:
    spent = await _timed(page, "archive", page.get_by_role("button", name="Archive", exact=True).first)
    await page.get_by_role("button", name="Reopen", exact=True).first.click()
    await page.get_by_role("button", name="Archive", exact=True).first.wait_for()
    return spent


ACTS: dict[str, Callable[[Page, int], Awaitable[float]]] = {
    "open a conversation": _open,
    "switch to another view": _view,
    "assign": _assign,
    "send": _send,
    "archive": _archive,
}
