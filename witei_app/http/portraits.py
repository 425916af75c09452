"""Users' pictures: taken, drawn anew, shown by their SHA-256, and put on every avatar by one small stylesheet."""

import asyncio

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from witei_app.accounts.profile import is_portrait, portraits, save_portrait
from witei_app.db import reading, transaction
from witei_app.files import keep, path_of
from witei_app.http.forms import TooLarge, is_scripted, posted_file
from witei_app.http.session import actor_of, language_of
from witei_app.pictures import NotAPicture, portrait
from witei_app.settings import settings
from witei_app.texts import translate

# The letters make room for the picture; a person is on an avatar as its data-person.
_RULE = '.avatar[data-person="{id}"]{{background:url("/portraits/{sha256}.webp") center/cover}}'
_RULE += '.avatar[data-person="{id}"]::before{{content:""}}\n'


async def take(request: Request) -> Response:
    """Take the picture of whoever sends it: field "file". Answers {"href"} or {"error"}."""
    language = language_of(request)
    if not is_scripted(request):
        return _refused("This request does not come from this app.", 403, language)
    try:
        async with reading() as db:
            actor = await actor_of(db, request)
        if actor is None:
            return _refused("Sign in again.", 401, language)
        language = actor.language or language
        _, _, data = await posted_file(request)
        sha256 = await keep(await asyncio.to_thread(portrait, data))
        async with transaction() as db:
            await save_portrait(db, actor, sha256)
        return JSONResponse({"href": address_of_portrait(sha256)}, 201)
    except NotAPicture:
        return _refused("This is no picture that can be shown. Take a JPEG, PNG, WebP or GIF.", 422, language)
    except TooLarge:
        return _refused("A file may have {most} MB.", 413, language, most=settings().max_upload_mb)
    except (MultiPartException, ClientDisconnect, ValueError):
        return _refused("The file could not be uploaded. Try again.", 400, language)


async def stylesheet(request: Request) -> Response:
    """The pictures of the actor's workspace, for every avatar of theirs."""
    async with reading() as db:
        actor = await actor_of(db, request)
        found = await portraits(db, actor) if actor else []
    rules = "".join(_RULE.format(id=user_id, sha256=sha256) for user_id, sha256 in found)
    return Response(rules, media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


async def show(request: Request) -> Response:
    """A picture, to visitors of the web chat too: whoever knows its name has been shown it."""
    sha256 = request.path_params["sha256"]
    async with reading() as db:
        is_known = len(sha256) == 64 and sha256.isalnum() and await is_portrait(db, sha256)
    if not is_known or not path_of(sha256).exists():
        return Response("Not found", 404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(path_of(sha256), media_type="image/webp", headers=headers)


def address_of_portrait(sha256: str) -> str:
    """Where the picture is shown."""
    return f"/portraits/{sha256}.webp"


def _refused(text: str, status: int, language: str, **values: object) -> JSONResponse:
    return JSONResponse({"error": translate(text, language, **values)}, status)


routes = [
    Route("/profile/portrait", take, methods=["POST"]),
    Route("/portraits.css", stylesheet),
    Route("/portraits/{sha256}.webp", show),
]
