"""What visitors' browsers ask for: the loader, the iframe's page and script, and the socket. See docs/web-chat.md."""

import asyncio
import contextlib
import gzip
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from witei_app.db import reading
from witei_app.errors import NotFound
from witei_app.http.session import address_of
from witei_app.settings import settings
from witei_app.webchat.chat import Caller, mark_seen, recognise, say, tell_typing, welcome
from witei_app.webchat.limits import SOCKETS_BY_ADDRESS, chat_limits, is_here
from witei_app.webchat.page import Asset, chat_page, language, origin, script, words
from witei_app.webchat.protocol import (
    NOT_HERE,
    TOO_MANY,
    BadFrame,
    Hello,
    Incoming,
    Outgoing,
    Ping,
    Read,
    Say,
    Typing,
    parse,
    refused,
)
from witei_app.webchat.sockets import Line, switchboard
from witei_app.webchat.visitors import token_hash
from witei_app.webchat.widgets import ChatSite, find_site

log = structlog.get_logger()
FIRST_FRAME_SECONDS = 15
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300, stale-while-revalidate=86400"
# Pages with Cross-Origin-Embedder-Policy take in only what says that it may be.
EMBEDDABLE = {"Cross-Origin-Resource-Policy": "cross-origin"}
_open_sockets: Counter[str] = Counter()


async def loader_script(request: Request) -> Response:
    """The one file that every visitor of the agency's site gets."""
    return _script(request, script("loader.js"))


async def chat_script(request: Request) -> Response:
    """The iframe's script. The page asks for it by its hash."""
    return _script(request, script("chat.js"))


def _script(request: Request, asset: Asset) -> Response:
    is_by_hash = request.query_params.get("v") == asset.etag[1:-1]
    headers = {
        "ETag": asset.etag,
        "Cache-Control": FOR_EVER if is_by_hash else A_WHILE,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        **EMBEDDABLE,
    }
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if _takes_gzip(request):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(asset.body, headers=headers, media_type="text/javascript")


async def chat_frame(request: Request) -> Response:
    """The page inside the iframe, in the host page's language, else the browser's."""
    lang = language(request.query_params.get("lang", ""), request.headers.get("accept-language", "")[:200])
    try:
        async with reading() as db:
            site = await find_site(db, request.path_params["widget_key"])
    except NotFound:
        return HTMLResponse(words(lang)["unavailable"], 404, {"Content-Security-Policy": "default-src 'none'"})
    page = chat_page(site.look, lang, _own_host(request))
    headers = {
        "Content-Security-Policy": page.content_security_policy,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Accept-Encoding",
        "Cross-Origin-Embedder-Policy": "require-corp",
        **EMBEDDABLE,
    }
    if not _takes_gzip(request):
        return HTMLResponse(page.html, headers=headers)
    packed = gzip.compress(page.html.encode(), 9, mtime=0)
    return HTMLResponse(packed, headers={**headers, "Content-Encoding": "gzip"})


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _own_host(connection: HTTPConnection) -> str:
    return origin(f"http://{connection.headers.get('host', '')}").removeprefix("http://")


async def chat_socket(websocket: WebSocket) -> None:
    """One visitor's connection, until either side ends it."""
    try:
        async with reading() as db:
            site = await find_site(db, websocket.query_params.get("key", ""))
    except NotFound:
        site = None
    if not _comes_from_us(websocket, site):
        return await websocket.close(NOT_HERE)  # before it is accepted this is a plain 403
    await websocket.accept()
    if site is None:
        return await websocket.close(NOT_HERE, "There is no chat here.")
    address = address_of(websocket)
    if not is_here(address) and _open_sockets[address] >= SOCKETS_BY_ADDRESS:
        return await websocket.close(TOO_MANY, "Too many connections from this address.")
    _open_sockets[address] += 1
    try:
        await _converse(websocket, Caller(site, address, websocket.headers.get("user-agent", "")))
    finally:
        _open_sockets[address] -= 1
        if not _open_sockets[address]:
            del _open_sockets[address]


def _comes_from_us(websocket: WebSocket, site: ChatSite | None) -> bool:
    """The page in the iframe is ours, so its Origin (RFC 6455 10.2) is; the widget's sites may connect by themselves.

    Programs that are no browsers send none. They could send any.
    """
    asked_by = websocket.headers.get("origin")
    if asked_by is None:
        return True
    own = _own_host(websocket)
    ours = {origin(f"http://{own}"), origin(f"https://{own}"), origin(settings().public_url)}
    return origin(asked_by) in (ours | set(site.look.sites if site else ())) - {""}


async def _converse(websocket: WebSocket, caller: Caller) -> None:
    """Take frames one after the other: what a visitor says keeps its order, and one visitor has one query at a time."""
    line: Line | None = None
    try:
        async for frame in _frames(websocket):
            if line is None:
                line = await _begin(websocket, caller, frame)
            elif (answer := await _answer(caller, frame)) is not None:
                switchboard.move(line, caller.conversation_id)
                await _send(websocket, answer)
    except BadFrame as fault:
        await _close(websocket, fault.code, str(fault))
    except WebSocketDisconnect:
        pass  # gone in the middle of an answer: it comes back and asks "since n"
    except Exception:
        log.exception("webchat.failed")
        await _close(websocket, 1011, "Something failed here. Please connect again.")
    finally:
        if line is not None:
            switchboard.remove(line)


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


async def _begin(websocket: WebSocket, caller: Caller, frame: Incoming) -> Line:
    if not isinstance(frame, Hello):
        raise BadFrame("Say hello first.")
    await recognise(caller, frame)
    line = Line(
        send=websocket.send_text,
        close=lambda: websocket.close(1013),
        token_hash=token_hash(caller.token),
        conversation_id=caller.conversation_id,
    )
    switchboard.add(line)  # before the messages are read, so that none falls between
    try:
        await _send(websocket, await welcome(caller))
    except BaseException:
        switchboard.remove(line)
        raise
    return line


async def _answer(caller: Caller, frame: Incoming) -> Outgoing | None:
    match frame:
        case Say():
            return await _refusal(caller, frame) or await say(caller, frame)
        case Read(n=number):
            await mark_seen(caller, number)
        case Typing():
            await tell_typing(caller)
        case Ping():
            return {"t": "pong"}
        case Hello():
            raise BadFrame("Hello was said already.")
    return None


async def _refusal(caller: Caller, frame: Say) -> Outgoing | None:
    visitor = token_hash(caller.token)
    after = await chat_limits.wait_for_message(visitor, caller.address, caller.site.widget_id)
    if after:
        return refused("slow_down", caller.texts["slow_down"], message_id=frame.id, after=after)
    if caller.conversation_id is None and await chat_limits.wait_for_chat(caller.address):
        return refused("too_many", caller.texts["too_many"], message_id=frame.id)
    return None


async def _send(websocket: WebSocket, frame: Outgoing) -> None:
    try:
        await websocket.send_text(json.dumps(frame, ensure_ascii=False))
    except RuntimeError:  # Starlette's word for a socket that the switchboard has hung up
        raise WebSocketDisconnect(1006) from None


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(code, reason)


routes: list[BaseRoute] = [
    Route("/embed/loader.js", loader_script),
    Route("/embed/chat.js", chat_script),
    Route("/embed/chat/{widget_key}", chat_frame),
    WebSocketRoute("/embed/socket", chat_socket),
]
