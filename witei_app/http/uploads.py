"""Files that agents attach: posted one by one, checked, and kept waiting in the sender's draft."""

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from witei_app.conversations.files import NEW, NewFile, attach, check_may_attach, checked_type
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep
from witei_app.http.forms import TooLarge, is_scripted, posted_file
from witei_app.http.session import actor_of, language_of
from witei_app.mail.files import safe_file_name
from witei_app.settings import settings
from witei_app.texts import translate


async def upload(request: Request) -> Response:
    """Take one file for a conversation: fields "conversation" and "file". Answers {"id"} or {"error"}."""
    language = language_of(request)
    if not is_scripted(request):
        return _refused("This request does not come from this app.", 403, language)
    try:
        async with reading() as db:
            actor = await actor_of(db, request)
        if actor is None:
            return _refused("Sign in again.", 401, language)
        language = actor.language or language
        conversation_id, name, data = await _posted(request)
        async with reading() as db:
            await check_may_attach(db, actor, conversation_id)  # before the disk holds what nobody may send
        name = safe_file_name(name)
        content_type = checked_type(name, data)
        file = NewFile(await keep(data), name, content_type, len(data))
        async with transaction() as db:
            waiting = await attach(db, actor, conversation_id, file)
        return JSONResponse({"id": waiting.id}, 201)
    except TooLarge:
        return _refused("A file may have {most} MB.", 413, language, most=settings().max_upload_mb)
    except Refused as refusal:
        return _refused(refusal.text, 422, language, **refusal.values)
    except (MultiPartException, ClientDisconnect, ValueError, KeyError):
        return _refused("The file could not be uploaded. Your text is kept; try again.", 400, language)


async def _posted(request: Request) -> tuple[int, str, bytes]:
    fields, name, data = await posted_file(request)
    return max(int(fields["conversation"][:19]), NEW), name, data  # the page counts new ones below zero


def _refused(text: str, status: int, language: str, **values: object) -> JSONResponse:
    return JSONResponse({"error": translate(text, language, **values)}, status)


routes = [Route("/uploads", upload, methods=["POST"])]
