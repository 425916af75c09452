"""The edge hangs up on who asks slowly, endlessly, or from too many connections; who is merely slow is served."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from witei_app import requests, sockets

LARGE = 30_000_000


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def large(request: Request) -> Response:
    return Response(b"x" * LARGE)


async def sizes(socket: WebSocket) -> None:
    if "trusted" in socket.query_params:
        sockets.trust(socket.scope)
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(str(len(text)))


async def floods(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        await socket.send_text("x" * 100_000)
        await asyncio.sleep(0)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The port of a server with our edge and nothing behind it."""
    ways = [Route("/", echo, methods=["GET", "POST"]), Route("/large", large)]
    ways_of_sockets = [WebSocketRoute("/sizes", sizes), WebSocketRoute("/floods", floods)]
    edge: dict[str, Any] = {"http": "witei_app.requests:Requests", "ws": "witei_app.sockets:Sockets"}
    app = Starlette(routes=[*ways, *ways_of_sockets])
    config = uvicorn.Config(app, port=0, **edge, ws_max_size=sockets.MOST_OF_ANYBODY, log_level="error")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = server.force_exit = True
    await serving


async def answer_to(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """What comes until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(reader.read())
    with contextlib.suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    try:
        return await asyncio.wait_for(heard, 30)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-One-More: " + b"v" * 1000 + b"\r\n"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-One: ", b"v" * 1000),
        (b"GET /", b"v" * 1000),
    ],
    ids=["headers", "one header", "address"],
)
async def test_an_endless_head_is_refused(port: int, begin: bytes, more: bytes) -> None:
    answer = await answer_to(port, begin, *[more * 10] * 100)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


async def test_a_large_head_is_none(port: int) -> None:
    cookies = b"Cookie: " + b"c" * 30_000 + b"\r\n"
    answer = await answer_to(port, b"GET / HTTP/1.0\r\nHost: x\r\n" + cookies, b"\r\n", pause=0.1)
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("begin", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_who_does_not_go_on_is_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch, begin: bytes) -> None:
    monkeypatch.setattr(requests, "HEAD_SECONDS", 0.3)
    assert await answer_to(port, begin) == b""


async def test_drops_do_not_keep_a_head_open(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "HEAD_SECONDS", 0.3)
    drops = [b"GET / HTTP/1.1\r\n", *[b"X-Drop: 1\r\n"] * 20]
    assert await answer_to(port, *drops, pause=0.1) == b""


async def test_a_second_head_is_waited_for_no_longer(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "HEAD_SECONDS", 0.3)
    answer = await answer_to(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT")
    assert answer.count(b"HTTP/1.1") == 1


async def test_a_body_in_drops_is_hung_up_on_and_a_slow_one_is_read(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "BODY_SECONDS", 1.0)
    monkeypatch.setattr(requests, "BODY_LEAST", 100)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1200\r\n\r\n"
    assert await answer_to(port, head, *[b"a"] * 20, pause=0.1) == b""
    assert (await answer_to(port, head, *[b"a" * 100] * 12, pause=0.1)).endswith(b"1200")


async def test_who_takes_no_answer_is_hung_up_on(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "TAKEN_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
    writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.sleep(1)
    taken = 0
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(1_000_000):
            taken += len(part)
    assert taken < LARGE
    async with connect(f"ws://127.0.0.1:{port}/floods", max_queue=1, compression=None) as socket:
        await asyncio.sleep(1)
        with contextlib.suppress(ConnectionClosedError):
            async with asyncio.timeout(30):
                while True:
                    await socket.recv()


async def test_one_address_has_so_many_connections(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_CONNECTIONS", 2)
    async with connect(f"ws://127.0.0.1:{port}/sizes"), connect(f"ws://127.0.0.1:{port}/sizes"):
        whole = b"GET / HTTP/1.0\r\nHost: x\r\n\r\n"
        assert (await answer_to(port, whole)).endswith(b"0")  # a proxy on this machine is everybody
        monkeypatch.setattr(requests, "is_here", lambda address: False)
    async with connect(f"ws://127.0.0.1:{port}/sizes"), connect(f"ws://127.0.0.1:{port}/sizes"):
        assert await answer_to(port, whole) == b""
    assert (await answer_to(port, whole)).endswith(b"0")


async def test_large_frames_are_for_who_is_signed_in(port: int) -> None:
    for size, is_taken in ((50_000, True), (500_000, False)):
        async with connect(f"ws://127.0.0.1:{port}/sizes") as socket:
            await socket.send("x" * size)
            with contextlib.nullcontext() if is_taken else pytest.raises(ConnectionClosedError, match="1009"):
                assert await socket.recv() == str(size)
    async with connect(f"ws://127.0.0.1:{port}/sizes?trusted=1") as socket:
        await socket.send("x" * 1_000_000)
        assert await socket.recv() == "1000000"
