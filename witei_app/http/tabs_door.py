"""Around everything: the pages' socket is for who is signed in. Nobody else gets past here, to cost a tab's state."""

import asyncio
import contextlib
import json
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Iterator

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from witei_app.accounts.sign_in import user_of_token
from witei_app.db import reading
from witei_app.http.session import token_of
from witei_app.serve import allowed_origins
from witei_app.settings import settings
from witei_app.sockets import trust

NAMESPACE = "/_event"
# Of one person: sockets at once, and tabs within the two hours that a closed one's state is kept. Nobody has as many.
MOST_TABS = 300
MOST_LATELY = 1_000
_KEPT_SECONDS = 2 * 3600
# Who is to go gets this long to say hello and to hear where to.
_PATIENCE = 10
_MOST_GOING = 200

log = structlog.get_logger()


class Room:
    """How many tabs each person has, and had lately."""

    def __init__(self) -> None:
        self._open = Counter[int]()
        self._tabs, self._since = defaultdict[int, set[str]](set), 0.0

    @contextlib.contextmanager
    def for_tab(self, user_id: int, tab: str) -> Iterator[bool]:
        """Whether there is room for it; if so, it takes it."""
        if time.monotonic() - self._since > _KEPT_SECONDS:
            self._tabs.clear()
            self._open, self._since = +self._open, time.monotonic()
        tabs = self._tabs[user_id]
        if self._open[user_id] >= MOST_TABS or (len(tabs) >= MOST_LATELY and tab not in tabs):
            yield False
            return
        tabs.add(tab)
        self._open[user_id] += 1
        try:
            yield True
        finally:
            self._open[user_id] -= 1

    def forget(self) -> None:
        """Begin anew (other tests)."""
        self._open.clear()
        self._tabs.clear()


room = Room()


class TabsDoor:
    """Asks where the page comes from, and for the session, before Reflex sees the socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._going = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return await self._app(scope, receive, send)
        socket = WebSocket(scope, receive, send)
        if socket.headers.get("origin") not in (None, *allowed_origins(settings())):
            return await socket.close()  # another site's page is not even told where to sign in
        try:
            async with reading() as db:
                user = await user_of_token(db, token_of(socket))
        except (SQLAlchemyError, OSError):
            return await socket.close()  # the page asks again
        if user is None:
            return await self._send_away(socket, "/login")
        assert user.id is not None, "who is signed in is stored"
        with room.for_tab(user.id, socket.query_params.get("token", "")[:100]) as has_room:
            if has_room:
                trust(scope)
                return await self._app(scope, receive, send)
        log.warning("tabs.too_many", user_id=user.id)
        return await self._send_away(socket, "")

    async def _send_away(self, socket: WebSocket, goal: str) -> None:
        """Speak the page's protocol just long enough to say where to go; a refused handshake it would try again."""
        if self._going >= _MOST_GOING:
            return await socket.close()
        self._going += 1
        try:
            with contextlib.suppress(Exception):  # whoever it is, and whatever they send
                async with asyncio.timeout(_PATIENCE):
                    await _tell(socket, goal)
                    while True:  # until it is gone
                        await socket.receive_text()
        finally:
            self._going -= 1
            with contextlib.suppress(Exception):
                await socket.close()


async def _tell(socket: WebSocket, goal: str) -> None:
    """Engine.IO 4 and Socket.IO 5: hello, the namespace, the event as Reflex would word it, good-bye."""
    await socket.accept(subprotocol=next(iter(socket.scope.get("subprotocols", [])), None))
    hello = {"upgrades": [], "pingInterval": 60_000, "pingTimeout": 60_000, "maxPayload": 1_000_000}
    await socket.send_text("0" + json.dumps({"sid": secrets.token_urlsafe(15), **hello}))
    while not (await socket.receive_text()).startswith(f"40{NAMESPACE}"):
        pass
    await socket.send_text(f"40{NAMESPACE}," + json.dumps({"sid": secrets.token_urlsafe(15)}))
    if goal:
        place = {"path": goal, "external": False, "popup": False, "replace": False}
        event = {"delta": {}, "events": [{"name": "_redirect", "payload": place}], "final": True}
        await socket.send_text(f"42{NAMESPACE}," + json.dumps(["event", event]))
    await socket.send_text(f"41{NAMESPACE},")
