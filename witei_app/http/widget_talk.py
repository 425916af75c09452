"""The talk with visitors: by WebSocket, and by HTTP where WebSockets are blocked. See docs/web-chat.md."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from witei_app.db import reading
from witei_app.errors import NotFound
from witei_app.http.session import address_of
from witei_app.settings import settings
from witei_app.webchat.caller import Caller
from witei_app.webchat.chat import mark_seen, rate_chat, say, tell_about, tell_typing, welcome
from witei_app.webchat.forget import forget_visitor
from witei_app.webchat.limits import (
    SOCKETS_BY_ADDRESS,
    SOCKETS_BY_VISITOR,
    SOCKETS_BY_WIDGET,
    TooManyOpen,
    chat_limits,
    open_sockets,
)
from witei_app.webchat.look import origin
from witei_app.webchat.present import tell
from witei_app.webchat.protocol import (
    BLOCKED,
    LARGEST_EXCHANGE,
    NOT_HERE,
    TOO_MANY,
    BadFrame,
    Exchange,
    Forget,
    Hello,
    Incoming,
    Moved,
    Outgoing,
    Ping,
    Rate,
    Read,
    Say,
    Tell,
    Transcript,
    Typing,
    parse,
    parse_exchange,
    refused,
)
from witei_app.webchat.recognise import move_on, recognise
from witei_app.webchat.sockets import Line, switchboard
from witei_app.webchat.transcript import mail_transcript
from witei_app.webchat.widgets import ChatSite, find_site

log = structlog.get_logger()
FIRST_FRAME_SECONDS = 15
Send = Callable[[str], Awaitable[None]]


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
        _count(caller)
        await _converse(websocket, caller)
    except Blocked:
        await websocket.send_text(_json(BLOCKED))
        await _close(websocket, NOT_HERE, "This visitor is blocked.")
    except TooManyOpen:
        await _close(websocket, TOO_MANY, "Too many connections.")
    except BadFrame as fault:
        await _close(websocket, fault.code, str(fault))
    finally:
        open_sockets.give_back(caller.places)


class Blocked(Exception):
    """The agency does not want this visitor, or anybody from there."""


def _count(caller: Caller) -> None:
    """One more connection of this widget and this address; when the visitor is known, theirs is counted too."""
    open_sockets.take(caller.places, ("widget", caller.site.widget_id), SOCKETS_BY_WIDGET)
    if caller.network:
        open_sockets.take(caller.places, ("address", caller.network), SOCKETS_BY_ADDRESS)


def comes_from_us(connection: HTTPConnection, site: ChatSite | None) -> bool:
    """The page in the iframe is ours, so its Origin (RFC 6455 10.2) is; the widget's sites may connect by themselves.

    Programs that are no browsers send none. They could send any.
    """
    asked_by = connection.headers.get("origin")
    if asked_by is None:
        return True
    own = own_host(connection)
    ours = {origin(f"http://{own}"), origin(f"https://{own}"), origin(settings().public_url)}
    return origin(asked_by) in (ours | set(site.look.sites if site else ())) - {""}


async def _converse(websocket: WebSocket, caller: Caller) -> None:
    """Take frames one after the other: what a visitor says keeps its order, and one visitor has one query at a time."""
    line: Line | None = None
    try:
        async for frame in _frames(websocket):
            if line is None:
                line = await _begin(caller, frame, _sender(websocket), lambda: websocket.close(1013))
                await _tell_silent(caller)
            else:
                await _go_on(caller, line, frame)
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
            await _tell_silent(caller, is_leaving=True)


async def _tell_silent(caller: Caller, *, is_leaving: bool = False) -> None:
    """Users see who has the chat open and has not written: they may speak first."""
    if caller.conversation_id is None and not (is_leaving and switchboard.has_unspoken(caller.visitor_hash)):
        await tell(caller, is_leaving=is_leaving)


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


async def _begin(caller: Caller, frame: Incoming, send: Send, close: Callable[[], Awaitable[None]]) -> Line:
    if not isinstance(frame, Hello):
        raise BadFrame("Say hello first.")
    await recognise(caller, frame)
    if caller.is_blocked:
        raise Blocked
    open_sockets.take(caller.places, ("visitor", caller.visitor_hash), SOCKETS_BY_VISITOR)
    site, network = caller.site, caller.network
    line = Line(send, close, caller.visitor_hash, caller.conversation_id, site.workspace_id, network)
    switchboard.add(line)  # before the messages are read, so that none falls between
    try:
        await send(_json(await welcome(caller)))
    except BaseException:
        switchboard.remove(line)
        raise
    return line


async def _go_on(caller: Caller, line: Line, frame: Incoming) -> None:
    caller.conversation_id = caller.conversation_id or line.conversation_id  # another tab may have spoken first
    answer = await _answer(caller, frame)
    switchboard.move(line, caller.conversation_id)
    if answer is not None:
        await line.send(_json(answer))


async def _answer(caller: Caller, frame: Incoming) -> Outgoing | None:
    match frame:
        case Say():
            return await _refusal(caller, frame) or await say(caller, frame)
        case Read(n=number):
            await mark_seen(caller, number)
        case Tell():
            return await tell_about(caller, frame.about)
        case Typing():
            await tell_typing(caller)
        case Rate():
            return await rate_chat(caller, frame)
        case Transcript():
            return await mail_transcript(caller)
        case Forget():
            return await forget_visitor(caller)
        case Moved(page=page):
            await move_on(caller, page)
            await _tell_silent(caller)
        case Ping():
            return {"t": "pong"}
        case Hello():
            raise BadFrame("Hello was said already.")
    return None


async def _refusal(caller: Caller, frame: Say) -> Outgoing | None:
    wait = await chat_limits.wait_for_message(caller.visitor_hash, caller.address, caller.site.widget_id)
    if not wait.seconds and caller.conversation_id is None:
        wait = await chat_limits.wait_for_chat(caller.address, caller.site.widget_id)
    if not wait.seconds:
        return None
    after = 0 if wait.text == "too_many" else wait.seconds  # an hour is too long for a message to wait in silence
    return refused(wait.text, caller.texts[wait.text], message_id=frame.id, after=after)


def _json(frame: Outgoing) -> str:
    return json.dumps(frame, ensure_ascii=False)


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


async def chat_exchange(request: Request) -> Response:
    """The same frames by HTTP, where WebSockets are blocked: some in, some out, waiting a while for news."""
    try:
        posted = parse_exchange(await _body(request))
        async with reading() as db:
            site = await find_site(db, posted.key)
        if not comes_from_us(request, site):
            return Response("Forbidden", 403)
        caller = Caller(site, address_of(request), request.headers.get("user-agent", ""))
        try:
            _count(caller)
            answers = await _exchange(caller, posted)
        finally:
            open_sockets.give_back(caller.places)
        return JSONResponse(answers, headers={"Cache-Control": "no-store"})
    except Blocked:
        return JSONResponse([_json(BLOCKED)], headers={"Cache-Control": "no-store"})
    except TooManyOpen:
        return Response("Too many connections.", 429)
    except NotFound as fault:
        return Response(str(fault), 404)
    except BadFrame as fault:
        return Response(str(fault), 429 if fault.code == TOO_MANY else 400)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_EXCHANGE:
            raise BadFrame("This is too large.")
    return body


async def _exchange(caller: Caller, posted: Exchange) -> list[str]:
    said: asyncio.Queue[str] = asyncio.Queue()
    first, *others = [parse(text) for text in posted.frames]
    line = await _begin(caller, first, said.put, _nothing_to_close)
    try:
        for frame in others:
            if not await chat_limits.allows_frame(line.token_hash):
                raise BadFrame("Too many frames.", TOO_MANY)
            await _go_on(caller, line, frame)
        answers = [said.get_nowait()]
        if posted.wait and said.empty() and not json.loads(answers[0])["messages"]:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(posted.wait):
                    answers.append(await said.get())
    finally:
        switchboard.remove(line)
    while not said.empty():
        answers.append(said.get_nowait())
    return answers


async def _nothing_to_close() -> None:
    """An exchange ends by itself."""


def own_host(connection: HTTPConnection) -> str:
    """What the browser called us by: host and port, "" when that is no name."""
    return origin(f"http://{connection.headers.get('host', '')}").removeprefix("http://")
