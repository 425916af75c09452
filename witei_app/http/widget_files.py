"""Files that visitors send: taken one by one, checked, and kept waiting for the message that they go with."""

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from witei_app.conversations.files import checked_type
from witei_app.db import reading
from witei_app.errors import NotFound, Refused
from witei_app.files import keep
from witei_app.http.forms import TooLarge, posted_file
from witei_app.http.session import address_of
from witei_app.http.widget_talk import comes_from_us
from witei_app.mail.files import safe_file_name
from witei_app.settings import settings
from witei_app.texts.visitors import language, words
from witei_app.webchat.files import SentFile, is_taken, wait_for_message
from witei_app.webchat.limits import chat_limits
from witei_app.webchat.visitors import is_token, token_hash
from witei_app.webchat.widgets import ChatSite, find_site


async def take_file(request: Request) -> Response:
    """Take one file: `?key=` and `?lang=`, fields "token" and "file". Answers {"id", "name"} or {"error"}."""
    texts = words(language(request.query_params.get("lang", "")))
    try:
        async with reading() as db:
            site = await find_site(db, request.query_params.get("key", ""))
        if not site.look.takes_files or not comes_from_us(request, site):
            return _refused(texts["file_refused"], 403)
        if await chat_limits.wait_for_upload(address_of(request)):
            return _refused(texts["too_many_files"], 429)
        fields, name, data = await posted_file(request)
        return await _taken(site, fields.get("token", ""), safe_file_name(name), data, texts, address_of(request))
    except NotFound as fault:
        return _refused(str(fault), 404)
    except TooLarge:
        return _refused(texts["file_too_large"].format(most=settings().max_upload_mb), 413)
    except Refused:
        return _refused(texts["file_refused"], 422)
    except (MultiPartException, ClientDisconnect, ValueError):
        return _refused(texts["file_failed"], 400)


async def _taken(site: ChatSite, token: str, name: str, data: bytes, texts: dict[str, str], address: str) -> Response:
    if not is_token(token):
        return _refused(texts["file_failed"], 400)
    if await chat_limits.wait_for_file(token_hash(token)):
        return _refused(texts["too_many_files"], 429)
    content_type = checked_type(name, data)
    if not is_taken(site.file_kinds, content_type):
        return _refused(texts["file_refused"], 422)
    if site.most_file_mb and len(data) > site.most_file_mb * 1024 * 1024:
        return _refused(texts["file_too_large"].format(most=site.most_file_mb), 413)
    if await chat_limits.wait_for_space(len(data), address, site.widget_id):
        return _refused(texts["too_many_files"], 429)
    file = SentFile(await keep(data), name, content_type, len(data))
    return JSONResponse({"id": await wait_for_message(site, token, file), "name": name}, 201)


def _refused(text: str, status: int) -> JSONResponse:
    return JSONResponse({"error": text}, status)
