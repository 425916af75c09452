"""Around everything: who is not signed in goes to /login first, and every answer carries the security headers."""

from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from witei_app.accounts.sign_in import is_use_due, note_use, user_of_token
from witei_app.db import reading, transaction
from witei_app.http.inline_scripts import allowed_scripts
from witei_app.http.pages import page
from witei_app.http.session import token_of
from witei_app.settings import settings

# Everything else that is a page needs a session. Files, frames and the socket check for themselves.
PUBLIC = (
    "/api/v1/",  # asks for a token itself
    "/login",
    "/logout",
    "/forgot",
    "/invite/",
    "/confirm-email/",
    "/q/",
    "/unsubscribe/",
    "/embed/",
    "/demo/",
    "/portraits/",
    "/logos/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/assets/",
)
# Of a page: what it shows and does comes from here alone. Scripts are files, or Reflex's own few, named by hashes.
# Styles may be inline, because Reflex and the composer set some; a style runs nothing.
SELF_ALONE = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' {sockets}; frame-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Of everything else: data, which is no page even when a browser is made to open it as one.
NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Those a page loads; by itself a browser shows them as plain text. Each visitor of a site pays for every letter here.
LOADED = ("text/javascript", "text/css")


class SignInGuard:
    """Sends a browser that asks for a page without a session to /login, from where it comes back.

    There, too, goes a session from before the workspace required an authenticator app, until its user has one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_page(scope):
            return await self._app(scope, receive, send)
        request = Request(scope)
        try:
            async with reading() as db:
                goes_on = await user_of_token(db, token_of(request)) is not None
            if goes_on and is_use_due(token_of(request)):
                async with transaction() as db:
                    await note_use(db, token_of(request))
        except (SQLAlchemyError, OSError):
            return await page(request, "away.html", 503)(scope, receive, send)
        if goes_on:
            return await self._app(scope, receive, send)
        query = f"?{request.url.query}" if request.url.query else ""
        goal = quote(request.url.path + query, safe="/")
        return await RedirectResponse(f"/login?next={goal}", 303)(scope, receive, send)


class SecurityHeaders:
    """Adds the headers that every answer carries, unless the endpoint has set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                if "Vary" in headers:
                    headers["Vary"] = _each_once(headers["Vary"])
                kind = headers.get("content-type", "text/html")
                if kind.startswith(LOADED):
                    headers.setdefault("Content-Security-Policy", "default-src 'none'")
                elif "Content-Security-Policy" not in headers:
                    headers["Content-Security-Policy"] = _policy(scope) if kind.startswith("text/html") else NOTHING
                    headers.setdefault("X-Frame-Options", "DENY")
                if settings().is_secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        return await self._app(scope, receive, send_with_headers)


def _each_once(names: str) -> str:
    """Reflex adds the same name for each of its layers."""
    return ", ".join(dict.fromkeys(name.strip() for name in names.split(",")))


def _policy(scope: Scope) -> str:
    host = Request(scope).headers.get("host", "")
    # 'self' covers ws: in today's browsers, but not in Safari before 15.4. No IPv6 address is a source (CSP 3, 2.3.1).
    safe_host = host if all(letter.isalnum() or letter in ".:-" for letter in host) else ""
    sockets = f"ws://{safe_host} wss://{safe_host}" if safe_host else ""
    return SELF_ALONE.format(scripts=allowed_scripts(), sockets=sockets)


def _is_page(scope: Scope) -> bool:
    path = scope["path"]
    accepts = dict(scope["headers"]).get(b"accept", b"")
    return scope["method"] in {"GET", "HEAD"} and b"text/html" in accepts and not path.startswith(PUBLIC)
