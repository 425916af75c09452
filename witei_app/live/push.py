"""The one place that touches Reflex's inner parts: starting a handler in somebody's tab, hearing that a tab is gone."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

import reflex as rx
from reflex.app import EventNamespace
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import StateUpdate
from reflex_base.constants import CompileVars, RouteVar
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

PATIENCE_SECONDS = 0.1


class Pusher:
    """Starts handlers in the tabs that are connected to this process."""

    def __init__(self, app: rx.App) -> None:
        self._app = app
        self._returning: set[str] = set()

    async def start(self, token: str, handler: Any, has_run: Callable[[], None] = lambda: None) -> None:
        """Run a handler of a State in the tab with this token, as if it had asked for it; tell when it has run.

        Returns about then; when the tab is busy with something long, the handler waits there, and nobody here.
        """
        started = await self._app.event_processor.enqueue_many(token, *Event.from_event_type(handler))
        for one in started:
            one.add_done_callback(lambda _: has_run())
        await asyncio.wait(started, timeout=PATIENCE_SECONDS)

    async def show(self, token: str, state: type[rx.State], name: str, value: Any) -> None:
        """Show a var of a State in the tab, whatever its handlers wait for. The state itself must come to the same."""
        delta = {state.get_full_name(): {state.vars[name]._js_expr.rpartition(".")[2]: value}}
        await self._namespace().emit_update(StateUpdate(delta=delta), token)

    def is_connected(self, token: str) -> bool:
        """Whether the tab's socket ends in this process."""
        manager = self._namespace()._token_manager
        socket = manager.token_to_socket.get(token)
        return socket is not None and socket.instance_id == manager.instance_id

    async def hang_up(self, token: str) -> None:
        """End the tab's line. The browser calls again at once and reads its page anew."""
        socket = self._namespace()._token_manager.token_to_socket.get(token)
        sio = self._app.sio
        if socket is not None and sio is not None:
            name = sio.manager.eio_sid_from_sid(socket.sid, self._namespace().namespace)
            line = sio.eio.sockets.get(name)
            ending = asyncio.create_task(sio.eio.disconnect(name))
            await asyncio.wait([ending], timeout=PATIENCE_SECONDS)
            if line is not None:
                line.queue.put_nowait(None)  # the good-bye alone closes nothing: browsers wait for more

    def drop_state(self, token: str) -> None:
        """Forget what the tab has shown: it has its line to another process now."""
        manager = self._app.state_manager
        assert isinstance(manager, StateManagerMemory), "as rxconfig.py says"
        manager._purge_token(BaseStateToken(ident=token, cls=rx.State))

    def keep_on(self, come_back: Any) -> None:
        """A tab whose line was lost goes on where it was: `come_back` runs in place of the page's on_load, which would
        close what is open and forget what is half written.

        So says the browser: only a page that is being loaded names what it holds already. The old line may be dead, and
        nobody here has noticed; without this Reflex would take the tab for a copy and give it an empty state.
        """
        namespace = self._namespace()
        original_connect, original_event = namespace.on_connect, namespace.on_event

        async def connected(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
            if isinstance(auth, dict) and _is_return(auth.get(CompileVars.CONNECT_AUTH_EVENT)):
                self._returning.add(sid)
            try:
                await original_connect(sid, environ, auth)
            finally:
                self._returning.discard(sid)

        async def heard(sid: str, data: Any) -> None:
            if sid in self._returning and self._shows_page_of(namespace.sid_to_token.get(sid, ""), data):
                data = {**data, "name": format_event_handler(come_back), "payload": {}}
            await original_event(sid, data)

        namespace.on_connect = connected  # type: ignore[method-assign]
        namespace.on_event = heard  # type: ignore[method-assign]

    def _shows_page_of(self, token: str, event: dict[str, Any]) -> bool:
        """Whether the tab's state is here, was loaded whole, and is of the page that the event comes from."""
        manager = self._app.state_manager
        assert isinstance(manager, StateManagerMemory), "as rxconfig.py says"
        state = manager.states.get(BaseStateToken(ident=token, cls=rx.State).cache_key)
        asked = event.get("router_data")
        if state is None or not state.is_hydrated or not isinstance(asked, dict):
            return False
        return _page(state.router_data) == _page(asked)

    def _forget_dead_line(self, sid: str, token: str) -> None:
        manager = self._namespace()._token_manager
        record = manager.token_to_socket.get(token)
        if sid in self._returning and record is not None and record.sid != sid:
            manager.token_to_socket.pop(token)
            manager.sid_to_token.pop(record.sid, None)

    def keep_apart(self, cookie: str) -> None:
        """Make a tab's state that of its session too: who signs in on another's tab begins with an empty one.

        A browser keeps the tab's token while one person signs out and another in, and Reflex gives all that a tab has
        shown to whoever names its token.
        """
        namespace = self._namespace()
        original = namespace.link_token_to_sid

        async def linked(sid: str, token: str, **more: Any) -> None:
            assert self._app.sio is not None, "there is a socket, so it has a server"
            environ = self._app.sio.get_environ(sid, namespace.namespace) or {}
            session = _cookie(environ.get("HTTP_COOKIE", ""), cookie)
            own = hashlib.sha256(f"{token} {session}".encode()).hexdigest()
            self._forget_dead_line(sid, own)
            await original(sid, own, **more)

        namespace.link_token_to_sid = linked  # type: ignore[method-assign]

    def on_here(self, tell: Callable[[str], Awaitable[None]]) -> None:
        """Tell the token of each tab whose socket opens. Reflex has no hook of its own for it."""
        namespace = self._namespace()
        original = namespace.link_token_to_sid

        async def linked(sid: str, token: str, **more: Any) -> None:
            await original(sid, token, **more)
            await tell(namespace.sid_to_token.get(sid, ""))

        namespace.link_token_to_sid = linked  # type: ignore[method-assign]

    def on_gone(self, tell: Callable[[str], None]) -> None:
        """Tell the token of each tab whose socket closes. Reflex has no hook of its own for it."""
        namespace = self._namespace()
        original = namespace.on_disconnect

        def heard(sid: str, *reason: Any) -> Any:
            token = namespace.sid_to_token.get(sid)
            if token:
                tell(token)
            return original(sid)

        namespace.on_disconnect = heard  # type: ignore[method-assign]

    def _namespace(self) -> EventNamespace:
        namespace = self._app.event_namespace
        assert namespace is not None, "an app with states has its socket"
        return namespace


def _is_return(event: Any) -> bool:
    name = format_event_handler(rx.State.event_handlers[CompileVars.HYDRATE_AND_LOAD])
    if not isinstance(event, dict) or event.get("name") != name:
        return False
    payload = event.get("payload")
    return isinstance(payload, dict) and CompileVars.PAYLOAD_HASHES not in payload


def _page(router_data: dict[str, Any]) -> str:
    return str(router_data.get(RouteVar.ORIGIN, "")).partition("?")[0].partition("#")[0].rstrip("/")


def _cookie(header: str, name: str) -> str:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
