"""WebSockets at the edge: compressed for the team's pages, plain for visitors."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

VISITORS = "/embed/"


class Sockets(WebSocketsSansIOProtocol):
    """Without compression (RFC 7692) for visitors' sockets.

    Its buffers cost 41 KB of a socket's 67 KB and a visitor's frames are some hundred bytes, while there may be
    thousands of visitors. What the team's pages get is a hundred times larger and packs well.
    """

    def handle_connect(self, event: Request) -> None:
        """Answer the handshake; nothing is negotiated with a visitor."""
        if event.path.startswith(VISITORS):
            self.conn.available_extensions = None
        super().handle_connect(event)
