"""Message templates as a CSV file, out and in."""

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.forms import TooLarge, is_scripted, posted_file
from witei_app.http.session import actor_of, language_of
from witei_app.settings import settings
from witei_app.templates.sheet import RowRefused, import_templates, templates_csv
from witei_app.texts import translate

MOST_TOLD = 5


async def give_file(request: Request) -> Response:
    """All templates that the reader sees."""
    async with reading() as db:
        actor = await actor_of(db, request)
        if actor is None:
            return Response("Not found", 404)
        try:
            content = await templates_csv(db, actor)
        except Refused:
            return Response("Not found", 404)
    headers = {"Content-Disposition": 'attachment; filename="templates.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + content, media_type="text/csv; charset=utf-8", headers=headers)


async def take_file(request: Request) -> Response:
    """Add those of a file. Answers {"href"} of their page, or {"error"}."""
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
        async with transaction() as db:
            await import_templates(db, actor, data)
    except TooLarge:
        return _refused("A file may have {most} MB.", 413, language, most=settings().max_upload_mb)
    except RowRefused as refusal:
        why = translate(refusal.why.text, language, **refusal.why.values)
        return _refused(refusal.text, 422, language, **(refusal.values | {"why": why}))
    except Refused as refusal:
        return _refused(refusal.text, 422, language, **refusal.values)
    except (MultiPartException, ClientDisconnect, ValueError):
        return _refused("The file could not be uploaded. Try again.", 400, language)
    return JSONResponse({"href": "/settings/templates"}, 201)


def _refused(text: str, status: int, language: str, **values: object) -> JSONResponse:
    return JSONResponse({"error": translate(text, language, **values)}, status)


routes = [
    Route("/templates.csv", give_file),
    Route("/templates/file", take_file, methods=["POST"]),
]
