"""The one place that touches Reflex's inner parts: starting a handler in somebody's tab, hearing that a tab is gone."""

import asyncio
import hashlib
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

import reflex as rx
from reflex_base.event import Event

PATIENCE_SECONDS = 0.1


class Pusher:
    """Starts handlers in the tabs that are connected to this process."""

    def __init__(self, app: rx.App) -> None:
        self._app = app

    async def start(self, token: str, handler: Any) -> None:
        """Run a handler of a State in the tab with this token, as if it had asked for it.

        Returns when it has run; when the tab is busy with something long, the handler waits there, and nobody here.
        """
        started = await self._app.event_processor.enqueue_many(token, *Event.from_event_type(handler))
        await asyncio.wait(started, timeout=PATIENCE_SECONDS)

    def is_connected(self, token: str) -> bool:
        """Whether the tab's socket ends in this process."""
        namespace = self._app.event_namespace
        if namespace is None:
            return False
        manager = namespace._token_manager
        socket = manager.token_to_socket.get(token)
        return socket is not None and socket.instance_id == manager.instance_id

    def keep_apart(self, cookie: str) -> None:
        """Make a tab's state that of its session too: who signs in on another's tab begins with an empty one.

        A browser keeps the tab's token while one person signs out and another in, and Reflex gives all that a tab has
        shown to whoever names its token.
        """
        namespace = self._app.event_namespace
        assert namespace is not None, "an app with states has its socket"
        original = namespace.link_token_to_sid

        async def linked(sid: str, token: str, **more: Any) -> None:
            assert self._app.sio is not None, "there is a socket, so it has a server"
            environ = self._app.sio.get_environ(sid, namespace.namespace) or {}
            session = _cookie(environ.get("HTTP_COOKIE", ""), cookie)
            await original(sid, hashlib.sha256(f"{token} {session}".encode()).hexdigest(), **more)

        namespace.link_token_to_sid = linked  # type: ignore[method-assign]

    def on_gone(self, tell: Callable[[str], None]) -> None:
        """Tell the token of each tab whose socket closes. Reflex has no hook of its own for it."""
        namespace = self._app.event_namespace
        assert namespace is not None, "an app with states has its socket"
        original = namespace.on_disconnect

        def heard(sid: str, *reason: Any) -> Any:
            token = namespace.sid_to_token.get(sid)
            if token:
                tell(token)
            return original(sid)

        namespace.on_disconnect = heard  # type: ignore[method-assign]


def _cookie(header: str, name: str) -> str:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
