"""The database goes away and comes back, and nothing has to be started again."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from tests.cast import Configure, all_of, eventually, make_cast
from tests.conftest import async_url
from tests.http.conftest import AS_A_BROWSER, whole_site
from tests.real_servers.conftest import Post, letter
from tests.servers import Postgres, Process, free_port, program
from witei_app import db as database
from witei_app import worker
from witei_app.live import bus
from witei_app.logs import set_up_logs
from witei_app.models import Message
from witei_app.worker import running_worker


class OwnPostgres(Postgres):
    """One that can be started again, on the same data and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(folder)

    def start_again(self) -> None:
        """Come back."""
        identity = ("--reuid", "postgres", "--regid", "postgres", "--init-groups") if os.getuid() == 0 else ()
        command = [program("postgres"), "-D", str(self.folder / "data"), *self._options()]
        self.process = Process(command, self.folder / "second.log", identity=identity)
        self.process.wait_until(self._is_ready)


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    """A cluster that nobody else uses."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "cluster").mkdir()
        server = OwnPostgres(Path(folder) / "cluster")
        yield server
        server.stop()


@pytest.fixture
async def post(own_postgres: OwnPostgres, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    """The worker on it."""
    monkeypatch.setattr(worker, "AFTER_FAULT_SECONDS", 0.1)
    monkeypatch.setattr(worker, "LOOK_AGAIN_SECONDS", 0.2)
    url = async_url(own_postgres.url(own_postgres.create()))
    database.migrate(url)
    database.connect(url)
    await make_cast()
    port = free_port()
    configure(SMTP_LISTEN=f"127.0.0.1:{port}")
    bus.use(bus.InProcessBus())
    set_up_logs()
    async with running_worker():
        yield Post(port)
    await database.dispose()


async def status(path: str) -> int:
    site = httpx.ASGITransport(whole_site())
    async with httpx.AsyncClient(transport=site, base_url="http://app.test", headers=AS_A_BROWSER) as browser:
        return (await browser.get(path)).status_code


async def test_it_is_said_and_when_the_database_is_back_all_goes_on(own_postgres: OwnPostgres, post: Post) -> None:
    assert [await status(path) for path in ("/readyz", "/conversations")] == [200, 303]
    own_postgres.stop()
    assert [await status(path) for path in ("/healthz", "/readyz", "/login", "/demo/site")] == [200, 503, 503, 503]
    with pytest.raises(aiosmtplib.SMTPException, match="451"):
        await post.send(letter("Not taken"))
    own_postgres.start_again()
    assert [await status(path) for path in ("/readyz", "/conversations")] == [200, 303]
    await post.send(letter("Taken"))

    async def texts() -> list[str]:
        return [message.text for message in await all_of(Message)]

    assert await eventually(texts) == ["Taken"]
