"""Files that our own pages post: one door for all, who asks and how much, before the rule that the file is for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from witei_app.accounts.actor import Actor
from witei_app.db import reading
from witei_app.errors import Refused
from witei_app.http.forms import TooLarge, is_scripted, posted_file
from witei_app.http.session import actor_of, language_of
from witei_app.settings import settings
from witei_app.texts import later, translate

FAILED = later("The file could not be uploaded. Try again.")


@dataclass(frozen=True)
class Posted:
    """One file: its name as the browser told it, its bytes, and the fields beside it."""

    name: str
    data: bytes
    fields: dict[str, str]


Take = Callable[[Actor, Posted], Awaitable[dict[str, Any]]]


def taking(take: Take, failed: str = FAILED) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that gives a file to `take(actor, posted)` and answers what that gives, else {"error"} in words.

    The actor has a language. What `take` refuses is said; a ValueError of its is a form that is none (`failed`).
    """

    async def endpoint(request: Request) -> Response:
        language = language_of(request)
        if not is_scripted(request):
            return _refused("This request does not come from this app.", 403, language)
        try:
            async with reading() as db:
                actor = await actor_of(db, request)
            if actor is None:
                return _refused("Sign in again.", 401, language)
            actor = replace(actor, language=actor.language or language)
            language = actor.language
            fields, name, data = await posted_file(request)
            return JSONResponse(await take(actor, Posted(name, data, fields)), 201)
        except TooLarge:
            return _refused("A file may have {most} MB.", 413, language, most=settings().max_upload_mb)
        except Refused as refusal:
            return _refused(refusal.text, 422, language, **refusal.values)
        except (ClientDisconnect, ValueError, KeyError):
            return _refused(failed, 400, language)

    return endpoint


def _refused(text: str, status: int, language: str, **values: object) -> JSONResponse:
    return JSONResponse({"error": translate(text, language, **values)}, status)
