"""/confirm-email/{token}: the new address has answered. A GET changes nothing: mail scanners follow every link."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.accounts.new_email import confirm_email, new_email_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.forms import posted
from witei_app.http.pages import page
from witei_app.http.session import address_of, language_of
from witei_app.texts import translate


async def show(request: Request) -> Response:
    """Which address it is, and a button."""
    try:
        async with reading() as db:
            email = await new_email_of(db, request.path_params["token"])
    except Refused as dead:
        return _dead(request, dead)
    return page(request, "new_email.html", email=email, is_done=False)


async def confirm(request: Request) -> Response:
    """Keep it."""
    if await posted(request) is None:
        return Response("Forbidden", 403)
    try:
        async with transaction() as db:
            user = await confirm_email(db, request.path_params["token"], address_of(request))
    except Refused as dead:
        return _dead(request, dead)
    return page(request, "new_email.html", email=user.email, is_done=True)


def _dead(request: Request, dead: Refused) -> Response:
    words = translate(dead.text, language_of(request), **dead.values)
    return page(request, "dead_link.html", 404, refusal=words, again="")


routes = [
    Route("/confirm-email/{token}", show, methods=["GET"]),
    Route("/confirm-email/{token}", confirm, methods=["POST"]),
]
