"""What the operator sets: a wrong value ends the start with one line that names it."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from tests.cast import Configure, configure
from witei_app.settings import Settings, settings

__all__ = ["configure"]
WRONG = [
    ("PORT", "http"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("LISTEN_ADDRESS", "inbox.example"),
    ("LISTEN_ADDRESS", "127.0.0.1:3000"),
    ("BASE_URL", "inbox.example"),
    ("BASE_URL", "https://inbox.example/path"),
    ("BASE_URL", "https://inbox.example?path"),
    ("BASE_URL", "https://inbox.example:seven"),
    ("BASE_URL", "https://ana@inbox.example"),
    ("BASE_URL", "https://señal.example"),
    ("BASE_URL", " https://inbox.example"),
    ("DATA_DIR", ""),
    ("DATABASE_URL", "mysql://db/inbox"),
    ("DATABASE_URL", "postgresql"),
    ("DATABASE_URL", "postgresql://db:port/inbox"),
    ("DATABASE_URL", "postgresql+other://db/inbox"),
    ("DATABASE_URL", "sqlite://"),  # in memory
    ("DATABASE_URL", "sqlite:////srv/inbox.db?mode=ro"),
    ("DATABASE_URL", "postgresql://db/inbox?color=blue"),
    ("DATABASE_URL", "postgresql://db/inbox?connect_timeout=soon"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "redis://localhost:six"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "letmein"),
    ("SECRET_KEY", " " * 40),
    ("SECRET_KEY", "change-me"),  # as deploy/conversations.env has it
    ("SMTP_LISTEN", "2525"),
    ("SMTP_LISTEN", "127.0.0.1:99999"),
    ("SMTP_LISTEN", "127.0.0.1:²"),
    ("SMTP_LISTEN", ""),
    ("SMTP_RELAY_URL", "relay.example:25"),
    ("SMTP_RELAY_URL", "smtp://relay.example:mail"),
    ("MAIL_DOMAIN", ""),
    ("MAIL_DOMAIN", "our mail.example"),
    ("MAIL_DOMAIN", "sol@mail.example"),
    ("DNS_SERVER", "nowhere"),
    ("IMAP_LOCAL_NETWORKS", "the office"),
    ("IMAP_LOCAL_NETWORKS", "10.0.0.1/8"),
    ("WEBHOOK_LOCAL_NETWORKS", "the office"),
    ("API_REQUESTS_PER_MINUTE", "0"),
    ("MAX_MESSAGE_MB", "0"),
    ("MAX_UPLOAD_MB", "lots"),
    ("EMBEDDED_WORKER", "perhaps"),
    ("WEB_WORKERS", "0"),
    ("WEB_WORKERS", "2"),  # needs Redis and PostgreSQL
    ("COUNTRY_DATABASE", "/nowhere/countries.mmdb"),
    ("TRUSTED_PROXY_HOPS", "-1"),
    ("LOG_FORMAT", "xml"),
    ("UNDO_SECONDS", "-1"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_named_in_one_line(configure: Configure, name: str, value: str) -> None:
    configure(**{name: value})
    with pytest.raises(SystemExit) as end:
        settings()
    assert str(end.value).startswith(f"WITEI_{name}: ")
    assert "\n" not in str(end.value)


@pytest.mark.parametrize("name", ["SMTP_RELAY_URL", "DATABASE_URL", "REDIS_URL"])
def test_a_password_in_a_wrong_address_is_not_repeated(configure: Configure, name: str) -> None:
    configure(**{name: "ftp://user:hunter2@relay.example"})
    with pytest.raises(SystemExit) as end:
        settings()
    assert "hunter2" not in str(end.value)


@pytest.mark.parametrize("password", ["hunter2/x", "hunter2#x", "hunter2?x"])
def test_a_password_that_cuts_the_address_is_not_repeated(configure: Configure, password: str) -> None:
    configure(SMTP_RELAY_URL=f"smtp://user:{password}@relay.example:25")
    with pytest.raises(SystemExit, match="%2F") as end:
        settings()
    assert "hunter2" not in str(end.value)


def test_where_people_reach_it_is_kept_as_browsers_say_it() -> None:
    assert Settings(base_url="HTTPS://Inbox.Example:443/").public_url == "https://inbox.example"


def test_a_weak_key_is_not_repeated(configure: Configure) -> None:
    configure(SECRET_KEY="hunter2")
    with pytest.raises(SystemExit) as end:
        settings()
    assert "hunter2" not in str(end.value)


def test_every_setting_is_tried_wrong() -> None:
    free = {"previous_secret_keys"}
    assert {name.upper() for name in set(Settings.model_fields) - free} == {name for name, _ in WRONG}


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = Settings(data_dir=tmp_path / "new").secret(), Settings(data_dir=tmp_path / "new").secret()
    assert first == second
    assert len(first) >= 43
    kept = tmp_path / "new" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def _secret(folder: Path) -> str:
    return Settings(data_dir=folder).secret()


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(_secret, [tmp_path / str(n // 4) for n in range(16)], chunksize=1)
    assert len(set(found)) == 4


def test_a_kept_secret_that_was_cut_off_stops_the_start(configure: Configure, tmp_path: Path) -> None:
    configure(SECRET_KEY="", DATA_DIR=str(tmp_path))
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(SystemExit, match=r"secret_key: holds no key\. .*then a new key is made\.$"):
        settings()


def test_a_secret_of_ones_own_is_used(tmp_path: Path) -> None:
    mine = "a secret of my own"
    assert Settings(data_dir=tmp_path, secret_key=mine).secret() == mine
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("", "sqlite+aiosqlite:///"),
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite:////tmp/x.db"),
        ("postgresql://u:p@db/inbox", "postgresql+psycopg://u:p@db/inbox"),
    ],
)
def test_databases_are_opened_by_their_async_drivers(given: str, driver: str) -> None:
    found = Settings(database_url=given)
    assert found.database.startswith(driver)
    assert found.runs_worker == found.is_sqlite == (driver[:6] == "sqlite")
