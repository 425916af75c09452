"""The cast, and browsers at the app's HTTP side: endpoints and what stands around them, with one page behind."""

from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tests.cast import announced, cast, configure, lite_cast
from witei_app import http
from witei_app.accounts.actor import Actor
from witei_app.accounts.sign_in import open_session
from witei_app.db import transaction
from witei_app.http.assets_cache import AssetsCache
from witei_app.http.guard import SecurityHeaders, SignInGuard
from witei_app.http.session import COOKIE
from witei_app.models import User

__all__ = ["announced", "cast", "configure", "lite_cast"]
AS_A_BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en"}
Browse = Callable[[], httpx.AsyncClient]


async def _page(_: Request) -> Response:
    return HTMLResponse("a page of the app")


def whole_site() -> ASGIApp:
    """As witei_app.py puts it together, around one page instead of Reflex."""
    pages = Mount("/", routes=[Route("/{path:path}", _page)])
    return SecurityHeaders(
        AssetsCache(SignInGuard(Starlette(routes=[*http.routes(), pages], exception_handlers=http.faults())))
    )


@pytest.fixture
def browse() -> Browse:
    """Opens browsers: `async with browse() as browser`."""
    site = httpx.ASGITransport(whole_site())
    return lambda: httpx.AsyncClient(transport=site, base_url="http://app.test", headers=AS_A_BROWSER)


async def signed_in(browser: httpx.AsyncClient, actor: Actor) -> None:
    """Give the browser a session of the actor."""
    async with transaction() as db:
        token = await open_session(db, await db.get_one(User, actor.user_id), "127.0.0.1", "tests")
    browser.cookies.set(COOKIE, token)
