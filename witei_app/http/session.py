"""Who is asking over HTTP: the session cookie, the address, the language."""

import ipaddress

from starlette.requests import HTTPConnection
from starlette.responses import Response

from witei_app.accounts.actor import Actor
from witei_app.accounts.sign_in import SESSION_LIFE, user_of_token
from witei_app.db import Session
from witei_app.settings import settings
from witei_app.texts import LANGUAGES

COOKIE = "witei_session"


def token_of(connection: HTTPConnection) -> str:
    """The session token in the cookie, or ""."""
    return connection.cookies.get(COOKIE, "")


async def actor_of(db: Session, connection: HTTPConnection) -> Actor | None:
    """The signed-in actor, or None."""
    user = await user_of_token(db, token_of(connection))
    return Actor.of(user, address_of(connection)) if user else None


def set_session(response: Response, token: str) -> None:
    """Give the browser its session. Scripts cannot read it, other sites' forms do not send it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings().is_secure,
    )


def drop_session(response: Response) -> None:
    """Take it back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=settings().is_secure)


def address_of(connection: HTTPConnection) -> str:
    """The client's address, as far as it can be believed: the last WITEI_TRUSTED_PROXY_HOPS proxies are ours."""
    peer = connection.client.host if connection.client else ""
    hops = settings().trusted_proxy_hops
    if not hops:
        return peer
    # A proxy adds to what the client sent, or a line of its own.
    lines = ",".join(connection.headers.getlist("x-forwarded-for"))
    told = [part.strip() for part in lines.split(",") if part.strip()]
    return _valid(told[-hops]) or peer if len(told) >= hops else peer


def language_of(connection: HTTPConnection) -> str:
    """The first language the browser asks for that we speak (RFC 9110 12.5.4, in the order given), else English."""
    for part in connection.headers.get("accept-language", "")[:200].split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code == "en" or code in LANGUAGES:
            return code
    return "en"


def comes_from_here(connection: HTTPConnection) -> bool:
    """Whether a state-changing request was made by our own pages: its Origin is the host it was sent to."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return origin.split("://")[-1] == connection.headers.get("host", "")


def _valid(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""
