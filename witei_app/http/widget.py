"""What visitors' browsers ask for: the loader, the iframe's page and script. See docs/web-chat.md."""

import gzip

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from witei_app.db import reading
from witei_app.errors import NotFound
from witei_app.http.files import file_response
from witei_app.http.widget_exchange import chat_exchange
from witei_app.http.widget_files import take_file
from witei_app.http.widget_socket import chat_socket
from witei_app.http.widget_talk import own_host
from witei_app.texts.visitors import language, words
from witei_app.webchat.files import file_of_token
from witei_app.webchat.look import ButtonLook, origin
from witei_app.webchat.page import chat_page
from witei_app.webchat.scripts import Asset, chat_script, emoji_script, loader, nudge_script, plain_loader
from witei_app.webchat.widgets import button_look, find_site, note_seen

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300, stale-while-revalidate=86400"
# Settings that an administrator changes are seen soon. It depends on the asking site, so only browsers keep it.
A_MINUTE = "private, max-age=60, stale-while-revalidate=600"
# Pages with Cross-Origin-Embedder-Policy take in only what says that it may be.
EMBEDDABLE = {"Cross-Origin-Resource-Policy": "cross-origin"}


async def loader_script(request: Request) -> Response:
    """The one file that every visitor of the agency's site gets.

    With `?key=` the widget's settings are in it; one that is off, or not for the asking site, shows nothing.
    """
    key = request.query_params.get("key")
    if key is None:
        return _script(request, plain_loader())
    look = await _look_for(request, key)
    response = _script(request, loader(look), A_MINUTE)
    asked_by = request.headers.get("referer", "")
    is_on_page = origin(asked_by) or request.headers.get("sec-fetch-dest") == "script"
    if look is not None and is_on_page:
        response.background = BackgroundTask(note_seen, look.widget_id, asked_by)
    return response


async def nudge(request: Request) -> Response:
    """The line beside the button, when it is due."""
    look = await _look_for(request, request.query_params.get("key", ""))
    return _script(request, nudge_script(look, language(request.query_params.get("lang", ""))), A_MINUTE)


async def _look_for(request: Request, key: str) -> ButtonLook | None:
    """The widget's look; None when it is off, or not for the asking site."""
    look = await button_look(key)
    asked_by = origin(request.headers.get("referer", ""))
    is_elsewhere = look is not None and look.sites and asked_by and asked_by not in look.sites
    return None if is_elsewhere else look


async def emoji(request: Request) -> Response:
    """The visitor's emoji, at the first click on their button."""
    return _script(request, emoji_script(language(request.query_params.get("lang", ""))))


async def chat(request: Request) -> Response:
    """The iframe's script. The page asks for it by its hash."""
    return _script(request, chat_script())


def _script(request: Request, asset: Asset, freshness: str = A_WHILE) -> Response:
    is_by_hash = request.query_params.get("v") == asset.etag[1:-1]
    headers = {
        "ETag": asset.etag,
        "Cache-Control": FOR_EVER if is_by_hash else freshness,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        **EMBEDDABLE,
    }
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if _takes_gzip(request):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(asset.body, headers=headers, media_type="text/javascript")


async def chat_frame(request: Request) -> Response:
    """The page inside the iframe, in the host page's language, else the browser's."""
    wanted = (request.query_params.get("lang", ""), request.headers.get("accept-language", "")[:200])
    lang = language(*wanted)
    try:
        async with reading() as db:
            site = await find_site(db, request.path_params["widget_key"])
        lang = language(site.look.language, *wanted)
    except NotFound:
        return HTMLResponse(words(lang)["unavailable"], 404, {"Content-Security-Policy": "default-src 'none'"})
    is_rtl = request.query_params.get("dir") == "rtl"
    page = chat_page(site.look, lang, own_host(request), is_rtl=is_rtl, accepted=wanted[1])
    headers = {
        "Content-Security-Policy": page.content_security_policy,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Accept-Encoding",
        "Cross-Origin-Embedder-Policy": "require-corp",
        **EMBEDDABLE,
    }
    if not _takes_gzip(request):
        return HTMLResponse(page.html, headers=headers)
    packed = gzip.compress(page.html.encode(), 9, mtime=0)
    return HTMLResponse(packed, headers={**headers, "Content-Encoding": "gzip"})


async def chat_file(request: Request) -> Response:
    """A file of an answer, at the address that its visitor was told."""
    try:
        async with reading() as db:
            return file_response(await file_of_token(db, request.path_params["token"]))
    except NotFound:
        return Response("Not found", 404)


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


routes: list[BaseRoute] = [
    Route("/embed/loader.js", loader_script),
    Route("/embed/chat.js", chat),
    Route("/embed/nudge.js", nudge),
    Route("/embed/emoji.js", emoji),
    Route("/embed/chat/{widget_key}", chat_frame),
    Route("/embed/files/{token}", chat_file),
    Route("/embed/upload", take_file, methods=["POST"]),
    Route("/embed/exchange", chat_exchange, methods=["POST"]),
    WebSocketRoute("/embed/socket", chat_socket),
]
