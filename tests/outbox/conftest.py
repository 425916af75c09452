"""The cast, an answer on its way, and a mail server that says what the test wants."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from tests.cast import Cast, act, announced, cast, configure, lite_cast, open_conversation
from tests.name_server import name_server
from tests.servers import free_port
from witei_app.conversations.reply import send_reply
from witei_app.models import Message

__all__ = ["announced", "cast", "configure", "lite_cast", "name_server"]


@dataclass
class Server:
    """A mail server. `rcpt` and `data` are its answers to those commands; "drop" closes the connection instead."""

    port: int
    rcpt: str = "250 OK"
    data: str = "250 OK"
    connections: int = 0
    taken: list[Envelope] = field(default_factory=list)

    @property
    def url(self) -> str:
        """As WITEI_SMTP_RELAY_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server: SMTP, _session: object, envelope: Envelope, address: str, _: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._say(server, self.rcpt)

    async def handle_DATA(self, server: SMTP, _session: object, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self._say(server, self.data)

    def connect(self) -> SMTP:
        """One more client."""
        self.connections += 1
        return SMTP(self, enable_SMTPUTF8=True, decode_data=False, hostname="mx.contact.test")

    def _say(self, server: SMTP, answer: str) -> str:
        if answer == "drop" and server.transport is not None:
            server.transport.abort()
        return answer


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A mail server that takes everything until it is told otherwise."""
    ours = Server(free_port())
    listening = await asyncio.get_running_loop().create_server(ours.connect, "127.0.0.1", ours.port)
    yield ours
    listening.close()


async def queued(cast: Cast) -> Message:
    """Ana's answer to Marco, waiting to be sent."""
    about = {"rfc_message_id": "first@contact.test"}
    opened = await open_conversation(cast.marco, "Is it free?", **about)
    answer: Message = await act(cast.ana, opened, send_reply, "<p>Yes, it <b>is</b> free.</p>")
    return answer
