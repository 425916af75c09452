"""The only door of the API: who comes in, how often, with how much in hand. What is public is said here."""

import math
import time
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from witei_app.accounts.tokens import Bearer, bearer_of, note_token_use
from witei_app.db import reading, transaction
from witei_app.http.api.limits import Spent, guesses_too_much, note_wrong, spend
from witei_app.http.api.problems import away, problem
from witei_app.http.session import address_of

PUBLIC = {"/openapi.json", "/docs"}
MOST_BYTES = 1024 * 1024
MOST_NOTED = 10_000
USE_SECONDS = 60.0
_noted: dict[str, float] = {}  # when this process last wrote a token's use


class Door:
    """Around the API: whoever brings no token learns nothing, not even which addresses there are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _path(scope) in PUBLIC:
            return await self._app(scope, receive, send)
        try:
            answer = await self._let_in(Request(scope, receive), scope, send)
        except (OperationalError, InterfaceError, PoolTimeout) as fault:
            answer = await away(Request(scope), fault)
        except ClientDisconnect:
            return None
        if answer is not None:
            await answer(scope, receive, send)
        return None

    async def _let_in(self, request: Request, scope: Scope, send: Send) -> Response | None:
        """Hand it on, or give the answer for who stays outside."""
        address = address_of(request)
        bearer, token = await _bearer(request, address)
        if bearer is None:
            return await _stays_out(address, has_token=bool(token))
        spent = await spend(bearer.mark)
        if spent.is_over:
            told = {**spent.headers, "Retry-After": str(spent.seconds)}
            return problem(429, "too_many_requests", "Too many requests with this token.", told)
        if bearer.lacks_app:
            return problem(403, "needs_app", "The token's user must sign in and set up an authenticator app first.")
        body = await _body(request)
        if body is None:
            return problem(413, "too_large", "A request has at most 1 MiB.")
        if _is_use_due(bearer):
            async with transaction() as db:
                await note_token_use(db, bearer)
        scope.setdefault("state", {}).update(bearer=bearer, token=token, body=body)
        await self._app(scope, _said(body), _telling(send, spent))
        return None


async def _bearer(request: Request, address: str) -> tuple[Bearer | None, str]:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return None, ""
    token = token.strip()
    if await guesses_too_much(address):
        return None, token
    async with reading() as db:
        return await bearer_of(db, token, address), token


async def _stays_out(address: str, *, has_token: bool) -> Response:
    """RFC 6750, 3: no token is told how to bring one, a wrong one that it is wrong, and nothing more."""
    if not has_token:
        told = {"WWW-Authenticate": 'Bearer realm="api"'}
        return problem(401, "no_token", "Send a token: Authorization: Bearer conv_…", told)
    if await guesses_too_much(address):
        return problem(429, "too_many_requests", "Too many wrong tokens. Come back later.", {"Retry-After": "600"})
    await note_wrong(address)
    told = {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}
    return problem(401, "invalid_token", "This token is not known, has expired or was revoked.", told)


async def _body(request: Request) -> bytes | None:
    """The whole body, None when it is too large; read once who it is from is known."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length[:12]) > MOST_BYTES:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _said(body: bytes) -> Receive:
    """What was read, once more."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive


def _telling(send: Send, spent: Spent) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "no-store")
            for name, value in spent.headers.items():
                headers[name] = value
        await send(message)

    return send_with_headers


def _is_use_due(bearer: Bearer) -> bool:
    moment = time.monotonic()
    if moment - _noted.get(bearer.mark, -math.inf) < USE_SECONDS:
        return False
    if len(_noted) > MOST_NOTED:
        _noted.clear()
    _noted[bearer.mark] = moment
    return True


def _path(scope: dict[str, Any] | Scope) -> str:
    """Below the mount (ASGI: `root_path` is the part before)."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(root) else path
