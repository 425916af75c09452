"""/unsubscribe/{token}: one click in the mail program, or on the page, ends one's digests (RFC 8058)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.db import reading, transaction
from witei_app.errors import NotFound
from witei_app.http.pages import page
from witei_app.http.session import language_of
from witei_app.notifications.digest import stop_by_link, user_of_token
from witei_app.texts import translate


async def ask(request: Request) -> Response:
    """The question alone: programs that look at every link in a mail must change nothing by it."""
    try:
        async with reading() as db:
            user = await user_of_token(db, request.path_params["token"])
    except NotFound as refusal:
        return _dead(request, refusal)
    return page(request, "unsubscribe.html", email=user.email, is_done=False)


async def stop(request: Request) -> Response:
    """Do it. The mail's provider asks without cookies or origin: the signed address alone gives leave."""
    try:
        async with transaction() as db:
            user = await user_of_token(db, request.path_params["token"])
            await stop_by_link(db, request.path_params["token"])
    except NotFound as refusal:
        return _dead(request, refusal)
    return page(request, "unsubscribe.html", email=user.email, is_done=True)


def _dead(request: Request, refusal: NotFound) -> Response:
    words = translate(refusal.text, language_of(request), **refusal.values)
    return page(request, "dead_link.html", 404, refusal=words, again="")


routes = [
    Route("/unsubscribe/{token}", ask, methods=["GET"]),
    Route("/unsubscribe/{token}", stop, methods=["POST"]),
]
