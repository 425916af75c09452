"""WebSockets at the edge: compressed for the team's pages, plain and small for visitors."""

from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from witei_app.requests import TakenInTime, leave

VISITORS = "/embed/"
# Of one frame: a visitor's are a quarter of it at most. A page of who is signed in sends up to a million letters (more
# Reflex does not take), each of which may be four bytes.
MOST_OF_ANYBODY = 64 * 1024
_MOST_OF_USERS = 4_000_000
_SIGNED_IN = "is_signed_in"


def trust(scope: Scope) -> None:
    """Take large frames on this socket once it is accepted: it is of somebody who is signed in."""
    scope.setdefault("state", {})[_SIGNED_IN] = True


class Sockets(TakenInTime, WebSocketsSansIOProtocol):
    """Without compression (RFC 7692) for visitors' sockets, and without the headers of their handshake once it is over.

    The buffers of compression cost 41 KB of a socket's 67 KB and a visitor's frames are some hundred bytes, while there
    may be thousands of visitors; the headers are another 5 KB. What the team's pages get is a hundred times larger and
    packs well.
    """

    def connection_lost(self, exc: Exception | None) -> None:
        """One connection less of its address; it came as a request."""
        leave(self.client)
        super().connection_lost(exc)

    def handle_connect(self, event: Request) -> None:
        """Answer the handshake; nothing is negotiated with a visitor."""
        if event.path.startswith(VISITORS):
            self.conn.available_extensions = None
        super().handle_connect(event)

    async def send(self, message: Any) -> None:
        """What the application sends; after its "accept" nobody looks at the headers any more."""
        headers = self.scope["headers"]
        if message["type"] == "websocket.accept" and self.scope["state"].get(_SIGNED_IN):
            self.conn.max_message_size = _MOST_OF_USERS
        await super().send(message)
        if message["type"] == "websocket.accept" and self.request.path.startswith(VISITORS):
            self.request.headers.clear()
            self.response.headers.clear()
            cast(list[Any], headers).clear()  # each layer's copy of the scope has this same list
