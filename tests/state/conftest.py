"""The app in the test's own event loop, and browsers that speak its socket (socket.io, protocol 5) without a page."""

import asyncio
import json
import os
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import reflex as rx
import uvicorn
from reflex.state import BaseState
from websockets.asyncio.client import ClientConnection, connect

from tests.cast import PATIENCE, Cast, Configure, configure, lite_cast, no_tabs
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.accounts.sign_in import open_session
from witei_app.db import transaction
from witei_app.live import missed
from witei_app.models import User
from witei_app.serve import SERVE_THE_BUILD

__all__ = ["configure", "lite_cast", "no_tabs"]
NAMESPACE = "/_event"
WITHOUT_PAGES = {**SERVE_THE_BUILD, "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false"}


@pytest.fixture(scope="session")
def asgi() -> Any:
    """The app, built once: Reflex's states are one tree for the process."""
    before = dict(os.environ)
    os.environ.update(WITHOUT_PAGES)
    from witei_app.witei_app import app

    made = app()
    os.environ.clear()
    os.environ.update(before)  # a build that follows must not find them
    return made


def all_states(state: type[BaseState] = rx.State) -> Iterator[type[BaseState]]:
    """Every state of ours."""
    if state.__module__.startswith("witei_app."):
        yield state
    for child in sorted(state.get_substates(), key=lambda one: one.get_full_name()):
        yield from all_states(child)


@dataclass
class Tab:
    """A browser's tab: what it was told, all in one text."""

    connection: ClientConnection
    frames: list[str] = field(default_factory=list)
    path: str = "/conversations"

    async def send(self, handler: str, payload: dict[str, Any], path: str = "") -> None:
        """Ask for a handler, by its full name, on the page at this path (or where the tab is)."""
        self.path = path = path or self.path
        router = {"pathname": path, "asPath": path, "query": {}}
        event = {"name": handler, "payload": payload, "router_data": router}
        await self.connection.send(f"42{NAMESPACE}," + json.dumps(["event", event]))

    async def hear_out(self) -> str:
        """All that was said since, up to the whole state of the tab."""
        begin = len(self.frames)
        await self.send("reflex___state____state.hydrate", {})
        async with asyncio.timeout(2 * PATIENCE):
            while not any("is_hydrated" in frame for frame in self.frames[begin:]):
                await self._read()
        return "\n".join(self.frames)

    async def shown(self) -> dict[str, Any]:
        """What the page holds now, by the name of its state and var: "bell_state.count"."""
        begin = len(self.frames)
        await self.hear_out()
        held: dict[str, Any] = {}
        for frame in self.frames[begin:]:
            if "is_hydrated" in frame and '"delta"' in frame:
                for name, values in json.loads(frame[frame.index("[") :])[1]["delta"].items():
                    state = name.rpartition("____")[2].rpartition(".")[2]
                    held |= {f"{state}.{key.removesuffix('_rx_state_')}": value for key, value in values.items()}
        return held

    async def _read(self) -> None:
        frame = str(await self.connection.recv())
        if frame == "2":
            await self.connection.send("3")
        self.frames.append(frame)


@dataclass(frozen=True)
class Running:
    """The app at work."""

    port: int
    cast: Cast

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def tab(self, cookie: str = "", token: str = "", origin: str = "") -> AsyncIterator[Tab]:
        """Open a tab with this session; `token` is what the browser calls the tab, `origin` whose page it is."""
        address = f"ws://127.0.0.1:{self.port}{NAMESPACE}/?EIO=4&transport=websocket&token={token or uuid.uuid4()}"
        headers = {"Cookie": f"witei_session={cookie}"} if cookie else {}
        headers |= {"Origin": origin} if origin else {}
        async with connect(address, additional_headers=headers, max_size=None) as connection:
            await connection.send(f"40{NAMESPACE},")
            yield Tab(connection)


async def cookie_of(actor: Actor) -> str:
    """A session of the actor."""
    async with transaction() as db:
        return await open_session(db, await db.get_one(User, actor.user_id), "127.0.0.1", "tests")


@pytest.fixture
async def running(
    asgi: Any,
    lite_cast: Cast,
    sqlite_url: str,
    configure: Configure,
    no_tabs: None,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    """The app on SQLite, with the cast in it."""
    monkeypatch.setattr(missed, "LOOK_SECONDS", 3600)  # who counts queries counts what was asked for
    await database.dispose()  # the app connects by itself
    configure(DATABASE_URL=sqlite_url.replace("+aiosqlite", ""), EMBEDDED_WORKER="0")
    server = uvicorn.Server(uvicorn.Config(asgi, log_level="warning", lifespan="on"))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    yield Running(int(listener.getsockname()[1]), lite_cast)
    server.should_exit = True
    await serving
