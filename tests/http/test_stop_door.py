"""Requests that the server cuts off when it stops are answered, each in its own way."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from witei_app.http.stop_door import StopDoor


async def cut_off(path: str, *, has_begun: bool = False) -> list[Message]:
    """What a request for this path is sent that is cut off in the middle."""
    said: list[Message] = []
    begun = asyncio.Event()

    async def never_done(_scope: Scope, _receive: Receive, send: Send) -> None:
        if has_begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.set()
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        said.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope: Scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    task = asyncio.ensure_future(StopDoor(never_done)(scope, receive, send))
    await begun.wait()
    task.cancel()
    await asyncio.wait({task})
    return said


@pytest.mark.parametrize(("path", "says"), [("/api/v1/contacts", b"restarting"), ("/login", b"Back in a moment")])
async def test_it_is_told_to_ask_again(path: str, says: bytes) -> None:
    start, body = await cut_off(path)
    assert start["status"] == 503
    assert (b"retry-after", b"5") in start["headers"]
    assert says in body["body"]


async def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    assert [message.get("status") for message in await cut_off("/login", has_begun=True)] == [200]
