"""/forgot: a link for a new password, by mail; /forgot/{token}: the new password."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from witei_app.accounts.credentials import check_new_password
from witei_app.accounts.hashing import hash_of
from witei_app.accounts.joining import check_reset, reset_password, send_reset
from witei_app.accounts.throttle import reset_throttle
from witei_app.audit.trail import note_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.forms import posted
from witei_app.http.pages import afterwards, page
from witei_app.http.session import address_of, language_of
from witei_app.models import AuditAction
from witei_app.texts import translate


async def ask(request: Request) -> Response:
    """The form."""
    return page(request, "forgot.html", email="", is_sent=False, refusal="")


async def send(request: Request) -> Response:
    """Say the same to everybody; only then look whether there is such a user, so that time tells nothing either."""
    form = await posted(request)
    if form is None:
        return Response("Forbidden", 403)
    email = form.get("email", "").strip().lower()[:320]
    try:
        await reset_throttle.count(address_of(request), email)
    except Refused as refusal:
        words = translate(refusal.text, language_of(request), **refusal.values)
        return page(request, "forgot.html", 429, email=email, is_sent=False, refusal=words)
    answer = page(request, "forgot.html", email=email, is_sent=True, refusal="")
    afterwards(answer, _send, email)
    return answer


async def _send(email: str) -> None:
    async with transaction() as db:
        await send_reset(db, email)


async def choose(request: Request) -> Response:
    """The form for the new password."""
    return await _form(request)


async def replace(request: Request) -> Response:
    """Keep the new password and end all sessions."""
    form = await posted(request)
    if form is None:
        return Response("Forbidden", 403)
    token, password = request.path_params["token"], form.get("password", "")
    try:
        async with reading() as db:
            await check_reset(db, token)
        check_new_password(password)
        password_hash = await hash_of(password)
        async with transaction() as db:
            user = await reset_password(db, token, password_hash)
            note_of(db, user, address_of(request), AuditAction.PASSWORD_REPLACED)
    except Refused as refusal:
        return await _form(request, translate(refusal.text, language_of(request), **refusal.values))
    return RedirectResponse("/login?changed=1", 303)


async def _form(request: Request, refusal: str = "") -> Response:
    try:
        async with reading() as db:
            user = await check_reset(db, request.path_params["token"])
    except Refused as dead:
        words = translate(dead.text, language_of(request))
        return page(request, "dead_link.html", 404, refusal=words, again="/forgot")
    return page(request, "new_password.html", 422 if refusal else 200, email=user.email, refusal=refusal)


routes = [
    Route("/forgot", ask, methods=["GET"]),
    Route("/forgot", send, methods=["POST"]),
    Route("/forgot/{token}", choose, methods=["GET"]),
    Route("/forgot/{token}", replace, methods=["POST"]),
]
