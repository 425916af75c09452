"""Builds the app: pages, HTTP mounts, what runs beside them. Nobody imports it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import reflex as rx
import structlog
from reflex.state import OnLoadInternalState
from starlette.applications import Starlette

from witei_app import http, memory
from witei_app.components.notice import fault_boundary, line_keeper, unsaved_keeper
from witei_app.components.outline import inbox_outline
from witei_app.db import connect, dispose
from witei_app.http.assets_cache import AssetsCache
from witei_app.http.guard import SecurityHeaders, SignInGuard
from witei_app.http.session import COOKIE
from witei_app.http.stop_door import StopDoor
from witei_app.http.tabs_door import TabsDoor
from witei_app.http.visitors_door import VisitorsDoor
from witei_app.library_logs import tell_of_browser
from witei_app.live import away, bus, tabs
from witei_app.live.connected import connected
from witei_app.live.push import Pusher
from witei_app.live.relay import Relay
from witei_app.logs import set_up_logs
from witei_app.pages import add_pages
from witei_app.settings import settings
from witei_app.state.live import LiveState
from witei_app.state.signed_in import NotAsked, SignedInState, SignedOut
from witei_app.tasks import end
from witei_app.webchat import present
from witei_app.webchat.minified import minified
from witei_app.worker import running_worker

# In this order: what comes later has the last word.
STYLES = ("theme", "inbox", "floating", "narrow", "forms", "web-chat", "crm", "report", "touch")
log = structlog.get_logger()


def on_fault(exception: Exception) -> rx.event.EventSpec | None:
    """A handler failed: a session that is over leads to /login, everything else is logged and said on the page."""
    if isinstance(exception, SignedOut):
        return rx.redirect("/login")
    if isinstance(exception, NotAsked):
        return SignedInState.tell_away()
    log.error("handler.fault", exc_info=exception)
    return SignedInState.tell_fault()


def on_browser_fault(exception: Exception) -> None:
    """Reflex passes on what a page's script, or whoever says to be one, reports of itself."""
    tell_of_browser(str(exception))


def line() -> rx.Component:
    """What every page says while something is away, and asks when something would be lost."""
    return rx.fragment(line_keeper(LiveState.trouble, rx.State.is_hydrated), unsaved_keeper())


@asynccontextmanager
async def beside_the_pages() -> AsyncIterator[None]:
    """The database, the bus, the relay to the tabs, the visitors' sockets, and the worker where it is embedded."""
    set_up_logs()
    memory.settle()
    await asyncio.to_thread(minified)
    connect(settings().database)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(dispose)
        await stack.enter_async_context(connected())
        pusher = Pusher(app)
        relay = Relay(pusher, LiveState.refresh, OnLoadInternalState.on_load_internal, (LiveState, "trouble"))
        pusher.keep_on(LiveState.come_back)
        pusher.keep_apart(COOKIE)
        pusher.on_here(relay.welcome)
        pusher.on_gone(relay.forget)
        for hear in (relay.hear, present.hear):
            stack.callback(bus.subscribe(hear))
        stack.callback(away.subscribe(relay.note_outage))
        stack.callback(tabs.on_behind(relay.note_behind))
        beside = (relay.run(), relay.keep_saying(), relay.keep_awake())
        tasks = [asyncio.create_task(one) for one in beside]
        stack.push_async_callback(end, tasks)
        if settings().runs_worker:
            await stack.enter_async_context(running_worker())
        yield


app = rx.App(
    theme=None,
    stylesheets=[f"/{name}.css" for name in STYLES],
    app_wraps={
        (55, "ErrorBoundary"): lambda _: fault_boundary(),
        (5, "Overlay"): lambda _: rx.fragment(rx.memo(line)()),
    },
    head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
    hydrate_fallback=inbox_outline,
    toaster=None,
    backend_exception_handler=on_fault,
    frontend_exception_handler=on_browser_fault,
    api_transformer=[
        Starlette(routes=http.routes(), exception_handlers=http.faults()),
        SignInGuard,
        AssetsCache,
        StopDoor,
        SecurityHeaders,
        TabsDoor,
        VisitorsDoor,
    ],
)
app.register_lifespan_task(beside_the_pages)
add_pages(app)
