"""An agency with a widget, its endpoints on a real port, and visitors who come in by WebSocket."""

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from sqlmodel import col, select
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.cast import PATIENCE
from witei_app.accounts.actor import Actor
from witei_app.db import transaction
from witei_app.http.widget import routes
from witei_app.models import Conversation, Message, User, Widget, Workspace
from witei_app.webchat.limits import chat_limits

Frame = dict[str, Any]
PAGE = {"url": "https://sol.example/pisos/gran-via?utm=1", "title": "Ático en Gran Vía", "referrer": ""}


@dataclass
class Agency:
    """A workspace, its widget's key, and Ana who answers."""

    workspace: Workspace
    widget: Widget
    ana: Actor

    @property
    def key(self) -> str:
        return self.widget.key


async def open_agency(name: str, key: str, sites: list[str] | None = None) -> Agency:
    """A workspace with one user and one widget."""
    async with transaction() as db:
        workspace = Workspace(name=name, mailbox=key)
        db.add(workspace)
        await db.flush()
        ana = User(workspace_id=workspace.id, email=f"ana@{key}.test", name="Ana Ruiz")
        widget = Widget(workspace_id=workspace.id, key=key, name="Web", sites=sites or [])
        db.add_all([ana, widget])
        await db.flush()
    return Agency(workspace, widget, Actor.of(ana))


@pytest.fixture
async def sol(db: str) -> Agency:
    """Inmobiliaria Sol, on each kind of database."""
    return await open_agency("Inmobiliaria Sol", "sol")


@pytest.fixture
async def lite_sol(sqlite_db: str) -> Agency:
    """Inmobiliaria Sol on SQLite, where the kind of database cannot matter."""
    return await open_agency("Inmobiliaria Sol", "sol")


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    chat_limits.forget()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The widget's endpoints, served by uvicorn in the test's own event loop."""
    config = uvicorn.Config(
        Starlette(routes=routes), log_level="warning", lifespan="off", ws="witei_app.sockets:Sockets"
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield int(listener.getsockname()[1])
    server.should_exit = True
    await serving


@dataclass
class Visitor:
    """A browser with the chat open: what it heard, and how to go on."""

    connection: ClientConnection
    token: str | None = None
    heard: list[Frame] = field(default_factory=list)

    async def send(self, frame: Frame | str) -> None:
        """One frame, well-formed or not."""
        await self.connection.send(frame if isinstance(frame, str) else json.dumps(frame))

    async def hello(self, **more: Any) -> Frame:
        """Say hello; gives the welcome."""
        await self.send({"t": "hello", "token": self.token, "since": 0, "page": PAGE, "lang": "es", **more})
        welcome = await self.hear("welcome")
        self.token = welcome.get("token", self.token)
        return welcome

    async def hello_again(self, visit: "Visit", agency: Agency) -> Frame:
        """What another tab of the same browser is welcomed with."""
        tab = await visit(agency.key, self.token)
        welcome: Frame = await tab.hello()
        return welcome

    async def say(self, text: str, message_id: str = "") -> Frame:
        """Send a message; gives the answer to it."""
        message_id = message_id or str(uuid.uuid4())
        await self.send({"t": "say", "id": message_id, "text": text})
        return await self.hear("said", "refused", where=lambda frame: frame.get("id") == message_id)

    async def hear(self, *kinds: str, where: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """The next frame of one of these kinds; what comes before it is kept in `heard`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: Frame = json.loads(await self.connection.recv())
                self.heard.append(frame)
                if frame["t"] in kinds and where(frame):
                    return frame


Visit = Callable[..., Any]


@pytest.fixture
async def visit(port: int) -> AsyncIterator[Visit]:
    """Opens the chat of a widget: `await visit("sol")`; headers as keywords of `connect`."""
    async with AsyncExitStack() as stack:

        async def open_chat(key: str, token: str | None = None, **options: Any) -> Visitor:
            options.setdefault("origin", f"http://localhost:{port}")
            url = f"ws://localhost:{port}/embed/socket?key={key}"
            return Visitor(await stack.enter_async_context(connect(url, **options)), token)

        yield open_chat


async def closing(visitor: Visitor) -> tuple[int, str]:
    """The code and reason that the server closes with."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE):
            while True:
                await visitor.connection.recv()
    protocol = visitor.connection.protocol
    return protocol.close_code or 0, protocol.close_reason or ""


async def conversations() -> list[Conversation]:
    """All conversations, oldest first."""
    async with transaction() as db:
        return list((await db.exec(select(Conversation).order_by(col(Conversation.id)))).all())


async def texts() -> list[str]:
    """What is stored of messages, oldest first."""
    async with transaction() as db:
        return list((await db.exec(select(Message.text).order_by(col(Message.id)))).all())
