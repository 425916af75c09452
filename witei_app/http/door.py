"""Letting somebody in who proved who it is."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from witei_app.accounts.sign_in import close_session, open_session, user_at_the_door
from witei_app.audit.trail import note_of
from witei_app.db import transaction
from witei_app.http.session import address_of, set_session, token_of
from witei_app.models import AuditAction, User


async def let_in(request: Request, user: User, goal: str, answer: Response | None = None) -> Response:
    """Open a session for this browser and send it on (or answer something else first).

    Somebody else who was signed in on it is signed out: their open tabs would go on, and nobody could end them here.
    """
    async with transaction() as db:
        before = await user_at_the_door(db, token_of(request))
        if before is not None and before.id != user.id:
            await close_session(db, token_of(request))
        token = await open_session(db, user, address_of(request), request.headers.get("user-agent", ""))
        note_of(db, user, address_of(request), AuditAction.SIGNED_IN)
    response = answer or RedirectResponse(goal, 303)
    set_session(response, token)
    return response


def safe_next(target: str) -> str:
    """Where to go after signing in: a path on this site, else the inbox."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\", "/login", "/logout"))
    return target if is_path and target.isprintable() and len(target) < 2000 and target != "/" else "/conversations"
