"""Programs that call the API in the tests."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import httpx

from tests.http.conftest import Browse
from witei_app.accounts.actor import Actor
from witei_app.accounts.tokens import Scope, make_token
from witei_app.db import transaction


async def token_for(actor: Actor, scopes: Collection[str] = tuple(Scope), days: int = 0) -> str:
    """A new token of the actor's."""
    async with transaction() as db:
        return await make_token(db, actor, "tests", [str(scope) for scope in scopes], days)


@asynccontextmanager
async def program(
    browse: Browse, actor: Actor, scopes: Collection[str] = tuple(Scope)
) -> AsyncIterator[httpx.AsyncClient]:
    """A program of the actor's that speaks to the API: paths are below /api/v1."""
    async with browse() as client:
        client.base_url = httpx.URL("http://app.test/api/v1")
        client.headers = httpx.Headers({"Authorization": f"Bearer {await token_for(actor, scopes)}"})
        yield client
