"""A tab without a browser that lives as one does: it holds what it was told, and calls again when its line is lost."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from witei_app.state.inbox import PIECES as LIST_PIECES
from witei_app.state.thread import PIECES as THREAD_PIECES

ROOT = "reflex___state____state"
NAMESPACE = "/_event"
MOST_PAUSE = 2.0


def handler(module: str, state: str, name: str) -> str:
    """The name of a handler on the wire: handler("inbox", "inbox_state", "load")."""
    return f"{ROOT}.witei_app___state___signed_in____signed_in_state.witei_app___state___{module}____{state}.{name}"


class Screen:
    """`held` is what the page shows, by state and var; `frames` counts what came, `lines` how often it connected."""

    def __init__(self, url: str, cookie: str, path: str = "/conversations") -> None:
        self.url, self.path = url, path
        self.token = str(uuid.uuid4())
        self.held: dict[str, dict[str, Any]] = {}
        self.frames = self.lines = self.bytes = 0
        self.socket: ClientConnection | None = None
        self._headers = {"Accept-Language": "en", "Cookie": f"witei_session={cookie}"}
        self._living: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Screen":
        """Open it, and wait until the page is there."""
        self._living = asyncio.create_task(self._live())
        await until(lambda: self.var("state", "is_hydrated") and not self.var("inbox_state", "is_loading"))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        assert self._living is not None
        self._living.cancel()
        await asyncio.gather(self._living, return_exceptions=True)

    async def ask(self, module: str, state: str, name: str, **payload: Any) -> None:
        """What a click does."""
        assert self.socket is not None, "the line is lost"
        event = self._event(handler(module, state, name), payload)
        await self.socket.send(f"42{NAMESPACE}," + json.dumps(["event", event]))

    async def open(self, conversation_id: int) -> None:
        """Click on a row, and wait for the thread."""
        self.path = f"/conversations/{conversation_id}"
        name = "conversations_page_state"
        await self.ask("conversations_page", name, "open", conversation_id=conversation_id)
        await until(lambda: self.var("thread_state", "conversation_id") == conversation_id and self.messages())

    async def lose_the_line(self) -> None:
        """It breaks without a word."""
        assert self.socket is not None
        self.socket.transport.abort()
        self.socket = None
        await until(lambda: self.socket is not None and self.var("state", "is_hydrated"))

    def var(self, state: str, name: str) -> Any:
        """What the page holds."""
        return self.held.get(state, {}).get(name)

    def rows(self) -> list[int]:
        """The conversations of the list, from the top."""
        inbox = self.held.get("inbox_state", {})
        newest = {row["id"]: row for part in ("rows", *LIST_PIECES) for row in inbox.get(part, [])}
        rows = [row for row in newest.values() if row["id"] not in inbox.get("gone", [])]
        return [row["id"] for row in sorted(rows, key=lambda row: (row["rank"], row["id"]), reverse=True)]

    def messages(self) -> list[int]:
        """The messages of the open thread, from the top."""
        thread = self.held.get("thread_state", {})
        turn = thread.get("turn", 0)
        parts = ["messages", *THREAD_PIECES[turn:], *THREAD_PIECES[:turn]]
        newest = {row["id"]: row for part in parts for row in thread.get(part, [])}
        gone = thread.get("withdrawn", [])
        return [number for number, row in newest.items() if row["kind"] != "event" and number not in gone]

    async def _live(self) -> None:
        pause = 0.0
        while True:
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                address = (
                    f"{self.url.replace('http', 'ws', 1)}{NAMESPACE}/?EIO=4&transport=websocket&token={self.token}"
                )
                async with connect(address, additional_headers=self._headers, max_size=None, close_timeout=1) as line:
                    await self._hear(line)
            self.socket = None
            pause = min(pause + 0.2, MOST_PAUSE)
            await asyncio.sleep(pause)

    async def _hear(self, line: ClientConnection) -> None:
        opened = json.loads(str(await line.recv())[1:])
        patience = (opened["pingInterval"] + opened["pingTimeout"]) / 1000
        # A page that is being loaded names what it holds; one that was loaded names nothing.
        payload = {} if self.lines else {"hashes": ["none"]}
        boot = self._event(f"{ROOT}.hydrate_and_load", payload)
        await line.send(f"40{NAMESPACE}," + json.dumps({"event": boot}))
        while True:
            async with asyncio.timeout(patience):  # `wait_for` would lose a cancellation now and then
                frame = str(await line.recv())
            if frame == "2":
                await line.send("3")
            elif frame.startswith(f"40{NAMESPACE}"):
                self.socket, self.lines = line, self.lines + 1
            elif frame.startswith(f"42{NAMESPACE},"):
                self._take(*json.loads(frame[frame.index("[") :]))
            self.frames, self.bytes = self.frames + 1, self.bytes + len(frame)

    def _take(self, kind: str, told: Any) -> None:
        if kind == "new_token":
            self.token = told
        elif kind == "event":
            for state, values in (told.get("delta") or {}).items():
                mine = self.held.setdefault(state.rpartition("____")[2].rpartition(".")[2], {})
                mine |= {name.removesuffix("_rx_state_"): value for name, value in values.items()}

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        router = {"pathname": self.path, "asPath": self.path, "query": {}}
        return {"name": name, "payload": payload, "router_data": router}


async def until(look: Callable[[], Any], within: float = 20.0) -> None:
    """Return as soon as it is so; an error when it takes too long."""
    deadline = time.monotonic() + within
    while not look():
        assert time.monotonic() < deadline, "it has not come to that"
        await asyncio.sleep(0.02)
