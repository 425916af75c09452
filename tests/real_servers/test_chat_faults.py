"""Visitors send numbered messages while their connections are cut and the app is killed and started again at random.

Each message arrives once and in order, in the visitor's own conversation. CHAT_FAULTS=200,10000,12 makes it so many
visitors, messages and kills.
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

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.conftest import StartApp
from tests.servers import AppServer

VISITORS, MESSAGES, KILLS = (int(number) for number in os.environ.get("CHAT_FAULTS", "8,96,2").split(","))
EACH = MESSAGES // VISITORS
CUTS = 0.08  # of all messages, how many lose their connection: before they go, or before they are acknowledged
ANSWER_WITHIN = 10


class Cut(Exception):
    """The connection is gone."""


@dataclass
class Visitor:
    """What chat.js does: one message at a time, under a name of its own, until it is acknowledged."""

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


async def killing(app: AppServer, chance: random.Random) -> None:
    """Kill it and start it again, some times."""
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.3, 2 + MESSAGES / 1000))
        await asyncio.to_thread(app.stop, signal.SIGKILL)
        await asyncio.to_thread(app.start)


async def test_each_message_arrives_once_and_in_order_whatever_breaks(start_app: StartApp) -> None:
    app = start_app()
    visitors = [Visitor(number, socket_of(app), random.Random(number)) for number in range(VISITORS)]
    await asyncio.gather(killing(app, random.Random(5)), *(visitor.run() for visitor in visitors))
    print(f"{VISITORS * EACH} messages, {KILLS} kills, {sum(visitor.cuts for visitor in visitors)} lost connections")
    for visitor in visitors:
        async with connect(visitor.url, compression=None) as socket, asyncio.timeout(30):
            messages = await visitor.hello(socket)
        assert [one["text"] for one in messages] == [visitor.text(number) for number in range(EACH)]
        assert [one["n"] for one in messages] == list(range(1, EACH + 1))
