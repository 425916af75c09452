"""Files that visitors send: taken one by one, checked, and kept waiting for the message that they go with."""

from dataclasses import dataclass

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
from witei_app.networks import network_of
from witei_app.settings import settings
from witei_app.texts.visitors import language, words
from witei_app.webchat.blocked import is_turned_away
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
        address = address_of(request)
        if not site.look.takes_files or not comes_from_us(request, site):
            return _refused(texts["file_refused"], 403)
        if await chat_limits.wait_for_upload(address):
            return _refused(texts["too_many_files"], 429)
        fields, name, data = await posted_file(request)
        return await _taken(Sender(site, address, fields.get("token", ""), texts), safe_file_name(name), data)
    except NotFound:
        return _refused(texts["unavailable"], 404)
    except TooLarge:
        return _refused(texts["file_too_large"].format(most=settings().max_upload_mb), 413)
    except Refused:
        return _refused(texts["file_refused"], 422)
    except (ClientDisconnect, ValueError):
        return _refused(texts["file_failed"], 400)


@dataclass(frozen=True)
class Sender:
    """Whose browser sends a file, from where, and the words for it."""

    site: ChatSite
    address: str
    token: str
    texts: dict[str, str]


async def _taken(sender: Sender, name: str, data: bytes) -> Response:
    site, token, texts = sender.site, sender.token, sender.texts
    if not is_token(token):
        return _refused(texts["file_failed"], 400)
    async with reading() as db:
        if await is_turned_away(db, site.workspace_id, network_of(sender.address), token):
            return _refused(texts["blocked"], 403)
    visitor = token_hash(token)
    if await chat_limits.wait_for_file(visitor):
        return _refused(texts["too_many_files"], 429)
    if not data:  # a picture that the phone has not fetched from its cloud yet
        return _refused(texts["file_empty"], 422)
    content_type = checked_type(name, data)
    if not is_taken(site.file_kinds, content_type):
        return _refused(texts["file_refused"], 422)
    if site.most_file_mb and len(data) > site.most_file_mb * 1024 * 1024:
        return _refused(texts["file_too_large"].format(most=site.most_file_mb), 413)
    if await chat_limits.wait_for_bytes(visitor, sender.address, site.widget_id, len(data)):
        return _refused(texts["too_many_files"], 429)
    file = SentFile(await keep(data), name, content_type, len(data))
    return JSONResponse({"id": await wait_for_message(site, token, file), "name": name}, 201)


def _refused(text: str, status: int) -> JSONResponse:
    return JSONResponse({"error": text}, status)
