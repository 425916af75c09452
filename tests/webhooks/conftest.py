"""The cast, and a real HTTP server elsewhere that does as it is told: answers, refuses, redirects, waits, cuts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from tests.cast import Cast, Configure, announced, cast, configure, lite_cast
from witei_app.accounts.actor import Actor
from witei_app.db import transaction
from witei_app.models import Webhook
from witei_app.outbox.webhooks.claim import claim_next
from witei_app.outbox.webhooks.deliver import tell
from witei_app.outbox.webhooks.tell import Happening
from witei_app.webhooks.manage import add_webhook

__all__ = ["announced", "cast", "configure", "lite_cast"]


@dataclass
class Posted:
    """A request that came: its head's fields in lower case, and its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer` is what is said next: a status, "slow", "cut" or "endless"."""

    port: int = 0
    answer: int | str = 200
    got: list[Posted] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, by hand, so that it can be broken anywhere."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.got.append(Posted(head[0], headers, body))
            await self._say(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter) -> None:
        match self.answer:
            case "slow":
                await asyncio.sleep(60)
            case "cut":
                writer.write(b"HTTP/1.1 20")
            case "endless":
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True:
                    writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                    await writer.drain()
            case status:
                place = f"Location: http://127.0.0.1:{self.port}/elsewhere\r\n"
                writer.write(f"HTTP/1.1 {status} Whatever\r\n{place}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Listening on a port of its own."""
    found = Receiver()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


@pytest.fixture
def admin(lite_cast: Cast) -> Actor:
    """Ana, who administers sol."""
    return as_admin(lite_cast.ana)


@pytest.fixture
def inside(configure: Configure) -> None:
    """The operator allows this machine."""
    configure(WEBHOOK_LOCAL_NETWORKS="127.0.0.0/8")


def as_admin(actor: Actor) -> Actor:
    """The same, as an administrator."""
    return replace(actor, is_admin=True)


async def tell_next_webhook() -> bool:
    """As the worker does, and wait for the answer."""
    async with transaction() as db:
        delivery = await claim_next(db)
        if delivery is None:
            return False
        webhook = await db.get_one(Webhook, delivery.webhook_id)
    await tell(webhook, delivery)
    return True


async def hook(admin: Actor, url: str, *events: str) -> tuple[int, str]:
    """A webhook for these events (or all); gives its id and secret."""
    async with transaction() as db:
        webhook, secret = await add_webhook(db, admin, url, events or tuple(Happening))
        return webhook.id, secret
