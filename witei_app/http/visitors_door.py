"""Around everything: visitors' sockets go straight to the chat, past what is there for pages."""

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from witei_app.http.widget_socket import chat_socket


class VisitorsDoor:
    """There may be thousands of these sockets, and each layer between costs some hundred bytes all the while."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == "/embed/socket":
            await chat_socket(WebSocket(scope, receive, send))
        else:
            await self._app(scope, receive, send)
