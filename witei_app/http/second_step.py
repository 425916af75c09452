"""After the right password: the code of the authenticator app, or setting one up where the workspace requires it."""

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.accounts.second_step import check_second_step, set_up_at_sign_in
from witei_app.accounts.sign_in import close_sessions
from witei_app.accounts.two_factor import SEALED_AS, WRONG_CODE, app_address, new_secret
from witei_app.audit.trail import note_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.door import let_in, safe_next
from witei_app.http.forms import posted
from witei_app.http.pages import page
from witei_app.http.session import address_of, language_of
from witei_app.models import AuditAction, User
from witei_app.pictures import qr_code
from witei_app.secrets import seal, unseal
from witei_app.settings import settings
from witei_app.texts import translate

TICKET_SECONDS = 600


def ask_code(request: Request, user: User, goal: str) -> Response:
    """The form for the code."""
    return _code_form(request, _ticket(user, ""), goal)


def ask_set_up(request: Request, user: User, goal: str) -> Response:
    """The form that sets up an app, with a secret that only becomes the user's by a right code."""
    return _set_up_form(request, user, new_secret(), goal)


async def take_code(request: Request) -> Response:
    """Check the code and let the user in."""
    form = await posted(request)
    if form is None:
        return Response("Forbidden", 403)
    goal = safe_next(form.get("next", ""))
    found = await _of_ticket(form.get("ticket", ""))
    if found is None:
        return page(request, "dead_link.html", 401, refusal=_too_late(request), again="")
    user, secret = found
    try:
        async with transaction() as db:
            own = await db.get_one(User, user.id)
            if secret:
                codes = await set_up_at_sign_in(db, own, secret, form.get("code", ""), address_of(request))
                await close_sessions(db, own)  # those were opened by the password alone
                note_of(db, own, address_of(request), AuditAction.TWO_FACTOR_ON)
            else:
                codes = []
                await check_second_step(db, own, form.get("code", ""), address_of(request))
    except Refused as refusal:
        if refusal.text == WRONG_CODE:  # who is refused unheard writes nothing either
            async with transaction() as db:
                note_of(db, user, address_of(request), AuditAction.SIGN_IN_REFUSED)
        words = translate(refusal.text, language_of(request), **refusal.values)
        if secret:
            return _set_up_form(request, user, secret, goal, words)
        return _code_form(request, form.get("ticket", ""), goal, words)
    answer = page(request, "recovery_codes.html", codes=codes, next=goal) if codes else None
    return await let_in(request, user, goal, answer)


def _code_form(request: Request, ticket: str, goal: str, refusal: str = "") -> Response:
    return page(request, "code.html", 401 if refusal else 200, ticket=ticket, next=goal, refusal=refusal)


def _set_up_form(request: Request, user: User, secret: str, goal: str, refusal: str = "") -> Response:
    app, status = app_address(secret, user.email), 401 if refusal else 200
    values = {"ticket": _ticket(user, secret), "next": goal, "refusal": refusal}
    return page(request, "two_factor.html", status, picture=qr_code(app), app=app, secret=secret, **values)


def _ticket(user: User, secret: str) -> str:
    """That the password was right, for some minutes; another password makes it void."""
    sealed = seal(secret, SEALED_AS) if secret else ""
    return _serializer().dumps([user.id, user.password_hash[-12:], sealed])


async def _of_ticket(ticket: str) -> tuple[User, str] | None:
    try:
        user_id, password, sealed = _serializer().loads(ticket.encode("utf-8", "replace"), max_age=TICKET_SECONDS)
    except BadSignature:
        return None
    async with reading() as db:
        user = await db.get(User, user_id)
    if user is None or not user.is_active or user.password_hash[-12:] != password:
        return None
    if not sealed and not user.two_factor_secret:  # turned off meanwhile
        return None
    return user, unseal(sealed, SEALED_AS) if sealed else ""


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret(), salt="second step of a sign-in")


def _too_late(request: Request) -> str:
    return translate("That took too long. Sign in again.", language_of(request))


routes = [Route("/login/code", take_code, methods=["POST"])]
