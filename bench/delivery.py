"""Live delivery: from the SMTP 250, and from the visitor's Send, to the message in a user's DOM in Chromium."""

import asyncio
import itertools
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtplib import SMTP
from playwright.async_api import Browser, Frame, Page

from bench.bare import commit_times, echo_times
from bench.browser import WATCH, chromium, open_inbox, signed_in
from bench.figures import Times, line, ratio_line, times_line, title
from bench.letters import TO, letter
from bench.places import DEMO_PASSWORD, bare_server, running_app, sign_in
from tests.servers import AppServer

TABS = 100
MESSAGES_A_SECOND = 10
PROBES = 30
FIRST_MAIL = "<bench-thread@contact.test>"
_numbers = itertools.count(1)


@dataclass
class Sent:
    """Markers, and when each was handed over (seconds since the epoch)."""

    mail: dict[str, float] = field(default_factory=dict)
    chat: dict[str, float] = field(default_factory=dict)


def run(folder: Path) -> None:
    """The whole section."""
    asyncio.run(_run(folder))


async def _run(folder: Path) -> None:
    title("Live delivery to a user's DOM in Chromium (SQLite, everything in one process)")
    with bare_server("echo", folder) as port:
        echo = await echo_times(port)
    commit = commit_times(folder)
    times_line("bare WebSocket echo", echo)
    times_line("bare durable commit (SQLite)", commit)
    floor = echo.p95 + commit.p95
    with running_app(folder / "delivery") as app:
        async with chromium() as browser:
            stage = await Stage.set(browser, app)
            await _alone(stage, floor)
            await _in_a_crowd(stage, floor)


async def _alone(stage: "Stage", floor: float) -> None:
    sent = Sent()
    for _ in range(PROBES):
        await stage.mail(sent)
        await asyncio.sleep(0.25)
        await stage.chat(sent)
        await asyncio.sleep(0.45)
    await asyncio.sleep(1)
    await _report(stage, sent, "one agent", 150, floor)


async def _in_a_crowd(stage: "Stage", floor: float) -> None:
    cookie = await asyncio.to_thread(sign_in, stage.app.base_url, "ana@demo.test", DEMO_PASSWORD)
    command = ["-m", "bench.crowd", stage.app.base_url, str(TABS), "/conversations/", cookie]
    began = time.perf_counter()
    crowd = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=PIPE, stdout=PIPE)
    assert crowd.stdout is not None
    assert (await crowd.stdout.readline()).strip() == b"ready", "the tabs did not load"
    line(f"{TABS} tabs connected, hydrated and loaded in", f"{time.perf_counter() - began:.1f} s")
    sent = Sent()
    for _ in range(PROBES):  # a second each: one measured mail, one measured chat message, the rest from others
        await asyncio.gather(_at(0.0, stage.mail, sent), _at(0.5, stage.chat, sent), _others(stage))
    await asyncio.sleep(2)
    await _report(stage, sent, f"{TABS} more tabs, {MESSAGES_A_SECOND} messages/s", 300, floor)
    _report_crowd(json.loads(await _ended(crowd)), sent)


async def _ended(crowd: Process) -> bytes:
    return (await crowd.communicate(b""))[0]  # b"" ends its input; None leaves it open before Python 3.12


async def _at(delay: float, do: Callable[[Sent], Awaitable[None]], sent: Sent) -> None:
    await asyncio.sleep(delay)
    await do(sent)


async def _others(stage: "Stage") -> None:
    """The rest of the second's messages, evenly spread."""
    began = asyncio.get_running_loop().time()
    for number in range(1, MESSAGES_A_SECOND + 1):
        if number not in {5, 10}:  # two of them are those that are measured
            await stage.someone_writes()
        await asyncio.sleep(max(0.0, began + number / MESSAGES_A_SECOND - asyncio.get_running_loop().time()))


async def _report(stage: "Stage", sent: Sent, where: str, aim: float, floor: float) -> None:
    for what, moments, page in (
        ("SMTP 250", sent.mail, stage.mail_page),
        ("visitor's Send", sent.chat, stage.chat_page),
    ):
        seen = await page.evaluate("window.benchSeen")
        for place in ("thread", "list"):
            times = Times()
            for marker, at in moments.items():
                if place + marker in seen:
                    times.add(seen[place + marker] / 1000 - at)
            lost = len(moments) - len(times.values)
            times_line(f"{where}: {what} to the {place}", times, aim_p95=aim, lost=lost)
            if place == "thread":
                ratio_line("   its p95 / (echo + commit) p95", times.p95 / floor)


def _report_crowd(heard: dict[str, Any], sent: Sent) -> None:
    times, complete = Times(), 0
    moments = sent.mail | sent.chat
    for marker, at in moments.items():
        if marker in heard["last"]:
            times.add(heard["last"][marker] - at)
            complete += heard["tabs"][marker] == TABS
    times_line(f"until the last of the {TABS} tabs was sent it", times, lost=len(moments) - len(times.values))
    line("messages that reached every tab one by one", f"{complete} of {len(moments)}")


class Stage:
    """Two users' pages, one on a mail conversation, one on a chat; the visitor's page; an SMTP connection."""

    app: AppServer
    mail_page: Page
    chat_page: Page
    visitor: Frame
    smtp: SMTP
    others: SMTP

    @classmethod
    async def set(cls, browser: Browser, app: AppServer) -> "Stage":
        """Everybody in place: both conversations begun and open."""
        stage = cls()
        stage.app = app
        stage.smtp = SMTP(hostname="127.0.0.1", port=app.smtp_port, timeout=30)
        stage.others = SMTP(hostname="127.0.0.1", port=app.smtp_port, timeout=30)
        await stage.smtp.connect()
        await stage.others.connect()
        stage.visitor = await _visitor(browser, app)
        sent = Sent()
        await stage._send_mail(sent, message_id=FIRST_MAIL)
        await stage._say(sent)
        stage.mail_page = await _watching(browser, app, "luis@demo.test", next(iter(sent.mail)))
        stage.chat_page = await _watching(browser, app, "admin@demo.test", next(iter(sent.chat)))
        return stage

    async def mail(self, sent: Sent) -> None:
        """One more mail to the open mail conversation."""
        await self._send_mail(sent)

    async def chat(self, sent: Sent) -> None:
        """One more message of the visitor."""
        await self._say(sent)

    async def someone_writes(self) -> None:
        """A mail of somebody else: one of forty, each in a conversation of their own."""
        number = next(_numbers)
        mail = letter(f"other{number % 40}@contact.test", f"Una pregunta más, la {number}.", f"<other-{number % 40}@x>")
        await self.others.sendmail("other@contact.test", [TO], mail.as_bytes())

    async def _send_mail(self, sent: Sent, message_id: str = "") -> None:
        marker = str(next(_numbers))
        answers = "" if message_id else FIRST_MAIL
        mail = letter("bench@contact.test", f"bench-{marker}-end ¿Sigue libre?", answers, message_id)
        await self.smtp.sendmail("bench@contact.test", [TO], mail.as_bytes())
        sent.mail[marker] = time.time()

    async def _say(self, sent: Sent) -> None:
        marker = str(next(_numbers))
        await self.visitor.get_by_role("textbox", name="Your message").fill(f"bench-{marker}-end ¿Hay garaje?")
        await self.visitor.get_by_role("button", name="Send", exact=True).click()
        sent.chat[marker] = await self.visitor.evaluate("window.benchSent") / 1000


async def _visitor(browser: Browser, app: AppServer) -> Frame:
    page = await browser.new_page()
    await page.goto(f"http://127.0.0.1:{app.port}/demo/site")
    await page.get_by_role("button", name="Open chat", exact=True).click()
    element = await page.wait_for_selector("iframe[title='Chat']")
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    await frame.get_by_role("textbox", name="Your message").wait_for()
    await frame.evaluate("addEventListener('click', () => { window.benchSent = Date.now() }, true)")
    return frame


async def _watching(browser: Browser, app: AppServer, email: str, marker: str) -> Page:
    page = await open_inbox(await signed_in(browser, app, email), app)
    items = page.get_by_role("list", name="Conversations").get_by_role("listitem")
    await items.filter(has_text=f"bench-{marker}-end").first.click()
    await page.get_by_role("log", name="Messages").get_by_text(f"bench-{marker}-end").first.wait_for()
    await page.evaluate(WATCH)
    return page
