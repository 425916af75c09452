"""/login and /logout: plain pages that give and take the session cookie."""

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from witei_app.accounts.sign_in import check_password, close_session, open_session
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.pages import page
from witei_app.http.session import (
    actor_of,
    address_of,
    comes_from_here,
    drop_session,
    language_of,
    set_session,
    token_of,
)
from witei_app.models import Workspace
from witei_app.texts import translate

MOST_FORM_BYTES = 16 * 1024


async def show_login(request: Request) -> Response:
    """The form; who is signed in already goes on."""
    goal = safe_next(request.query_params.get("next", ""))
    async with reading() as db:
        if await actor_of(db, request):
            return RedirectResponse(goal, 303)
    return await _form(request, goal)


async def sign_in(request: Request) -> Response:
    """Check the password, open a session, go where the person wanted to go."""
    if not comes_from_here(request) or int(request.headers.get("content-length") or 0) > MOST_FORM_BYTES:
        return Response("Forbidden", 403)
    form = await request.form(max_files=0, max_fields=10)
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    goal = safe_next(str(form.get("next", "")))
    address = address_of(request)
    try:
        async with reading() as db:
            user = await check_password(db, email, password, address)
    except Refused as refusal:
        words = translate(refusal.text, language_of(request), **refusal.values)
        return await _form(request, goal, status=401, email=email[:320], refusal=words)
    async with transaction() as db:
        token = await open_session(db, user, address, request.headers.get("user-agent", ""))
    response = RedirectResponse(goal, 303)
    set_session(response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End the session everywhere in this browser. A link on another site cannot do it."""
    if not comes_from_here(request):
        return RedirectResponse("/", 303)
    if token_of(request):
        async with transaction() as db:
            await close_session(db, token_of(request))
    response = RedirectResponse("/login", 303)
    drop_session(response)
    return response


def safe_next(target: str) -> str:
    """Where to go after signing in: a path on this site, else the inbox."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\", "/login", "/logout"))
    return target if is_path and target.isprintable() and len(target) < 2000 and target != "/" else "/conversations"


async def _form(request: Request, goal: str, status: int = 200, email: str = "", refusal: str = "") -> Response:
    async with reading() as db:
        is_demo = (await db.exec(select(Workspace.id).where(Workspace.is_demo).limit(1))).first() is not None
    return page(request, "login.html", status, next=goal, email=email, refusal=refusal, is_demo=is_demo)


routes = [
    Route("/login", show_login, methods=["GET"]),
    Route("/login", sign_in, methods=["POST"]),
    Route("/logout", sign_out, methods=["GET", "POST"]),
]
