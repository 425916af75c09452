"""The real servers that the tests talk to, each on a free port and in a folder of its own.

Every one is started below `setpriv --pdeathsig`, so that the kernel ends it when the test run is gone, even by kill -9.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 120.0  # a busy machine imports for half a minute
STOP_WITHIN = 20.0
_given: set[int] = set()
# Chromium without windows. The whole one draws its own bars and menus for each page that a test opens, headless or not.
CHROMIUM = "chromium-headless-shell"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def free_port() -> int:
    """A TCP port for a server that is about to start.

    Below those that the system hands to clients (32768 and above), and never the same twice: nobody takes it meanwhile.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        if port not in _given and not _is_taken(port):
            _given.add(port)
            return port


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def program(name: str) -> str:
    """The path of an installed program, also where Debian keeps servers. Its absence is an error, not a skip."""
    folders = [os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *map(str, _postgres_folders())]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        raise RuntimeError(f"{name} is not installed: run tests/install_servers.sh")
    return found


def _postgres_folders() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class Process:
    """A server process with its log in a file. `identity` is what setpriv shall change before it starts."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        identity: Sequence[str] = (),
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._running = subprocess.Popen(
                [program("setpriv"), *identity, "--pdeathsig", "KILL", *command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, for tests that measure or disturb it."""
        return self._running.pid

    def wait_until(self, is_ready: Callable[[], bool], within: float = START_WITHIN) -> None:
        """Return once `is_ready`; a server that ended or takes too long is an error that shows its log."""
        deadline = time.monotonic() + within
        while not is_ready():
            if self._running.poll() is not None:
                raise RuntimeError(f"ended with {self._running.returncode}:\n{self.tail()}")
            if time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"not ready after {within:.0f} s:\n{self.tail()}")
            time.sleep(0.05)

    def finish(self, within: float = START_WITHIN) -> None:
        """Wait for a program that ends by itself; a failure is an error that shows its log."""
        if self._running.wait(within):
            raise RuntimeError(f"ended with {self._running.returncode}:\n{self.tail()}")

    def tail(self, characters: int = 4000) -> str:
        """The end of the log."""
        return self.log.read_text(errors="replace")[-characters:]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it and whatever it started. Gives the exit status."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)
        try:
            return self._running.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            return self._kill()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def _kill(self) -> int:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._running.wait()


def accepts(port: int) -> bool:
    """Whether somebody listens there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(url: str) -> bool:
    """Whether an HTTP GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


_POSTGRES_USER = ("--reuid", "postgres", "--regid", "postgres", "--init-groups")


class Postgres:
    """A PostgreSQL cluster that forgets: nothing is flushed to the disk, which makes databases cheap to copy."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        data = folder / "data"
        identity = _POSTGRES_USER if os.getuid() == 0 else ()  # it refuses to run as root
        if identity:
            shutil.chown(folder, "postgres")
        initdb = [program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        if not (data / "PG_VERSION").exists():  # else it is kept from an earlier run
            Process(initdb, folder / "initdb.log", identity=identity).finish()
        command = [program("postgres"), "-D", str(data), *self._options()]
        self.process = Process(command, folder / "log", identity=identity)
        self.process.wait_until(self._is_ready)

    def _options(self) -> list[str]:
        wanted = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
            "max_connections": "200",
        }
        return [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]

    def _is_ready(self) -> bool:
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=2) as connection:
            connection.execute(statement)

    def url(self, name: str) -> str:
        """The address of one of its databases, as WITEI_DATABASE_URL takes it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template0", name: str = "") -> str:
        """A fresh database, empty or a copy; gives its name."""
        name = name or f"test_{secrets.token_hex(6)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """End the cluster at once (SIGINT is PostgreSQL's fast shutdown)."""
        self.process.stop(signal.SIGINT)


class RedisServer:
    """A Redis that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start it (again, and it has forgotten everything)."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command = [program("redis-server"), *options, "--dir", str(self._folder)]
        self.process = Process(command, self._folder / "log")
        self.process.wait_until(lambda: accepts(self.port))

    def url(self, database: int = 0) -> str:
        """Its address, as WITEI_REDIS_URL takes it."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End it."""
        self.process.stop()


def app_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """What an app is started with; of our own surroundings no WITEI_ setting comes through."""
    ours = ("WITEI_", "REFLEX_", "__REFLEX_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**inherited, **settings}


@dataclass
class AppServer:
    """The app itself as `make run` starts it, with ports and a data folder of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    command: str = "run"

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start()

    @property
    def base_url(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port}"

    @property
    def data_dir(self) -> Path:
        """Its WITEI_DATA_DIR."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.folder / "log"

    def environment(self) -> dict[str, str]:
        """What it is started with."""
        own = {
            "WITEI_PORT": str(self.port),
            "WITEI_DATA_DIR": str(self.data_dir),
            "WITEI_SMTP_LISTEN": f"127.0.0.1:{self.smtp_port}",
            "WITEI_UNDO_SECONDS": "0",
            "PYTHONUNBUFFERED": "1",
        }
        return app_environment(own | self.settings)

    def start(self) -> None:
        """Start it (again, on the same data) and wait until it answers."""
        command = [sys.executable, "-m", "witei_app", self.command]
        self.process = Process(command, self.log, self.environment())
        self.process.wait_until(lambda: answers(f"{self.base_url}/healthz"))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it. Gives the exit status."""
        return self.process.stop(how)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Meanwhile it answers nobody, as if it were at the end of a very slow line."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)
