"""Visitors' frames by HTTP, where WebSockets are blocked. See docs/web-chat.md."""

import asyncio
import contextlib
import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from witei_app.db import reading
from witei_app.errors import NotFound
from witei_app.http.session import address_of
from witei_app.http.widget_talk import Blocked, begin, comes_from_us, count, go_on, worded
from witei_app.webchat.caller import Caller
from witei_app.webchat.limits import TooManyOpen, chat_limits, open_sockets
from witei_app.webchat.present_by_http import tell_by_http
from witei_app.webchat.protocol import BLOCKED, LARGEST_EXCHANGE, TOO_MANY, BadFrame, Exchange, parse, parse_exchange
from witei_app.webchat.sockets import switchboard
from witei_app.webchat.widgets import find_site


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
            count(caller)
            answers = await _exchange(caller, posted)
        finally:
            open_sockets.give_back(caller.places)
        return JSONResponse(answers, headers={"Cache-Control": "no-store"})
    except Blocked:
        return JSONResponse([worded(BLOCKED)], headers={"Cache-Control": "no-store"})
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
    line = await begin(caller, first, said.put, _nothing_to_close)
    try:
        for frame in others:
            if not await chat_limits.allows_frame(line.token_hash):
                raise BadFrame("Too many frames.", TOO_MANY)
            await go_on(caller, line, frame)
        await tell_by_http(caller)
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
