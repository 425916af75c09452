"""What this machine does without any application: python -m bench.bare echo|relay|smtp PORT, and one durable commit."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import connect

from bench.figures import Times


async def echo_times(port: int, rounds: int = 300) -> Times:
    """Round trips of 300 bytes over one WebSocket."""
    times, text = Times(), "x" * 300
    async with connect(f"ws://127.0.0.1:{port}/") as socket:
        for _ in range(rounds):
            with times.measured():
                await socket.send(text)
                await socket.recv()
    return times


def commit_times(folder: Path, rounds: int = 200) -> Times:
    """One row and one durable commit on SQLite, set as the app sets it."""
    times, path = Times(), folder / "commit.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
        for _ in range(rounds):
            with times.measured():
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO line (text) VALUES (?)", ("x" * 600,))
                database.execute("COMMIT")
    return times


class _Swallow:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        return "250 OK"


async def _smtp(port: int) -> None:
    def connection() -> Any:
        return SMTP(_Swallow(), enable_SMTPUTF8=True, decode_data=False, hostname="bare")

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)
    await server.serve_forever()


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return


_tabs: set[WebSocket] = set()


async def _relay(socket: WebSocket) -> None:
    """What a visitor says comes back to them, and goes to every tab."""
    await socket.accept()
    try:
        while True:
            text = await socket.receive_text()
            await socket.send_text(text)
            for tab in list(_tabs):
                await tab.send_text(text)
    except WebSocketDisconnect:
        return


async def _tab(socket: WebSocket) -> None:
    await socket.accept()
    _tabs.add(socket)
    try:
        await socket.receive_text()
    except WebSocketDisconnect:
        _tabs.discard(socket)


def main(kind: str, port: int) -> None:
    """Serve until killed."""
    if kind == "smtp":
        asyncio.run(_smtp(port))
    else:
        said = _relay if kind == "relay" else _echo
        app = Starlette(routes=[WebSocketRoute("/", said), WebSocketRoute("/tab", _tab)])
        # The chat's sockets are not compressed either.
        packs = kind != "relay"
        uvicorn.run(
            app, port=port, loop="uvloop", ws="websockets-sansio", log_level="warning", ws_per_message_deflate=packs
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
