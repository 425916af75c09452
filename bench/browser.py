"""Chromium, an agent in it, and what the agent's page shows and receives."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright

from bench.places import DEMO_PASSWORD
from tests.servers import CHROMIUM, CHROMIUM_ARGUMENTS, AppServer, program

# Notes when each marker first stands in the list and in the thread. Date.now() is the clock of time.time().
WATCH = """() => {
  window.benchSeen = {};
  const note = (node, now) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    const place = element?.closest("[role=log]") ? "thread" : "list";
    for (const [, number] of (node.textContent || "").matchAll(/bench-(\\d+)-end/g))
      window.benchSeen[place + number] ??= now;
  };
  new MutationObserver((records) => {
    const now = Date.now();
    for (const { target, type, addedNodes } of records)
      (type === "characterData" ? [target] : addedNodes).forEach((node) => note(node, now));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@dataclass
class Traffic:
    """What a page loaded, by kind: body bytes on the wire, and requests."""

    body: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    frame_bytes: int = 0
    _open: list[Request] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Count from now on."""
        page.on("requestfinished", lambda request: self._open.append(request))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: self._frame(payload)))

    def _frame(self, payload: Any) -> None:
        self.frames += 1
        self.frame_bytes += len(payload if isinstance(payload, bytes) else payload.encode())

    async def settle(self) -> "Traffic":
        """Add up the requests that have ended."""
        ended, self._open = self._open, []
        for request in ended:
            response = await request.response()
            if response is None or response.from_service_worker or request.url.startswith(("data:", "blob:")):
                continue
            kind = {"script": "JavaScript", "stylesheet": "CSS", "document": "HTML"}.get(request.resource_type, "other")
            self.body[kind] += (await request.sizes())["responseBodySize"]
            self.requests[kind] += 1
        return self

    @property
    def total(self) -> int:
        return sum(self.body.values())


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        arguments = [*CHROMIUM_ARGUMENTS, "--disable-background-timer-throttling", "--disable-renderer-backgrounding"]
        browser = await playwright.chromium.launch(executable_path=program(CHROMIUM), args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


async def signed_in(browser: Browser, app: AppServer, email: str) -> BrowserContext:
    """A fresh browser profile in which this user of the demo has signed in, its cache empty of the app's pages."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(f"{app.base_url}/login")
    form: dict[str, str | float | bool] = {"email": email, "password": DEMO_PASSWORD}
    answer = await context.request.post(
        f"{app.base_url}/login", form=form, headers={"Origin": app.base_url}, max_redirects=0
    )
    assert answer.status == 303, f"{email} could not sign in: {answer.status}"
    await page.close()
    return context


async def open_inbox(context: BrowserContext, app: AppServer, path: str = "/conversations") -> Page:
    """The inbox with its list loaded."""
    page = await context.new_page()
    await page.goto(f"{app.base_url}{path}")
    await page.get_by_role("list", name="Conversations").get_by_role("listitem").first.wait_for()
    return page
