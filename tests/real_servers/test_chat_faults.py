"""Visitors send numbered messages while their connections are cut, the app is killed and started again, and the machine
falls asleep, at random. Some of them are the chat itself in Chromium, which now and then is without a network.

Each message arrives once and in order, in the visitor's own conversation. CHAT_FAULTS=200,10000,12,4 makes it so many
visitors, messages, faults of the app and chats in Chromium.
"""

import asyncio
import json
import os
import random
import re
import signal
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, FrameLocator, Page, async_playwright, expect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.conftest import StartApp
from tests.servers import CHROMIUM, CHROMIUM_ARGUMENTS, AppServer, program

SIZE = os.environ.get("CHAT_FAULTS", "8,96,2,1").split(",")
VISITORS, MESSAGES, FAULTS, CHATS = (int(number) for number in SIZE)
EACH = MESSAGES // VISITORS
CUTS = 0.08  # of all messages, how many lose their connection: before they go, or before they are acknowledged
ANSWER_WITHIN = 10
ASLEEP = 11.0  # seconds: longer than anybody waits for an answer


class Cut(Exception):
    """The connection is gone."""


@dataclass
class Visitor:
    """What the chat's script does: one message at a time, under a name of its own, until it is acknowledged."""

    number: int
    url: str
    chance: random.Random
    token: str | None = None
    waiting: list[tuple[str, str]] = field(default_factory=list)
    cuts: int = 0

    async def run(self) -> None:
        """Until everything is acknowledged."""
        self.waiting = [(f"chat-{self.number:04}-{number:04}", self.text(number)) for number in range(EACH)]
        while self.waiting:
            try:
                async with connect(self.url, compression=None, open_timeout=ANSWER_WITHIN) as socket:
                    await self.hello(socket)
                    while self.waiting:
                        await self.say(socket, *self.waiting[0])
            except (OSError, WebSocketException, TimeoutError, Cut):
                self.cuts += 1
                await asyncio.sleep(self.chance.uniform(0.05, 0.5))

    def text(self, number: int) -> str:
        return f"visitor {self.number} says {number}"

    async def hello(self, socket: ClientConnection) -> list[dict[str, Any]]:
        """The messages that there are; the token is kept as soon as it is known."""
        await socket.send(json.dumps({"t": "hello", "token": self.token, "since": 0, "lang": "es"}))
        welcome = await self.hear(socket, "welcome")
        self.token = welcome.get("token", self.token)
        messages: list[dict[str, Any]] = welcome["messages"]
        return messages

    async def say(self, socket: ClientConnection, message_id: str, text: str) -> None:
        """Send it, sometimes into a connection that is cut."""
        fate = self.chance.random()
        if fate < CUTS / 2:
            socket.transport.abort()
            raise Cut
        await socket.send(json.dumps({"t": "say", "id": message_id, "text": text}))
        if fate < CUTS:
            await asyncio.sleep(self.chance.uniform(0, 0.05))
            socket.transport.abort()
            raise Cut
        answer = await self.hear(socket, "said", "refused", message_id=message_id)
        if answer["t"] == "refused":
            assert answer.get("after"), answer
            await asyncio.sleep(answer["after"])
        else:
            self.waiting.pop(0)

    async def hear(self, socket: ClientConnection, *kinds: str, message_id: str = "") -> dict[str, Any]:
        async with asyncio.timeout(ANSWER_WITHIN):
            while True:
                frame: dict[str, Any] = json.loads(await socket.recv())
                if frame["t"] in kinds and frame.get("id", "") == message_id:
                    return frame


def socket_of(app: AppServer) -> str:
    """The address of the demo widget's socket."""
    with urllib.request.urlopen(f"{app.base_url}/demo/site", timeout=10) as answer:
        found = re.search(r'data-key="([^"]+)"', answer.read().decode())
    assert found is not None
    return f"ws://127.0.0.1:{app.port}/embed/socket?key={found[1]}"


async def breaking(app: AppServer, chance: random.Random) -> None:
    """In turn: kill it and start it again; let it sleep with all its connections, as a closed laptop does."""
    for number in range(FAULTS):
        await asyncio.sleep(chance.uniform(0.3, 2 + MESSAGES / 1000))
        if number % 2 == 0:
            await asyncio.to_thread(app.stop, signal.SIGKILL)
            await asyncio.to_thread(app.start)
        else:
            os.kill(app.process.pid, signal.SIGSTOP)
            await asyncio.sleep(ASLEEP)
            os.kill(app.process.pid, signal.SIGCONT)


@dataclass
class Chat:
    """The chat on the demo site, in a browser of its own."""

    number: int
    page: Page

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title='Chat']")

    @property
    def words(self) -> list[str]:
        return [f"chat {self.number} says {one}" for one in range(EACH)]

    async def run(self) -> None:
        """Write everything at once, whatever happens, then wait until it is acknowledged."""
        chance = random.Random(self.number)
        for text in self.words:
            await self.frame.get_by_role("textbox", name="Your message").fill(text)
            await self.frame.get_by_role("button", name="Send", exact=True).click()
            if chance.random() < CUTS:
                await self.page.context.set_offline(True)
                await asyncio.sleep(chance.uniform(0.1, 2))
                await self.page.context.set_offline(False)
        await expect(self.frame.get_by_role("log").get_by_text("Sending")).to_have_count(0, timeout=600_000)

    async def check(self) -> None:
        """Everything is there after a reload, once and in order."""
        await self.page.reload()
        await expect(self.frame.locator(".me .bubble")).to_have_text(self.words, timeout=60_000)


async def open_chat(browser: Browser, app: AppServer, number: int) -> Chat:
    page = await browser.new_page(locale="en-GB")
    await page.goto(f"http://127.0.0.1:{app.port}/demo/site")
    await page.get_by_role("button", name="Open chat", exact=True).click()
    return Chat(number, page)


async def test_each_message_arrives_once_and_in_order_whatever_breaks(start_app: StartApp) -> None:
    app = start_app()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        await everybody_writes(app, browser)
        await browser.close()


async def everybody_writes(app: AppServer, browser: Browser) -> None:
    chats = [await open_chat(browser, app, number) for number in range(CHATS)]
    visitors = [Visitor(number, socket_of(app), random.Random(number)) for number in range(VISITORS)]
    writing = [*(visitor.run() for visitor in visitors), *(chat.run() for chat in chats)]
    await asyncio.gather(breaking(app, random.Random(5)), *writing)
    cuts = sum(visitor.cuts for visitor in visitors)
    print(f"{(VISITORS + CHATS) * EACH} messages, {FAULTS} faults of the app, {cuts} lost connections")
    for visitor in visitors:
        async with connect(visitor.url, compression=None) as socket, asyncio.timeout(30):
            messages = await visitor.hello(socket)
        assert [one["text"] for one in messages] == [visitor.text(number) for number in range(EACH)]
        assert [one["n"] for one in messages] == list(range(1, EACH + 1))
    for chat in chats:
        await chat.check()
