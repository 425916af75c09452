"""What forms send: small ones on server-rendered pages, and files."""

from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from witei_app.http.session import comes_from_here
from witei_app.settings import settings

MOST_FORM_BYTES = 16 * 1024
_MOST_FIELDS = 20


class TooLarge(Exception):
    """More came than may."""


async def posted(request: Request, most: int = MOST_FORM_BYTES) -> dict[str, str] | None:
    """The fields, without what no database takes; None for a form of another site, or one that is too large."""
    if not comes_from_here(request):
        return None
    body = b""
    async for chunk in request.stream():  # Content-Length may be missing, or wrong
        body += chunk
        if len(body) > most:
            return None
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return {name: value.replace("\0", "") for name, value in fields}


def is_scripted(request: Request) -> bool:
    """Whether a script of our own pages asks: other sites' forms cannot set this header (CORS preflight)."""
    return comes_from_here(request) and "x-requested-with" in request.headers


async def posted_file(request: Request) -> tuple[dict[str, str], str, bytes]:
    """The fields beside one file, named "file", its name and its bytes.

    TooLarge when it is; ValueError when the form is no such form.
    """
    limited = Request(request.scope, _limited(request))
    try:
        async with limited.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=1024) as form:
            return await _file_of(form)
    except HTTPException as fault:  # starlette's words for a form that it cannot read are for nobody's eyes
        raise ValueError(fault.detail) from None


async def _file_of(form: FormData) -> tuple[dict[str, str], str, bytes]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise ValueError("a file is missing")
    data = await file.read()
    if len(data) > settings().max_upload_mb * 1024 * 1024:
        raise TooLarge
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return fields, file.filename or "file", data


def _limited(request: Request) -> Receive:
    """The request's stream, ended as soon as it is too long, whatever Content-Length said."""
    left = settings().max_upload_mb * 1024 * 1024 + MOST_FORM_BYTES  # room for the form around the file

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge
        return message

    return receive
