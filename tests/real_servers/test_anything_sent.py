"""Whatever comes over sockets and HTTP, sense or none: the process lives on, and nothing of anybody's is changed.

ANYTHING_SENT=100000 makes a long run of it.
"""

import importlib
import json
import os
import pkgutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.servers import AppServer, answers
from tests.state.conftest import all_states
from witei_app import http, state

MANY = int(os.environ.get("ANYTHING_SENT", "600"))
AT_ONCE = 40
StartApp = Callable[..., AppServer]
SEARCHED = ("contact_search", "message_search")  # made from the tables by triggers

SEEN = {"last_seen_at", "last_seen_site"}  # of a chat's widget: that somebody was there is true

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def handler_names() -> list[str]:
    """Every handler of the pages."""
    for module in pkgutil.iter_modules(state.__path__):
        importlib.import_module(f"{state.__name__}.{module.name}")
    return [f"{one.get_full_name()}.{name}" for one in all_states() for name in one.event_handlers]


def events(names: list[str]) -> st.SearchStrategy[str]:
    """What Reflex's pages send, nearly: socket.io's text frames with an event in them."""
    router = st.fixed_dictionaries({}, optional={"pathname": json_values, "asPath": json_values, "query": json_values})
    event: st.SearchStrategy[Any] = st.fixed_dictionaries(
        {"name": st.sampled_from(names) | st.text(max_size=60), "payload": json_values | st.just({})},
        optional={"router_data": router | json_values, "token": json_values},
    )
    said = st.tuples(st.sampled_from(["event", "ping", "connect", ""]), event | json_values).map(json.dumps)
    kinds = ["42/_event,", "40/_event,", "41/_event,", "42", "43/_event,7", "451-/_event,", "2", "3", "6", "4", "9", ""]
    return st.tuples(st.sampled_from(kinds), said).map("".join)


def visitors_words() -> st.SearchStrategy[str]:
    """What a visitor's browser sends, nearly."""
    known = ["t", "token", "since", "text", "id", "page", "about", "n", "stars", "back", "typing"]
    kinds = st.sampled_from(["hello", "say", "read", "typing", "rate", "about", "page", "bye"]) | json_values
    frame = st.dictionaries(st.sampled_from(known), json_values, max_size=5)
    return st.tuples(kinds, frame).map(lambda pair: json.dumps({**pair[1], "t": pair[0]}))


def requests(paths: list[str]) -> st.SearchStrategy[bytes]:
    """What an HTTP client sends, nearly."""
    method = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "", "A B"])
    odd = st.text(st.characters(codec="latin-1"), max_size=40)
    path = st.sampled_from(paths) | odd | st.tuples(st.sampled_from(paths), odd).map("".join)
    names = ["Host", "Cookie", "Authorization", "Content-Type", "Content-Length", "Transfer-Encoding", "Origin"]
    names += ["Accept", "Accept-Language", "X-Forwarded-For", "Range", "Upgrade", "Sec-WebSocket-Version", "Expect"]
    values = ["chunked", "0", "-1", "9" * 30, "text/html", "application/json", "multipart/form-data; boundary=x"]
    values += ["bytes=0-,5-", "websocket", "Bearer conv_x", "witei_session=x", "null", "100-continue"]
    values += ["application/x-www-form-urlencoded"]
    head = st.lists(st.tuples(st.sampled_from(names) | odd, st.sampled_from(values) | odd), max_size=6)
    whole = st.tuples(method, path, head, st.binary(max_size=120)).map(_request)
    return whole | st.binary(max_size=200)


def _request(parts: tuple[str, str, list[tuple[str, str]], bytes]) -> bytes:
    method, path, head, body = parts
    lines = [f"{method} {path} HTTP/1.1", *[f"{name}: {value}" for name, value in head], "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body


@dataclass
class Line:
    """A socket that is opened again when the other side has had enough."""

    url: str
    origin: str
    sent: int = 0
    _open: ClientConnection | None = field(default=None, repr=False)

    def throw(self, frame: str | bytes) -> None:
        """Send it, and hear what is said meanwhile."""
        self.sent += 1
        try:
            if self._open is None:
                self._open = connect(
                    self.url, origin=Origin(self.origin), legacy=True, open_timeout=20, close_timeout=1, max_size=None
                )

            self._open.send(frame.encode("utf-8", "replace").decode() if isinstance(frame, str) else frame)
            with suppress(TimeoutError):
                while True:
                    self._open.recv(timeout=0)
        except (ConnectionClosed, InvalidStatus, OSError):
            self.hang_up()

    def hang_up(self) -> None:
        """A new line next time."""
        if self._open is not None:
            with suppress(OSError):
                self._open.socket.close()
        self._open = None


def throw_raw(port: int, data: bytes) -> bytes:
    """Bytes to the port, whatever they are; gives the first line of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, suppress(OSError):
        line.settimeout(0.05)
        line.sendall(data)
        return line.recv(4_096).split(b"\r\n")[0]
    return b""


def rows_of(app: AppServer) -> dict[str, list[Any]]:
    """Everything that is kept."""
    with sqlite3.connect(f"file:{app.data_dir / 'conversations.db'}?mode=ro", uri=True) as db:
        db.row_factory = sqlite3.Row
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        plain = [name for name in tables if not name.startswith(("sqlite_", *SEARCHED))]
        return {name: sorted(map(_said, db.execute(f'SELECT * FROM "{name}"'))) for name in plain}


def _said(row: sqlite3.Row) -> str:
    return repr([(name, row[name]) for name in row.keys() if name not in SEEN])  # noqa: SIM118 (else its values)


def until(many: int, draw: st.SearchStrategy[Any], throw: Callable[[Any], None]) -> None:
    """Throw at least so many, some at a time."""

    @settings(
        max_examples=max(1, many // AT_ONCE), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(draw, min_size=AT_ONCE, max_size=AT_ONCE))
    def go(several: list[Any]) -> None:
        for one in several:
            throw(one)

    go()


def still_serves(app: AppServer) -> None:
    """It is there, it signs people in, and it has had no fault that it did not foresee."""
    os.kill(app.process.pid, 0)
    assert answers(f"{app.base_url}/healthz")
    with httpx.Client(base_url=app.base_url) as browser:
        form = {"email": "ana@demo.test", "password": "demo-demo-demo"}
        assert browser.post("/login", data=form, headers={"Origin": app.base_url}).status_code == 303


def paths() -> list[str]:
    """Where something answers."""
    found = [str(getattr(route, "path", "")) for route in http.routes()]
    return [*found, "/", "/_event", "/_upload", "/_health", "/ping", "/conversations/1", "/api/v1/contacts", "/files/1"]


def test_nothing_that_is_sent_stops_the_app_or_changes_its_data(start_app: StartApp) -> None:
    app = start_app(WITEI_EMBEDDED_WORKER="0")  # whose jobs would change rows by themselves
    before = rows_of(app)
    pages = Line(f"ws://127.0.0.1:{app.port}/_event/?EIO=4&transport=websocket&token=x", app.base_url)
    visitor = Line(f"ws://127.0.0.1:{app.port}/embed/socket?key={_widget_key(app)}", app.base_url)
    raw: list[bytes] = []

    until(MANY // 3, events(handler_names()) | st.text(max_size=200) | st.binary(max_size=200), pages.throw)
    pages.hang_up()
    until(MANY // 3, visitors_words() | st.text(max_size=200) | st.binary(max_size=200), visitor.throw)
    visitor.hang_up()
    until(MANY // 3, requests(paths()), lambda data: raw.append(throw_raw(app.port, data)))

    print(f"{pages.sent} frames to the pages' socket, {visitor.sent} to the visitors', {len(raw)} requests")
    assert [line for line in raw if b" 500 " in line] == []
    after = rows_of(app)
    assert {name for name in before if before[name] != after[name]} == set()
    still_serves(app)


def _widget_key(app: AppServer) -> str:
    with sqlite3.connect(app.data_dir / "conversations.db") as db:
        return str(db.execute("SELECT key FROM widget ORDER BY id LIMIT 1").fetchone()[0])
