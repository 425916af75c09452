"""One call of the API: who calls, and its work in one transaction, done once however often it is asked for."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Header, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer, SecurityScopes
from pydantic import BaseModel
from starlette.responses import Response

from witei_app.accounts.actor import Actor
from witei_app.accounts.once import claim_key
from witei_app.accounts.tokens import Bearer, bearer_of
from witei_app.db import Session, reading, transaction
from witei_app.http.api.problems import Failed

LONGEST_KEY = 255
_scheme = HTTPBearer(
    scheme_name="token",
    description="A token of yours, made under Settings, API. Each operation says which of the token's rights it needs.",
    auto_error=False,
)
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[\x21-\x7e]+$",
        description="A word of your own for this act. The same request with it is done once in 24 hours.",
    ),
]


@dataclass(frozen=True)
class Call:
    """Who calls (`bearer` as the database knew it when the request came), and with which request."""

    request: Request
    bearer: Bearer

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[tuple[Session, Actor]]:
        """The database for queries alone, and the actor."""
        async with reading() as db:
            yield db, _plain(self.bearer.actor)

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[tuple[Session, Actor]]:
        """A transaction, and the actor as the database knows it within it."""
        async with transaction() as db:
            bearer = await bearer_of(db, self.request.state.token, self.bearer.actor.address)
            if bearer is None:  # revoked since the request came
                raise Failed(401, "invalid_token", "This token is not known, has expired or was revoked.")
            yield db, _plain(bearer.actor)

    async def once(
        self, key: str | None, work: Callable[[Session, Actor], Awaitable["Made"]], status: int = 201
    ) -> Response:
        """The answer of `work`; with a key, that of the first time. What was refused is not kept: it may be right soon.

        The key commits with the work, so that neither is there without the other.
        """
        async with self.acting() as (db, actor):
            kept = await claim_key(db, actor, key, self._fingerprint()) if key else None
            if kept is not None and kept.status:
                return _answer(kept.status, kept.body, kept.location, is_repeated=True)
            made = await work(db, actor)
            await db.flush()
            body, status = (made.model.model_dump_json(), status) if made.model is not None else ("", 204)
            if kept is not None:
                kept.status, kept.body, kept.location = status, body, made.location
        return _answer(status, body, made.location)

    def _fingerprint(self) -> str:
        said = f"{self.request.method} {self.request.url.path}?{self.request.url.query}\n".encode()
        return hashlib.sha256(said + self.request.state.body).hexdigest()


@dataclass(frozen=True)
class Made:
    """What a POST made, and where it is found from now on."""

    model: BaseModel | None
    location: str = ""


def _answer(status: int, body: str, location: str, *, is_repeated: bool = False) -> Response:
    headers = {"Location": location} if location else {}
    if is_repeated:
        headers["Idempotent-Replayed"] = "true"
    return Response(body or None, status, headers, "application/json" if body else None)


def _plain(actor: Actor) -> Actor:
    """The same, who reads and writes numbers as programs do."""
    return replace(actor, language="en", time_zone="UTC")


async def _caller(request: Request, wanted: SecurityScopes, _: Annotated[Any, Security(_scheme)]) -> Call:
    bearer: Bearer = request.state.bearer
    _refuse_unread(request)
    missing = [scope for scope in wanted.scopes if scope not in bearer.scopes]
    if missing:
        told = {"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{" ".join(missing)}"'}
        raise Failed(403, "insufficient_scope", f"This token lacks {', '.join(missing)}.", told)
    return Call(request, bearer)


def _refuse_unread(request: Request) -> None:
    """A misspelt filter would list everything, and what is no JSON would be taken for an empty request."""
    described = request.app.openapi()["paths"][request.scope["route"].path][request.method.lower()]
    known = {one["name"] for one in described.get("parameters", []) if one["in"] == "query"}
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        told = f"Nothing is asked by this name here, only by: {', '.join(sorted(known)) or 'none'}"
        raise RequestValidationError([{"loc": ("query", name), "msg": told} for name in unknown])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or kind.endswith("+json")
    if "requestBody" in described and request.state.body and not is_json:
        raise Failed(415, "no_json", "Send the body as JSON, with Content-Type: application/json.")


Anybody = Annotated[Call, Security(_caller)]
ReadConversations = Annotated[Call, Security(_caller, scopes=["conversations:read"])]
WriteConversations = Annotated[Call, Security(_caller, scopes=["conversations:write"])]
ReadMessages = Annotated[Call, Security(_caller, scopes=["messages:read"])]
WriteMessages = Annotated[Call, Security(_caller, scopes=["messages:write"])]
ReadContacts = Annotated[Call, Security(_caller, scopes=["contacts:read"])]
WriteContacts = Annotated[Call, Security(_caller, scopes=["contacts:write"])]
ReadTemplates = Annotated[Call, Security(_caller, scopes=["templates:read"])]
WriteTemplates = Annotated[Call, Security(_caller, scopes=["templates:write"])]
ReadTickets = Annotated[Call, Security(_caller, scopes=["tickets:read"])]
WriteTickets = Annotated[Call, Security(_caller, scopes=["tickets:write"])]
ReadQuotes = Annotated[Call, Security(_caller, scopes=["quotes:read"])]
WriteQuotes = Annotated[Call, Security(_caller, scopes=["quotes:write"])]
ReadReports = Annotated[Call, Security(_caller, scopes=["reports:read"])]
