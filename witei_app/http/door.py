"""Letting somebody in who proved who it is."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from witei_app.accounts.sign_in import open_session
from witei_app.audit.trail import note_of
from witei_app.db import transaction
from witei_app.http.session import address_of, set_session
from witei_app.models import AuditAction, User


async def let_in(request: Request, user: User, goal: str, answer: Response | None = None) -> Response:
    """Open a session for this browser and send it on (or answer something else first)."""
    async with transaction() as db:
        token = await open_session(db, user, address_of(request), request.headers.get("user-agent", ""))
        note_of(db, user, address_of(request), AuditAction.SIGNED_IN)
    response = answer or RedirectResponse(goal, 303)
    set_session(response, token)
    return response


def safe_next(target: str) -> str:
    """Where to go after signing in: a path on this site, else the inbox."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\", "/login", "/logout"))
    return target if is_path and target.isprintable() and len(target) < 2000 and target != "/" else "/conversations"
