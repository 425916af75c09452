"""/login and /logout: plain pages that give and take the session cookie."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from witei_app.accounts.second_step import needs_set_up
from witei_app.accounts.sign_in import (
    WRONG,
    check_password,
    close_session,
    close_sessions,
    may_try_the_demo,
    user_at_the_door,
    user_named,
)
from witei_app.audit.trail import note_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.door import let_in, safe_next
from witei_app.http.forms import posted
from witei_app.http.pages import afterwards, page
from witei_app.http.second_step import ask_code, ask_set_up
from witei_app.http.session import (
    address_of,
    comes_from_here,
    drop_session,
    language_of,
    token_of,
)
from witei_app.models import AuditAction
from witei_app.texts import translate


async def show_login(request: Request) -> Response:
    """The form; who is signed in already goes on, once the app is set up that the workspace has come to require."""
    goal = safe_next(request.query_params.get("next", ""))
    async with reading() as db:
        user = await user_at_the_door(db, token_of(request))
        if user is None:
            return await _form(request, goal)
        if not await needs_set_up(db, user):
            return RedirectResponse(goal, 303)
    why = translate("Your workspace requires an authenticator app now. Sign in to set it up.", language_of(request))
    return await _form(request, goal, email=user.email, said=why)


async def sign_in(request: Request) -> Response:
    """Check the password, open a session, go where the person wanted to go."""
    form = await posted(request)
    if form is None:
        return Response("Forbidden", 403)
    email, password = form.get("email", ""), form.get("password", "")
    goal = safe_next(form.get("next", ""))
    address = address_of(request)
    try:
        async with reading() as db:
            user = await check_password(db, email, password, address)
            if await needs_set_up(db, user):
                return ask_set_up(request, user, goal)
    except Refused as refusal:
        words = translate(refusal.text, language_of(request), **refusal.values)
        answer = await _form(request, goal, status=401, email=email[:320], refusal=words)
        if refusal.text == WRONG:  # who is refused unheard writes nothing either
            afterwards(answer, _note_refusal, email, address)
        return answer
    if user.two_factor_secret:
        return ask_code(request, user, goal)
    return await let_in(request, user, goal)


async def come_to_sign_out(request: Request) -> Response:
    """Whoever types the address is signed out; a link asks first, for a picture in a mail can follow it."""
    is_typed = request.headers.get("sec-fetch-site", "none") == "none"
    return await sign_out(request) if is_typed else await ask_sign_out(request)


async def ask_sign_out(request: Request) -> Response:
    """A button for it."""
    return page(request, "sign_out.html", action=request.url.path)


async def sign_out(request: Request) -> Response:
    """End the session everywhere in this browser. Another site cannot do it."""
    if not comes_from_here(request):
        return RedirectResponse("/", 303)
    if token_of(request):
        async with transaction() as db:
            await close_session(db, token_of(request))
    response = RedirectResponse("/login", 303)
    drop_session(response)
    return response


async def sign_out_everywhere(request: Request) -> Response:
    """End all sessions of whoever asks, this one included. Another site cannot do it."""
    if not comes_from_here(request):
        return RedirectResponse("/", 303)
    async with transaction() as db:
        user = await user_at_the_door(db, token_of(request))
        if user is not None:
            await close_sessions(db, user)
            note_of(db, user, address_of(request), AuditAction.SIGNED_OUT_EVERYWHERE)
    response = RedirectResponse("/login", 303)
    drop_session(response)
    return response


async def _note_refusal(email: str, address: str) -> None:
    """After the answer, so that its time does not tell whether there is such a user. Of who was deactivated, too."""
    async with transaction() as db:
        user = await user_named(db, email)
        if user is not None:
            note_of(db, user, address, AuditAction.SIGN_IN_REFUSED)


async def _form(
    request: Request, goal: str, status: int = 200, email: str = "", refusal: str = "", said: str = ""
) -> Response:
    async with reading() as db:
        is_demo = await may_try_the_demo(db)
    if "changed" in request.query_params:
        said = translate("Your password was changed. Sign in with the new one.", language_of(request))
    return page(request, "login.html", status, next=goal, email=email, refusal=refusal, is_demo=is_demo, said=said)


routes = [
    Route("/login", show_login, methods=["GET"]),
    Route("/login", sign_in, methods=["POST"]),
    Route("/logout", come_to_sign_out, methods=["GET"]),
    Route("/logout", sign_out, methods=["POST"]),
    Route("/logout/everywhere", ask_sign_out, methods=["GET"]),
    Route("/logout/everywhere", sign_out_everywhere, methods=["POST"]),
]
