"""Where benchmarks run: the app as a process of its own, seeded databases, bare servers to compare with."""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.errors import DuplicateDatabase

from tests.servers import ROOT, AppServer, Postgres, Process, accepts, free_port
from witei_app.seed.staff import ADMIN, PASSWORD

DEMO_PASSWORD = "demo-demo-demo"


@dataclass(frozen=True)
class Size:
    """How much a seeded workspace holds."""

    conversations: int
    messages: int
    contacts: int

    def __str__(self) -> str:
        return f"{self.conversations:,} conversations, {self.messages:,} messages"


SMALL = Size(1_000, 10_000, 500)
PEERS = Size(10_000, 100_000, 5_000)  # what the other products were measured with
LARGE = Size(50_000, 500_000, 20_000)
BIG = Size(500_000, 5_000_000, 150_000)


@contextmanager
def running_app(folder: Path, **settings: str) -> Iterator[AppServer]:
    """The app on free ports with its data in `folder`/data, ended afterwards."""
    if "REFLEX_WEB_WORKDIR" in os.environ:
        settings["REFLEX_WEB_WORKDIR"] = os.environ["REFLEX_WEB_WORKDIR"]
    app = AppServer(folder, settings)
    try:
        yield app
    finally:
        app.stop()


@contextmanager
def bare_server(kind: str, folder: Path) -> Iterator[int]:
    """A server of bench.bare on a free port: "echo", "relay" or "smtp"."""
    port = free_port()
    process = Process([sys.executable, "-m", "bench.bare", kind, str(port)], folder / f"bare-{kind}.log", os.environ)
    process.wait_until(lambda: accepts(port))
    try:
        yield port
    finally:
        process.stop()


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL with its data in this folder."""
    place = folder / "postgres"
    place.mkdir(exist_ok=True)
    for above in [place, *place.parents]:  # PostgreSQL runs as another user when we are root
        if above.stat().st_mode & 0o077 == 0:
            above.chmod(0o711)
    server = Postgres(place)
    try:
        yield server
    finally:
        server.stop()


def seeded(kind: str, size: Size, folder: Path, server: Postgres) -> tuple[Path, str]:
    """A synthetic workspace of this size: the app's folder, and the database's address ("" is SQLite in the folder).

    It is made unless it is there already, from an earlier run.
    """
    place, url = folder / f"{kind}-{size.conversations}", ""
    if kind == "PostgreSQL":
        name = f"seeded_{size.conversations}"
        url = server.url(name)
        with suppress(DuplicateDatabase), psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    _seed(size, place / "data", url)
    return place, url


def _seed(size: Size, data_dir: Path, database_url: str) -> None:
    stamp = data_dir / "seeded.json"
    wanted = [size.conversations, size.messages, size.contacts]
    if stamp.exists() and json.loads(stamp.read_text()) == wanted:
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    numbers = {"conversations": size.conversations, "messages": size.messages, "contacts": size.contacts}
    command = [sys.executable, "-m", "witei_app", "seed", "--users", "10", "--days", "1095", "--seed", "1"]
    command += [part for name, value in numbers.items() for part in (f"--{name}", str(value))]
    own = {"WITEI_DATA_DIR": str(data_dir), "WITEI_DATABASE_URL": database_url}
    subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(json.dumps(wanted))


def sign_in(base_url: str, email: str = ADMIN, password: str = PASSWORD) -> str:
    """The session cookie of this user."""
    parts = urlsplit(base_url)
    with closing(HTTPConnection(str(parts.hostname), parts.port, timeout=30)) as connection:
        form = urllib.parse.urlencode({"email": email, "password": password})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": base_url}
        connection.request("POST", "/login", form, headers)
        answer = connection.getresponse()
        cookie = answer.getheader("set-cookie") or ""
    if not cookie.startswith("witei_session="):
        raise RuntimeError(f"{email} could not sign in: {answer.status}")
    return cookie.partition("=")[2].partition(";")[0]
