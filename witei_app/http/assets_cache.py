"""How long browsers may keep the pages' files: those with a hash in their name for ever, the rest after asking."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOR_EVER = "public, max-age=31536000, immutable"
AFTER_ASKING = "no-cache"

# The name that Vite gives: /assets/composer-BkVO-4Gy.js
_HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+")


class AssetsCache:
    """ASGI middleware that adds Cache-Control where an answer has none.

    A page kept too long would ask for files that the next build no longer has; its ETag makes asking cheap.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, the start of HTTP answers with the header."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_header(message, scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_header)


def _add_header(start: Message, path: str) -> None:
    is_kept = start["status"] in {200, 206, 304} and _HASHED.fullmatch(path) is not None
    MutableHeaders(scope=start).setdefault("Cache-Control", FOR_EVER if is_kept else AFTER_ASKING)
