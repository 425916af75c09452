"""What travels: the first load of the inbox, the push of one message, the chat on an agency's page."""

import asyncio
import json
import smtplib
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from bench.browser import Traffic, chromium, signed_in
from bench.figures import bytes_line, line, ratio_line, title
from bench.letters import TO, letter
from bench.places import running_app
from tests.servers import AppServer

KINDS = ("JavaScript", "CSS", "HTML", "other")
# An empty page of Reflex 0.10.1 without plugins, built and loaded the same way (JavaScript and CSS, gzipped).
EMPTY_PAGE = 161_000 + 1_000
FIRST_MAIL = "<bench-weight@contact.test>"
SHOWN = 30


def run(folder: Path) -> None:
    """The whole section."""
    asyncio.run(_run(folder))


async def _run(folder: Path) -> None:
    with running_app(folder / "weight") as app:
        async with chromium() as browser:
            await _first_load(browser, app)
            await _push(browser, app)
            await _widget(browser, app)
            await _smoothness(browser, app)


async def _first_load(browser: Browser, app: AppServer) -> None:
    title("First load of /conversations with an empty cache (bodies as they travel)")
    context = await signed_in(browser, app, "ana@demo.test")
    page, traffic = await context.new_page(), Traffic()
    traffic.follow(page)
    await page.goto(f"{app.base_url}/conversations")
    await page.get_by_role("list", name="Conversations").get_by_role("listitem").first.wait_for()
    await _quiet(page)
    await traffic.settle()
    _kinds(traffic)
    bytes_line(f"all {sum(traffic.requests.values())} requests", traffic.total, aim=240_000)
    ratio_line("all / JavaScript and CSS of an empty Reflex page", traffic.total / EMPTY_PAGE)
    bytes_line(f"state over the socket, before compression, {traffic.frames} frames", traffic.frame_bytes)
    await page.get_by_role("list", name="Conversations").get_by_role("listitem").first.click()
    await page.get_by_role("textbox", name="Message", exact=True).wait_for()
    await _quiet(page)
    bytes_line("with a conversation open, composer not focused", (await traffic.settle()).total, aim=240_000)
    await page.get_by_role("textbox", name="Message", exact=True).click()
    await _quiet(page)
    bytes_line("after the composer is focused (the editor comes)", (await traffic.settle()).total)
    await context.close()


async def _push(browser: Browser, app: AppServer) -> None:
    title(f"The push of one new message to a tab with {SHOWN} messages open")
    _write(app, [letter("bench@contact.test", "La primera.", "", FIRST_MAIL)])
    _write(app, [letter("bench@contact.test", f"Mensaje número {n}.", FIRST_MAIL) for n in range(2, SHOWN + 1)])
    context = await signed_in(browser, app, "luis@demo.test")
    traffic = Traffic()
    page = await context.new_page()
    traffic.follow(page)
    await page.goto(f"{app.base_url}/conversations")
    item = page.get_by_role("list", name="Conversations").get_by_role("listitem").filter(has_text=f"número {SHOWN}")
    await item.first.click()
    await _shows(page, f"número {SHOWN}")
    sizes = []
    for number in range(SHOWN + 1, SHOWN + 8):
        await _quiet(page)
        before = traffic.frame_bytes
        _write(app, [letter("bench@contact.test", f"Mensaje número {number}.", FIRST_MAIL)])
        await _shows(page, f"número {number}")
        await _quiet(page)
        sizes.append(traffic.frame_bytes - before)
    bytes_line("all frames for one message, median", sorted(sizes)[len(sizes) // 2], aim=3_000)
    line("each of them, bytes before compression", " ".join(map(str, sizes)))
    await context.close()


async def _widget(browser: Browser, app: AppServer) -> None:
    title("The web chat on an agency's page, beside the page itself")
    page, traffic = await browser.new_page(), Traffic()
    traffic.follow(page)
    await page.goto(f"http://127.0.0.1:{app.port}/demo/site")
    await page.get_by_role("button", name="Open chat", exact=True).wait_for()
    await _quiet(page)
    await traffic.settle()
    bytes_line(f"the button, {traffic.requests['JavaScript']} request", traffic.body["JavaScript"], aim=3_000)
    button = traffic.body["JavaScript"], sum(traffic.requests.values())
    page_itself = traffic.total - button[0]
    await page.get_by_role("button", name="Open chat", exact=True).click()
    await page.frame_locator("iframe[title='Chat']").get_by_role("textbox", name="Your message").wait_for()
    await _quiet(page)
    await traffic.settle()
    requests = sum(traffic.requests.values()) - button[1]
    opened = traffic.total - page_itself
    bytes_line(f"button and open chat, {requests} more requests and a socket", opened, aim=20_000)
    await page.close()


SLOWDOWN = 4
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]


async def _smoothness(browser: Browser, app: AppServer) -> None:
    """By processor time, which other programs do not lengthen. The click comes by the debugger's protocol: what
    Playwright does in a page would count as the page's own."""
    title(f"The web chat: the longest task of a page, its processor time x {SLOWDOWN}, three loads (aim: 50 ms)")
    loading, on_the_page, in_the_chat = [], [], []
    for _ in range(3):
        page = await (await browser.new_context(viewport={"width": 1024, "height": 768})).new_page()
        await browser.start_tracing(page=page, categories=TRACED)
        await page.goto(f"http://127.0.0.1:{app.port}/demo/site")
        await asyncio.sleep(2)
        loading.append(max(_longest_tasks(await browser.stop_tracing()).values()))
        debugger = await page.context.new_cdp_session(page)
        await browser.start_tracing(page=page, categories=TRACED)
        for kind in ("mousePressed", "mouseReleased"):
            where = {"type": kind, "x": 976, "y": 720, "button": "left", "clickCount": 1}
            await debugger.send("Input.dispatchMouseEvent", where)
        await asyncio.sleep(3)
        longest = sorted(_longest_tasks(await browser.stop_tracing()).values())
        on_the_page.append(longest[0])
        in_the_chat.append(longest[-1])
        await page.context.close()
    named = {"loading the page": loading, "opening, the page": on_the_page, "opening, the chat": in_the_chat}
    for name, longest in named.items():
        line(f"{name}, ms", " ".join(f"{one * SLOWDOWN:.0f}" for one in longest))


def _longest_tasks(trace: bytes) -> dict[int, float]:
    """The processor time in ms of the longest task on the main thread of each process that shows the page."""
    events = json.loads(trace)["traceEvents"]
    ours = set(_processes_of_the_page(events))
    main = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain" and one["pid"] in ours
    }
    longest: dict[int, float] = {}
    for one in events:
        if one["name"].endswith("RunTask") and (one["pid"], one["tid"]) in main and "tdur" in one:
            longest[one["pid"]] = max(longest.get(one["pid"], 0.0), one["tdur"] / 1000)
    return longest


def _processes_of_the_page(events: list[dict[str, Any]]) -> Iterator[int]:
    """Of its frames. Chromium draws parts of itself as pages, too, its address bar for one, in tasks of 60 ms."""
    for one in events:
        if one["name"] == "TracingStartedInBrowser":
            yield from (frame["processId"] for frame in one["args"]["data"]["frames"])
        elif one["name"] == "FrameCommittedInBrowser" and one["args"]["data"]["url"].startswith("http"):
            yield one["args"]["data"]["processId"]


def _kinds(traffic: Traffic) -> None:
    for kind in KINDS:
        bytes_line(f"{kind}, {traffic.requests[kind]} requests", traffic.body[kind])


def _write(app: AppServer, mails: list[EmailMessage]) -> None:
    with closing(smtplib.SMTP("127.0.0.1", app.smtp_port, timeout=30)) as smtp:
        for mail in mails:
            smtp.send_message(mail, "bench@contact.test", [TO])


async def _shows(page: Page, text: str) -> None:
    await page.get_by_role("log", name="Messages").get_by_text(text).first.wait_for()


async def _quiet(page: Page) -> None:
    """Until nothing more comes by itself."""
    await page.wait_for_load_state("networkidle")
    await asyncio.sleep(1.5)
