"""One open tab without a browser: Reflex's socket (Engine.IO 4, Socket.IO 5) spoken by hand over a WebSocket.

It says what the browser says, so the server does the same work for it: a handshake with the session cookie, the
hydrate event in the CONNECT packet, on_load, then events. Frames: "0" open, "2" ping, "3" pong, "40" connect,
"42" event.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT_STATE = "reflex___state____state"
SIGNED_IN = f"{ROOT_STATE}.witei_app___state___signed_in____signed_in_state"
NAMESPACE = "/_event"
Heard = Callable[["Tab", str, float], None]


def handler(module: str, state: str, name: str) -> str:
    """The name of a handler on the wire: handler("inbox", "inbox_state", "load")."""
    return f"{SIGNED_IN}.witei_app___state___{module}____{state}.{name}"


class Tab:
    """A signed-in tab. `heard` gets every frame with a delta, and the moment it came."""

    def __init__(self, base_url: str, cookie: str, path: str = "/conversations/", heard: Heard | None = None) -> None:
        self._url = f"{base_url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={uuid4()}"
        self._headers = {"Cookie": f"witei_session={cookie}", "Origin": base_url, "Accept-Language": "en"}
        self._path = path
        self._heard = heard
        self._socket: ClientConnection | None = None
        self._waiting: tuple[str, asyncio.Future[float]] | None = None
        self._reader: asyncio.Task[None] | None = None
        self.bytes_received = 0

    async def open(self, until: str) -> None:
        """Connect, hydrate, load the page; returns when a frame holds the text `until`."""
        self._socket = await connect(
            self._url, additional_headers=self._headers, max_size=None, open_timeout=30, close_timeout=1
        )
        assert str(await self._socket.recv()).startswith("0")
        boot = self._event(f"{ROOT_STATE}.hydrate_and_load", {})
        arrived = self._expect(until)
        await self._socket.send(f"40{NAMESPACE},{json.dumps({'event': boot})}")
        self._reader = asyncio.create_task(self._read())
        await asyncio.wait_for(arrived, 60)

    async def ask(self, name: str, payload: dict[str, Any], until: str) -> float:
        """Fire an event; gives the seconds until a frame with the text `until` was there."""
        assert self._socket is not None
        arrived = self._expect(until)
        began = time.perf_counter()
        await self._socket.send(f"42{NAMESPACE},{json.dumps(['event', self._event(name, payload)])}")
        return await asyncio.wait_for(arrived, 30) - began

    async def close(self) -> None:
        """Leave."""
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.close()

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        router = {"pathname": self._path, "asPath": self._path, "query": {}}
        return {"name": name, "payload": payload, "router_data": router}

    def _expect(self, until: str) -> asyncio.Future[float]:
        arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting = until, arrived
        return arrived

    async def _read(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(ConnectionClosed):
            async for frame in self._socket:
                text = str(frame)
                if text == "2":
                    await self._socket.send("3")
                    continue
                self.bytes_received += len(text)
                self._look(text)

    def _look(self, text: str) -> None:
        if self._waiting is not None and self._waiting[0] in text:
            arrived, self._waiting = self._waiting[1], None
            if not arrived.done():
                arrived.set_result(time.perf_counter())
        if self._heard is not None:
            self._heard(self, text, time.time())
