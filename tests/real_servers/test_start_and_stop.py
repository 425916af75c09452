"""The app as a process: it starts with nothing to do, names what is wrong, and goes when it is told."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conftest import StartApp
from tests.servers import ROOT, AppServer, accepts, answers, free_port


def test_a_second_start_builds_nothing(start_app: StartApp) -> None:
    app = start_app()
    built = {path: path.stat().st_mtime_ns for path in (ROOT / ".web/build").rglob("*")}
    assert app.stop() in {0, -15}
    app.start()
    assert built == {path: path.stat().st_mtime_ns for path in (ROOT / ".web/build").rglob("*")}
    app.stop()


def test_a_stop_frees_its_ports(start_app: StartApp) -> None:
    app = start_app()
    assert accepts(app.smtp_port)
    assert app.stop() in {0, -15}  # it is killed when it takes long
    assert not accepts(app.port)
    assert not accepts(app.smtp_port)


def test_who_still_waits_at_a_stop_is_told_to_ask_again(start_app: StartApp) -> None:
    app = start_app()
    with socket.create_connection(("localhost", app.port), timeout=30) as client:
        client.sendall(
            b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
        )  # the rest does not come
        assert answers(f"{app.base_url}/healthz")  # after which the request has been heard
        app.stop()
        said = b"".join(iter(lambda: client.recv(65_536), b"")).decode()
    assert said.startswith("HTTP/1.1 503 ")
    assert "Back in a moment" in said


def test_hashed_files_come_compressed_and_to_keep(app_server: AppServer) -> None:
    chunk = next((ROOT / ".web/build/client/assets").glob("reflex-env-*.js"))
    answer = httpx.get(f"{app_server.base_url}/assets/{chunk.name}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("name", "value"),
    [("WITEI_PORT", "http"), ("WITEI_SMTP_LISTEN", "everywhere"), ("WITEI_DATABASE_URL", "mysql://db/inbox")],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(name: str, value: str) -> None:
    command = [sys.executable, "-m", "witei_app", "run"]
    run = subprocess.run(command, cwd=ROOT, env={name: value}, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode != 0
    assert run.stderr.startswith(name)
    assert len(run.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["WITEI_PORT", "WITEI_SMTP_LISTEN"])
def test_a_port_that_another_program_has_stops_the_start_with_one_line(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        listens = {"WITEI_PORT": free_port(), "WITEI_SMTP_LISTEN": f"127.0.0.1:{free_port()}"}
        listens[name] = f"127.0.0.1:{port}" if name == "WITEI_SMTP_LISTEN" else port
        command = [sys.executable, "-m", "witei_app", "run"]
        env = {"WITEI_DATA_DIR": str(tmp_path)} | {key: str(value) for key, value in listens.items()}
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode != 0
    assert run.stderr.startswith(f"{name}: 127.0.0.1:{port} ")
    assert len(run.stderr.strip().splitlines()) == 1
    assert not run.stdout
    assert not list(tmp_path.iterdir())  # nothing was begun


@pytest.mark.parametrize("command", ["run", "worker"])
def test_a_second_one_on_the_same_sqlite_stops_with_one_line(app_server: AppServer, command: str) -> None:
    others = {"WITEI_PORT": str(free_port()), "WITEI_SMTP_LISTEN": f"127.0.0.1:{free_port()}"}
    arguments = [sys.executable, "-m", "witei_app", command]
    env = app_server.environment() | others
    run = subprocess.run(arguments, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode != 0
    assert run.stderr.startswith(f"{app_server.data_dir / 'conversations.db.lock'}: another Conversations runs")
    assert len(run.stderr.strip().splitlines()) == 1
    assert answers(f"{app_server.base_url}/readyz")


def test_a_company_runs_on_postgresql_and_redis(company_server: AppServer) -> None:
    assert answers(f"{company_server.base_url}/readyz")
