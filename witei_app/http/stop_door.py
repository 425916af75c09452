"""Around everything: who still waits when the program is stopped is told to ask again, not that something broke."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from witei_app.http.api.problems import problem
from witei_app.http.pages import page

_AGAIN = {"Retry-After": "5"}


class StopDoor:
    """The server cuts off what takes longer than a stop may; by itself it would answer 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            if has_begun:
                raise
            await _stopping(Request(scope))(scope, receive, send)


def _stopping(request: Request) -> Response:
    if request.url.path.startswith("/api/"):
        words = "The program is being restarted. Ask again, with the same Idempotency-Key where you sent one."
        return problem(503, "restarting", words, _AGAIN)
    answer = page(request, "away.html", 503)
    answer.headers.update(_AGAIN)
    return answer
