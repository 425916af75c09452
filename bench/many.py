"""Many visitors in a process of their own: python -m bench.many URL COUNT TALKERS RATE SECONDS WATCHED.

Each has a WebSocket. With "chat" in the URL they say what the chat says; else they send the text alone, to a bare
server. Prints "ready" when all are connected, and again when each talker has written once. When a line comes in, the
talkers write RATE messages a second, of these the WATCHED first ones one each. Then it prints for each marker when
it was sent, and how many were acknowledged and refused.
"""

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

AT_A_TIME = 20


class Visitor:
    """One of them."""

    def __init__(self, number: int, url: str) -> None:
        self.number, self.url, self.is_chat = number, url, "/embed/" in url
        self.heard: Counter[str] = Counter()
        self.socket: ClientConnection | None = None

    async def arrive(self) -> None:
        """Connect, say hello, be welcomed."""
        self.socket = await connect(self.url, compression=None, open_timeout=120, ping_interval=None, max_queue=4)
        if self.is_chat:
            page = {"url": f"https://agency.test/flats/{self.number}", "title": "A flat", "referrer": ""}
            await self.socket.send(json.dumps({"t": "hello", "token": None, "since": 0, "page": page, "lang": "es"}))
            assert json.loads(await self.socket.recv())["t"] == "welcome"
        self.reader = asyncio.create_task(self._read())

    async def say(self, text: str) -> None:
        """A message. The answer is counted when it comes."""
        assert self.socket is not None
        frame = {"t": "say", "id": f"bench-{self.number:05}-{time.time_ns()}", "text": text}
        await self.socket.send(json.dumps(frame) if self.is_chat else text)

    async def _read(self) -> None:
        assert self.socket is not None
        with suppress(ConnectionClosed):
            async for text in self.socket:
                self.heard[json.loads(text)["t"] if self.is_chat else "said"] += 1


async def main(url: str, count: int, talkers: int, rate: int, seconds: int, watched: int) -> None:
    """All of it."""
    visitors = [Visitor(number, url) for number in range(count)]
    for at in range(0, count, AT_A_TIME):
        await asyncio.gather(*(one.arrive() for one in visitors[at : at + AT_A_TIME]))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for at in range(0, talkers, AT_A_TIME):
        await asyncio.gather(*(one.say(f"first of {one.number}") for one in visitors[at : at + AT_A_TIME]))
        await asyncio.sleep(0.3)
    while visitors[0].is_chat and sum(one.heard["said"] for one in visitors[:talkers]) < talkers:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    before = _answers(visitors)
    sent = await _talk(visitors, talkers, rate, seconds, watched)
    await asyncio.sleep(5)
    answers = _answers(visitors)
    print(
        json.dumps({"sent": sent, "said": answers["said"] - before["said"], "refused": answers["refused"]}), flush=True
    )


def _answers(visitors: list[Visitor]) -> Counter[str]:
    return sum((one.heard for one in visitors), Counter[str]())


async def _talk(visitors: list[Visitor], talkers: int, rate: int, seconds: int, watched: int) -> dict[str, float]:
    """Evenly spread; each of the watched visitors writes once a second."""
    sent: dict[str, float] = {}
    seen, others = itertools.cycle(visitors[:watched]), itertools.cycle(visitors[watched:talkers])
    began = time.monotonic()
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        is_watched = number % (rate // watched) == 0
        one = next(seen if is_watched else others)
        sent[str(number)] = time.time()
        await one.say(f"bench-{number}-end {'seen' if is_watched else ''}")
    return sent


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:7])))
