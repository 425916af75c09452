"""The API for programs, below /api/v1: a door, then one file per noun; each operation calls the rule of the page."""

import re
from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from witei_app.http.api import contacts, conversations, docs, messages, people, quotes, reports, templates, tickets
from witei_app.http.api.door import Door
from witei_app.http.api.problems import MEDIA_TYPE, Problem, answer_problems

PREFIX = "/api/v1"
_PROBLEMS = {
    "400": "The request cannot be understood.",
    "401": "No token, or one that is not valid.",
    "403": "The token, or its user, may not do this.",
    "404": "It does not exist, or the token's user does not see it.",
    "409": "Something new came in between.",
    "413": "The request is too large.",
    "415": "The body is no JSON, or does not say so.",
    "422": "The request is not as described, or a rule refuses it; `detail` says why.",
    "429": "Too many requests; `Retry-After` says when to come back.",
    "500": "A mistake of ours; it is noted for the administrator.",
    "503": "The database cannot be reached: nothing was changed. Or the program is being restarted.",
}
_ABOUT = """Programs read and write here in the name of a user, never more than that user may do in the pages.
Send a token with each request: Authorization: Bearer conv_…. Times are RFC 3339 in UTC, faults are RFC 9457."""


@cache
def make_api() -> FastAPI:
    """The API without its door."""
    api = FastAPI(
        title="Conversations",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: f"{route.tags[0]}-{route.name}".lower().replace(" ", "-"),
        responses={status: _response(words) for status, words in _PROBLEMS.items()},
    )
    for noun in (people, conversations, messages, contacts, templates, tickets, quotes, reports):
        api.include_router(noun.router)
    answer_problems(api)
    api.router.routes.extend(docs.routes_for(api))
    described = api.openapi

    def openapi() -> dict[str, Any]:
        if not api.openapi_schema:
            said = described()
            for name, schema in _problem_schemas().items():
                said["components"]["schemas"].setdefault(name, schema)
        return api.openapi_schema or described()

    api.openapi = openapi  # type: ignore[method-assign]
    return api


def _response(words: str) -> dict[str, Any]:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "Problem": schema}


class _AllBelow(Mount):
    """A mount whose addresses may have line breaks: Starlette's takes them for somebody else's."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


def routes() -> list[BaseRoute]:
    """The API where it lives."""
    return [_AllBelow(PREFIX, Door(make_api()))]
