"""HTTP at the edge: who asks slowly, endlessly or from too many connections at once is hung up on.

A proxy before us does the same for its clients; this is for who runs without one, and for what a proxy passes on.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from witei_app.networks import is_here, network
from witei_app.settings import settings

MOST_HEAD = 64 * 1024
HEAD_SECONDS = 20.0
# Of a body at least BODY_LEAST bytes come in so many seconds; of an answer something is taken in so many.
BODY_SECONDS, BODY_LEAST = 30.0, 8 * 1024
TAKEN_SECONDS = 60.0
# A whole office behind one address opens fewer.
MOST_CONNECTIONS = 1000

_open = Counter[str]()


class TakenInTime(asyncio.Protocol):
    """Before a protocol of uvicorn's: a client that does not take what it is sent gets some time, and is hung up on."""

    loop: asyncio.AbstractEventLoop
    transport: Any
    _untaken: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """It takes no more."""
        super().pause_writing()
        self._untaken = self.loop.call_later(TAKEN_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        if self._untaken:
            self._untaken.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self.resume_writing()
        super().connection_lost(exc)


class Requests(TakenInTime, HttpToolsProtocol):
    """Counts what has come since when."""

    _waiting: asyncio.TimerHandle | None = None
    _heads = _body = 0
    _is_in_head = False

    def connection_made(self, transport: Any) -> None:
        """One more of its address, unless there are too many."""
        super().connection_made(transport)
        if not enter(self.client):
            transport.abort()
        self._wait(HEAD_SECONDS, self._hang_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """One less."""
        leave(self.client)
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Part of a head, or of a body."""
        self._body += len(data)
        self._heads += len(data)
        super().data_received(data)
        if self._is_in_head and self._heads > MOST_HEAD and not self.transport.is_closing():
            self.transport.write(STATUS_LINE[431] + b"content-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        """The first bytes of a request."""
        super().on_message_begin()
        self._is_in_head, self._heads = True, 0
        self._wait(HEAD_SECONDS, self._hang_up)

    def on_headers_complete(self) -> None:
        """A body follows, or nothing."""
        self._is_in_head = False
        self._wait_for_body()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of the request is here; what takes its time now are we."""
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """The connection goes on as a socket, which is counted as the same one."""
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _wait_for_body(self) -> None:
        self._body = 0
        self._wait(BODY_SECONDS, self._look_at_body)

    def _look_at_body(self) -> None:
        if self._body < BODY_LEAST and not self.flow.read_paused:
            self._hang_up()
        else:
            self._wait_for_body()

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(seconds, then)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def enter(client: tuple[str, int] | None) -> bool:
    """One more connection of this address. Whether there is room for it."""
    key = _counted(client)
    _open[key] += 1
    return not key or _open[key] <= MOST_CONNECTIONS


def leave(client: tuple[str, int] | None) -> None:
    """One less."""
    key = _counted(client)
    _open[key] -= 1
    if _open[key] <= 0:
        del _open[key]


def _counted(client: tuple[str, int] | None) -> str:
    """Whose connection it is; "" for a proxy of the operator's, who is everybody."""
    return network(client[0]) if client and not settings().trusted_proxy_hops and not is_here(client[0]) else ""
