"""What the operator sets: environment variables with the prefix WITEI_."""

import ipaddress
import os
import re
import secrets
import sys
from functools import cache
from pathlib import Path
from typing import Literal

import maxminddb
from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from witei_app.setting_checks import (
    Network,
    base_address,
    host_and_port,
    read_networks,
    refuse_wrong_database,
    refuse_wrong_redis,
    refuse_wrong_relay,
)

# RFC 1123 section 2.1: letters, digits and hyphens; other letters in their xn-- form.
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII | re.IGNORECASE)
# Whoever has one signed link can try keys as fast as a machine counts: what is shorter is found at once.
SHORTEST_KEY = 8
_GOOD_KEY = "`openssl rand -base64 48` makes a good one"


class Settings(BaseSettings):
    """All settings, checked at the start. Sizes are in MiB, addresses are host:port."""

    model_config = SettingsConfigDict(env_prefix="WITEI_", frozen=True)

    port: int = Field(3000, ge=1, le=65535)
    listen_address: str = ""
    base_url: str = ""
    data_dir: Path = Path("data")
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = ""
    previous_secret_keys: str = ""
    smtp_listen: str = Field("127.0.0.1:2525", min_length=1)
    smtp_relay_url: str = ""
    mail_domain: str = Field("localhost.test", min_length=1)
    dns_server: str = ""
    imap_local_networks: str = ""
    webhook_local_networks: str = ""
    undo_seconds: int = Field(10, ge=0, le=600)
    max_message_mb: int = Field(25, ge=1, le=200)
    max_upload_mb: int = Field(25, ge=1, le=200)
    api_requests_per_minute: int = Field(600, ge=1, le=1_000_000)
    embedded_worker: bool | None = None
    web_workers: int = Field(1, ge=1, le=64)
    country_database: Path | None = None
    trusted_proxy_hops: int = Field(0, ge=0, le=10)
    log_format: Literal["console", "json"] = "console"

    @field_validator("data_dir", mode="before")
    @classmethod
    def _folder(cls, value: str | Path) -> Path:
        if not str(value).strip():
            raise ValueError("must be a folder")
        return Path(value)

    @field_validator("smtp_listen", "dns_server")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        if value:
            host_and_port(value)
        return value

    @field_validator("listen_address")
    @classmethod
    def _address(cls, value: str) -> str:
        if value:
            try:
                ipaddress.ip_address(value)
            except ValueError as fault:
                raise ValueError("must be an address of this machine, like 127.0.0.1") from fault
        return value

    @field_validator("mail_domain")
    @classmethod
    def _domain(cls, value: str) -> str:
        if not _DOMAIN.fullmatch(value) or len(value) > 253:
            raise ValueError("must be a domain, like mail.agency.com")
        return value.lower()

    @field_validator("imap_local_networks", "webhook_local_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        read_networks(value)
        return value

    @field_validator("country_database", mode="before")
    @classmethod
    def _countries(cls, value: str) -> Path | None:
        if not value:
            return None
        try:
            maxminddb.open_database(value).close()
        except (OSError, maxminddb.InvalidDatabaseError) as fault:
            raise ValueError("must be a file that can be read, in MaxMind's format (.mmdb)") from fault
        return Path(value)

    @field_validator("secret_key")
    @classmethod
    def _key(cls, value: str) -> str:
        if value and len(value.strip()) < SHORTEST_KEY:
            raise ValueError(f"needs at least {SHORTEST_KEY} characters; {_GOOD_KEY}")
        if value.strip() == "change-me":
            raise ValueError(f"is the one of the example, which everybody knows; {_GOOD_KEY}")
        return value

    @field_validator("smtp_relay_url")
    @classmethod
    def _relay(cls, value: str) -> str:
        if value:
            refuse_wrong_relay(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value:
            refuse_wrong_database(value)
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value:
            refuse_wrong_redis(value)
        return value

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        return base_address(value) if value else ""

    @property
    def public_url(self) -> str:
        """Where people reach the app, without a slash at the end."""
        return self.base_url or f"http://localhost:{self.port}"

    @property
    def database(self) -> str:
        """SQLAlchemy's address of the database, with the async driver."""
        url = self.database_url or f"sqlite:///{self.data_dir.resolve() / 'conversations.db'}"
        if url.startswith("sqlite://"):
            return url.replace("sqlite://", "sqlite+aiosqlite://", 1)
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def is_sqlite(self) -> bool:
        """Whether everything runs on the built-in database, which one process has for itself."""
        return self.database.startswith("sqlite")

    @property
    def local_networks(self) -> list[Network]:
        """Where mail servers of the operator's own may be: not on the internet, perhaps without TLS."""
        return read_networks(self.imap_local_networks)

    @property
    def webhook_networks(self) -> list[Network]:
        """Where programs of the operator's own may be told by webhooks: not on the internet, perhaps without TLS."""
        return read_networks(self.webhook_local_networks)

    @property
    def runs_worker(self) -> bool:
        """Whether the web process also does the worker's jobs: by default on SQLite alone."""
        return self.is_sqlite if self.embedded_worker is None else self.embedded_worker

    @property
    def is_secure(self) -> bool:
        """Whether people reach the app by TLS, so that cookies may be kept to it."""
        return self.public_url.startswith("https://")

    def secret(self) -> str:
        """The key for signatures: the setting, else one made once and kept in the data folder, mode 600."""
        return self.secret_key or _kept_secret(self.kept_key)

    @property
    def kept_key(self) -> Path:
        """Where the key lies that was made here."""
        return self.data_dir / "secret_key"

    def secrets(self) -> list[str]:
        """Those whose signatures are accepted: WITEI_PREVIOUS_SECRET_KEYS, the oldest first, and the one that signs."""
        return [*reversed(self.previous_secrets()), self.secret()]

    def previous_secrets(self) -> list[str]:
        """Those of WITEI_PREVIOUS_SECRET_KEYS, in its order; with spaces behind the commas too.

        At last the whole of it: a key that somebody made up may hold a comma, or end in a space.
        """
        each = [one.strip() for one in self.previous_secret_keys.split(",") if one.strip()]
        return list(dict.fromkeys([*each, self.previous_secret_keys])) if each else []


def make_data_folder(path: Path) -> None:
    """Make it, if it is not there, for its owner alone: in it lies what contacts wrote."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


@cache
def _kept_secret(path: Path) -> str:
    if not path.exists():
        make_data_folder(path.parent)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # only one of several processes that start at once wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept = path.read_text().strip()
    if len(kept) < SHORTEST_KEY:  # a disk that was full, a copy that broke off: under no key anybody could sign
        sys.exit(f"{path}: holds no key. Bring it back from a backup, or remove the file: then a new key is made.")
    return kept


@cache
def settings() -> Settings:
    """The settings of this process. A wrong value ends it with one line that names the variable."""
    try:
        found = Settings()
    except ValidationError as error:
        sys.exit("\n".join(f"{_variable(fault)}: {_reason(fault)}" for fault in error.errors()[:1]))
    if found.web_workers > 1 and (not found.redis_url or found.is_sqlite):
        sys.exit("WITEI_WEB_WORKERS: more than one needs WITEI_REDIS_URL and a PostgreSQL WITEI_DATABASE_URL")
    if not found.secret_key and found.kept_key.exists():
        found.secret()  # a damaged one is told at the start, not when somebody signs in
    return found


def _variable(fault: ErrorDetails) -> str:
    return "WITEI_" + "_".join(str(part) for part in fault["loc"]).upper()


def _reason(fault: ErrorDetails) -> str:
    given = fault["input"]
    # An address may hold a password.
    is_secret = "://" in str(given) or "secret_key" in fault["loc"]
    shown = "" if is_secret else f" (it is {given!r})"
    return str(fault["msg"]).removeprefix("Value error, ") + shown
