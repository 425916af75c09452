"""What goes wrong, said as RFC 9457 has it: application/problem+json."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from witei_app.accounts.once import KeyUsed
from witei_app.conversations.reply import SomethingNew
from witei_app.errors import NotAllowed, NotFound, Refused

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
_MOST_TOLD = 20
_WORDS = {
    400: "The body is no JSON that can be read.",
    404: "There is nothing at this address. /api/v1/docs lists all that there is.",
    405: "This address does not know this method; Allow names those that it knows.",
}


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="The part of the request, such as `body.email`.")
    what: str


class Problem(BaseModel):
    """RFC 9457. Programs decide by `status` and `code`; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[Fault] | None = None


class Failed(Exception):
    """The request ends here, with this problem."""

    def __init__(self, status: int, code: str, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers


def problem(
    status: int, code: str, detail: str = "", headers: Mapping[str, str] | None = None, errors: Any = None
) -> Response:
    """The answer."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        said["errors"] = errors
    return Response(json.dumps(said), status, headers, MEDIA_TYPE)


def answer_problems(api: FastAPI) -> None:
    """Have every fault answered by a problem."""
    api.add_exception_handler(Failed, _failed)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(RequestValidationError, _not_valid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _fault)  # which is raised on from there, to be noted
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        api.add_exception_handler(kind, away)


async def _failed(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, Failed)
    return problem(fault.status, fault.code, fault.detail, fault.headers)


async def _refused(_: Request, fault: Exception) -> Response:
    """A rule said no. What is out of sight is answered as what does not exist."""
    match fault:
        case NotFound():
            return problem(404, "not_found", str(fault))
        case NotAllowed():
            return problem(403, "not_allowed", str(fault))
        case KeyUsed():
            return problem(422, "key_used", str(fault))
        case SomethingNew():
            return problem(409, "something_new", str(fault))
        case _:
            return problem(422, "refused", str(fault))


async def _not_valid(_: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    errors = [
        {"where": _printable(".".join(map(str, one["loc"])), 200), "what": _printable(one["msg"], 300)}
        for one in fault.errors()[:_MOST_TOLD]
    ]
    return problem(422, "invalid", "The request is not as the description of the API says.", errors=errors)


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    code = re.sub(r"\W+", "_", HTTPStatus(fault.status_code).phrase.lower())
    headers = {"Allow": _allowed(request)} if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED else fault.headers
    return problem(fault.status_code, code, _WORDS.get(fault.status_code, ""), headers)


def _allowed(request: Request) -> str:
    """What may be asked of this address (RFC 9110, 15.5.6), by the description: Starlette names the first way alone."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    described = request.app.openapi()["paths"].items()
    ways = [way for one, ways in described if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path) for way in ways]
    return ", ".join(sorted(way.upper() for way in ways)) or "GET"


async def _fault(_: Request, _fault: Exception) -> Response:
    return problem(500, "fault", "Something went wrong here. It is noted for the administrator.")


async def away(_: Request, fault: Exception) -> Response:
    """The database cannot be reached."""
    log.warning("api.database_away", exc_info=fault)
    return problem(503, "away", "The database cannot be reached. Nothing was changed.", {"Retry-After": "5"})


def _printable(text: str, most: int) -> str:
    return text[:most].encode("utf-8", "replace").decode()
