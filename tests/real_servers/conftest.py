"""The worker as it runs beside the pages, in the test's own event loop, and those who send to it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import aiosmtplib
import pytest

from tests.cast import Cast, Configure, announced, cast, configure, lite_cast
from tests.servers import free_port
from witei_app.live import bus
from witei_app.logs import set_up_logs
from witei_app.worker import running_worker

__all__ = ["announced", "cast", "configure", "lite_cast"]


@dataclass(frozen=True)
class Post:
    """Where mail is handed in."""

    port: int

    async def send(
        self, raw: str | bytes, sender: str = "marco@contact.test", to: str | Sequence[str] = "sol@localhost.test"
    ) -> None:
        """As a mail server would; what is refused raises."""
        data = raw.encode() if isinstance(raw, str) else raw
        recipients = [to] if isinstance(to, str) else list(to)
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=self.port, start_tls=False, timeout=10)
        async with smtp:
            await smtp.sendmail(sender, recipients, data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def letter(text: str = "Is it free?", **headers: str) -> str:
    """A plain mail. `In_Reply_To="<x@y>"` is a header; From, To and Subject have a usual value."""
    usual = {"From": "Marco Peña <marco@contact.test>", "To": "sol@localhost.test", "Subject": "Flat"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in (usual | named).items()]
    return "\n".join([*lines, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""])


@pytest.fixture
async def post(cast: Cast, configure: Configure) -> AsyncIterator[Post]:
    """Listener, reader and senders at work, on each kind of database."""
    async for running in _working(configure):
        yield running


@pytest.fixture
async def lite_post(lite_cast: Cast, configure: Configure) -> AsyncIterator[Post]:
    """The same on SQLite."""
    async for running in _working(configure):
        yield running


async def _working(configure: Configure) -> AsyncIterator[Post]:
    port = free_port()
    configure(SMTP_LISTEN=f"127.0.0.1:{port}", MAX_MESSAGE_MB="1")
    bus.use(bus.InProcessBus())
    set_up_logs()
    async with running_worker():
        yield Post(port)
