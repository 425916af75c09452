"""Addresses that operators set: read once at the start, so that a wrong one is told then and not when it is used."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo, timeout_from_conninfo
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Underscores are in no host name of RFC 1123, but in those of containers.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+", re.ASCII)
_USUAL_PORTS = {"http": 80, "https": 443}
_DRIVERS = {"postgresql", "postgresql+psycopg", "sqlite", "sqlite+aiosqlite"}
RELAYS = {"smtp", "smtps", "smtp+starttls"}
_ESCAPED = "a /, # or ? in a password is written %2F, %23 or %3F"


def host_and_port(value: str) -> tuple[str, int]:
    """What `host:port` and `[::1]:port` name."""
    host, _, port = value.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not _HOST.fullmatch(host.lower()) or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError("must be host:port")
    return host, int(port)


def base_address(value: str) -> str:
    """As browsers write an Origin (RFC 6454, 6.1): in small letters, without the scheme's own port."""
    parts = _split(value)
    host = (parts.hostname or "").lower() if parts else ""
    is_bare = parts and "@" not in parts.netloc and not (parts.path.strip("/") or parts.query or parts.fragment)
    if not parts or parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host) or not is_bare:
        raise ValueError("must be http(s)://host[:port] without a path; a name with other letters in its xn-- form")
    is_usual = parts.port in {None, _USUAL_PORTS[parts.scheme]}
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + ("" if is_usual else f":{parts.port}")


def read_networks(text: str) -> list[Network]:
    """Those with commas between."""
    try:
        return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError as fault:
        raise ValueError("must be networks with commas between, such as 127.0.0.0/8,10.1.0.0/16") from fault


def refuse_wrong_relay(value: str) -> None:
    """Refuses what names no mail server."""
    parts = _split(value)
    if not parts or parts.scheme not in RELAYS or not parts.hostname:
        raise ValueError(f"must be smtp://, smtps:// or smtp+starttls://user:password@host:port; {_ESCAPED}")


def refuse_wrong_redis(value: str) -> None:
    """Refuses what names no Redis."""
    if not _split(value) or not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError(f"must begin with redis://, rediss:// or unix://, and its port be a number; {_ESCAPED}")


def refuse_wrong_database(value: str) -> None:
    """Refuses another database than ours, and a SQLite that would be gone with the process."""
    try:
        url = make_url(value)  # reads passwords in its own way: what works with it is right
    except (ArgumentError, ValueError):
        url = None
    is_ours = url is not None and url.drivername in _DRIVERS
    if url is None or not is_ours or (url.drivername.startswith("sqlite") and url.database in {None, "", ":memory:"}):
        raise ValueError("must be postgresql://user:password@host:port/name or sqlite:////folder/name.db")
    _refuse_wrong_options(url)


def _refuse_wrong_options(url: URL) -> None:
    """Those behind the question mark: the driver would say what is wrong with them in a page."""
    if url.query and url.drivername.startswith("sqlite"):
        raise ValueError("takes no options behind a question mark for SQLite")
    if not url.query:
        return
    _, options = url.get_dialect()().create_connect_args(url)
    try:
        make_conninfo(**options)
        timeout_from_conninfo(dict(options))
    except ProgrammingError as fault:
        raise ValueError(f"PostgreSQL takes no such option: {str(fault).strip()}") from None


def _split(value: str) -> SplitResult | None:
    """Its parts; None when they make no sense. What urllib would say holds what stands there, a password perhaps."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts if value == value.strip() else None
