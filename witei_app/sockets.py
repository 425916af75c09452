"""WebSockets at the edge: compressed for the team's pages, plain and small for visitors."""

from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

VISITORS = "/embed/"


class Sockets(WebSocketsSansIOProtocol):
    """Without compression (RFC 7692) for visitors' sockets, and without the headers of their handshake once it is over.

    The buffers of compression cost 41 KB of a socket's 67 KB and a visitor's frames are some hundred bytes, while there
    may be thousands of visitors; the headers are another 5 KB. What the team's pages get is a hundred times larger and
    packs well.
    """

    def handle_connect(self, event: Request) -> None:
        """Answer the handshake; nothing is negotiated with a visitor."""
        if event.path.startswith(VISITORS):
            self.conn.available_extensions = None
        super().handle_connect(event)

    async def send(self, message: Any) -> None:
        """What the application sends; after its "accept" nobody looks at the headers any more."""
        headers = self.scope["headers"]
        await super().send(message)
        if message["type"] == "websocket.accept" and self.request.path.startswith(VISITORS):
            self.request.headers.clear()
            self.response.headers.clear()
            cast(list[Any], headers).clear()  # each layer's copy of the scope has this same list
