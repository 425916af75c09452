"""What every test may ask for: databases, a browser, the running app. Servers start when the first test needs them."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from hypothesis import settings as hypothesis_settings

from tests import memory
from tests.servers import (
    CHROMIUM,
    CHROMIUM_ARGUMENTS,
    ROOT,
    AppServer,
    Postgres,
    RedisServer,
    app_environment,
    program,
)
from witei_app import db as database
from witei_app.frontend import ensure_built

# Fast folders first. The browser comes last for another reason too: Playwright's event loop stays in the main thread
# until the run ends, and no asyncio test can start a second one there.
LAST_FOLDERS = ["real_servers", "browser"]

# The same cases in each run: what turns it red is a change. `pytest --hypothesis-profile default` looks for others.
hypothesis_settings.load_profile("ci")

# Faults as text: structlog draws them otherwise, which takes half a second each.
structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])

StartApp = Callable[..., AppServer]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests from fast to slow."""
    items.sort(key=lambda item: _slowness(item.path))


def pytest_collection_finish() -> None:
    """What all tests have in common is no garbage."""
    memory.settle()


def _slowness(path: Path) -> int:
    return max((LAST_FOLDERS.index(part) + 1 for part in path.parts if part in LAST_FOLDERS), default=0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL cluster for the whole run."""
    # Not below pytest's own folder: each pytest that starts closes that to other users, PostgreSQL's among them.
    where = _memory_folder()
    with TemporaryDirectory(prefix="conversations-postgres-", dir=where, ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder))
        yield server
        server.stop()


def _memory_folder() -> Path | None:
    """Where files are kept in memory, if there is room: on some disks a copy of the template takes 0.4 seconds."""
    folder = Path("/dev/shm")
    has_room = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * 2**30
    return folder if has_room else None


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for the whole run."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database.migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a migrated PostgreSQL database, made once and copied for each test."""
    name = postgres.create()
    database.migrate(async_url(postgres.url(name)))
    return name


def async_url(url: str) -> str:
    """The address with the driver that the app uses."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """A migrated SQLite database of the test's own."""
    copy = sqlite_template.with_name("test.db")
    for left in copy.parent.glob(f"{copy.name}*"):
        left.unlink()
    shutil.copy(sqlite_template, copy)
    return f"sqlite+aiosqlite:///{copy}"


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    name = postgres.create(postgres_template, name="test")
    yield async_url(postgres.url(name))
    postgres.drop(name)


# Each test has a database of its own under the same name, so that one engine does for all of them: what it has compiled
# is a quarter of a test's work.
engine_of = cache(database.make_engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of the test's own, on each kind that we support."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    """Connects the app to a fresh database; tests then open `transaction()` and `reading()` as the app does."""
    memory.forget()
    database.use(engine_of(database_url))
    yield database_url
    await database.dispose()


@pytest.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[str]:
    """Like `db` on SQLite alone, for tests where the kind of database cannot matter."""
    memory.forget()
    database.use(engine_of(sqlite_url))
    yield sqlite_url
    await database.dispose()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an app that has just made its demo workspace."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "witei_app", "demo"]
    subprocess.run(command, cwd=ROOT, env=app_environment({"WITEI_DATA_DIR": str(folder)}), check=True)
    return folder


@contextmanager
def apps(folders: pytest.TempPathFactory, demo_data: Path) -> Iterator[StartApp]:
    """Starts apps with settings of one's own: `start_app(WITEI_SMTP_RELAY_URL="smtp://…")`. All end together.

    Each has a demo workspace, a copy unless it lies elsewhere or is sealed with another key.
    """
    ensure_built()
    started: list[AppServer] = []

    def start(**settings: str) -> AppServer:
        folder = folders.mktemp("app")
        if not settings.keys() & {"WITEI_DATABASE_URL", "WITEI_SECRET_KEY"}:
            shutil.copytree(demo_data, folder / "data")
        started.append(AppServer(folder, settings))
        return started[-1]

    yield start
    for app in started:
        app.stop()


@pytest.fixture
def start_app(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Iterator[StartApp]:
    """Starts apps of one test's own."""
    with apps(tmp_path_factory, demo_data) as start:
        yield start


@pytest.fixture(scope="module")
def start_shared_app(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Iterator[StartApp]:
    """Starts apps that the tests of a file share."""
    with apps(tmp_path_factory, demo_data) as start:
        yield start


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Iterator[AppServer]:
    """The app with its demo workspace on SQLite, shared by all tests that leave it as they found it."""
    with apps(tmp_path_factory, demo_data) as start:
        yield start()


@pytest.fixture(scope="session")
def company_server(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis: RedisServer, demo_data: Path
) -> Iterator[AppServer]:
    """The app as a company runs it: PostgreSQL and Redis, the worker still in the same process."""
    url = postgres.url(postgres.create())
    with apps(tmp_path_factory, demo_data) as start:
        yield start(WITEI_DATABASE_URL=url, WITEI_REDIS_URL=redis.url(), WITEI_EMBEDDED_WORKER="1")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Debian's Chromium in place of the one that Playwright would download."""
    return {**browser_type_launch_args, "executable_path": program(CHROMIUM), "args": CHROMIUM_ARGUMENTS}
