"""A mail server that does as it is told."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


@dataclass
class Server:
    """Answers RCPT and DATA as scripted, EHLO too where `hello` says so; keeps what it took.

    "drop" closes the connection instead.
    """

    port: int = field(default_factory=free_port)
    hello: str = ""
    rcpt: str = "250 OK"
    data: str = "250 OK, taken"
    taken: list[Envelope] = field(default_factory=list)
    connections: int = 0
    holds: int = 0
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    @property
    def url(self) -> str:
        """As WITEI_SMTP_RELAY_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """A connection that says hello."""
        session.host_name = hostname
        self.connections += 1
        return [self.hello] if self.hello else responses

    async def handle_RCPT(self, server: SMTP, _s: Session, envelope: Envelope, address: str, _options: Any) -> str:
        """The scripted answer."""
        if self.rcpt == "drop":
            await self._drop(server)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The scripted answer, after all was read and once it may be given."""
        self.holds += 1
        await asyncio.to_thread(self.may_answer.wait, 30)
        if self.data == "drop":
            await self._drop(server)
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data

    async def _drop(self, server: SMTP) -> None:
        assert server.transport is not None
        server.transport.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(1)


@pytest.fixture
def server() -> Iterator[Server]:
    """The mail server, listening."""
    scripted = Server()
    controller = Controller(scripted, hostname="127.0.0.1", port=scripted.port)
    controller.start()
    yield scripted
    controller.stop()
