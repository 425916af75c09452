"""Visitors' WebSockets. See docs/web-chat.md."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from witei_app.db import reading
from witei_app.errors import NotFound
from witei_app.http.session import address_of
from witei_app.http.widget_talk import Blocked, Send, begin, comes_from_us, count, go_on, tell_silent, worded
from witei_app.webchat.caller import Caller
from witei_app.webchat.limits import TooManyOpen, chat_limits, open_sockets
from witei_app.webchat.protocol import BLOCKED, NOT_HERE, TOO_MANY, BadFrame, Incoming, parse
from witei_app.webchat.sockets import Line, switchboard
from witei_app.webchat.widgets import find_site

log = structlog.get_logger()
FIRST_FRAME_SECONDS = 15


async def chat_socket(websocket: WebSocket) -> None:
    """One visitor's connection, until either side ends it."""
    try:
        async with reading() as db:
            site = await find_site(db, websocket.query_params.get("key", ""))
    except NotFound:
        site = None
    if not comes_from_us(websocket, site):
        return await websocket.close(NOT_HERE)  # before it is accepted this is a plain 403
    address, browser = address_of(websocket), websocket.headers.get("user-agent", "")
    await websocket.accept()  # from here on the headers are gone (witei_app.sockets)
    if site is None:
        return await websocket.close(NOT_HERE, "There is no chat here.")
    caller = Caller(site, address, browser)
    try:
        count(caller)
        await _converse(websocket, caller)
    except Blocked:
        await websocket.send_text(worded(BLOCKED))
        await _close(websocket, NOT_HERE, "This visitor is blocked.")
    except TooManyOpen:
        await _close(websocket, TOO_MANY, "Too many connections.")
    except BadFrame as fault:
        await _close(websocket, fault.code, str(fault))
    finally:
        open_sockets.give_back(caller.places)


async def _converse(websocket: WebSocket, caller: Caller) -> None:
    """Take frames one after the other: what a visitor says keeps its order, and one visitor has one query at a time."""
    line: Line | None = None
    try:
        async for frame in _frames(websocket):
            if line is None:
                line = await begin(caller, frame, _sender(websocket), lambda: websocket.close(1013))
                await tell_silent(caller)
            else:
                await go_on(caller, line, frame)
    except WebSocketDisconnect:
        pass  # gone in the middle of an answer: it comes back and asks "since n"
    except (BadFrame, Blocked, TooManyOpen):
        raise  # for the caller, who closes with its reason
    except Exception:
        log.exception("webchat.failed")
        await _close(websocket, 1011, "Something failed here. Please connect again.")
    finally:
        if line is not None:
            switchboard.remove(line)
            await tell_silent(caller, is_leaving=True)


async def _frames(websocket: WebSocket) -> AsyncIterator[Incoming]:
    name = secrets.token_hex(8)
    patience: float | None = FIRST_FRAME_SECONDS
    while True:
        try:
            async with asyncio.timeout(patience):
                message = await websocket.receive()
        except TimeoutError:
            raise BadFrame("Say hello first.") from None
        patience = None
        if message["type"] == "websocket.disconnect":
            return
        if message.get("text") is None:
            raise BadFrame("Frames are text.")
        if not await chat_limits.allows_frame(name):
            raise BadFrame("Too many frames.", TOO_MANY)
        yield parse(message["text"])


def _sender(websocket: WebSocket) -> Send:
    async def send(text: str) -> None:
        try:
            await websocket.send_text(text)
        except RuntimeError:  # Starlette's word for a socket that the switchboard has hung up
            raise WebSocketDisconnect(1006) from None

    return send


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(code, reason)
