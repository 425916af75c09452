"""/invite/{token}: who was invited chooses a name and a password, and is in."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from witei_app.accounts.credentials import check_new_password, checked_name
from witei_app.accounts.hashing import hash_of
from witei_app.accounts.joining import invited_user, take_up_invitation
from witei_app.accounts.second_step import needs_set_up
from witei_app.accounts.sign_in import user_at_the_door
from witei_app.audit.trail import note_of
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.http.door import let_in
from witei_app.http.forms import posted
from witei_app.http.pages import page
from witei_app.http.second_step import ask_set_up
from witei_app.http.session import address_of, language_of, token_of
from witei_app.logo import address_of_logo
from witei_app.models import AuditAction, User, Workspace
from witei_app.texts import translate


async def show_invitation(request: Request) -> Response:
    """The form, with the name that the administrator wrote."""
    return await _form(request)


async def take_up(request: Request) -> Response:
    """Check both, make the user, sign in."""
    form = await posted(request)
    if form is None:
        return Response("Forbidden", 403)
    token, name, password = request.path_params["token"], form.get("name", ""), form.get("password", "")
    try:
        async with reading() as db:
            await invited_user(db, token)  # before a hash is made for whoever asks
        checked_name(name)
        check_new_password(password)
        password_hash = await hash_of(password)
        async with transaction() as db:
            user = await take_up_invitation(db, token, name, password_hash)
            note_of(db, user, address_of(request), AuditAction.JOINED)
            lacks_app = await needs_set_up(db, user)
    except Refused as refusal:
        return await _form(request, name, translate(refusal.text, language_of(request), **refusal.values))
    if lacks_app:
        return ask_set_up(request, user, "/conversations")
    return await let_in(request, user, "/conversations")


async def _form(request: Request, name: str | None = None, refusal: str = "") -> Response:
    try:
        async with reading() as db:
            user = await invited_user(db, request.path_params["token"])
            workspace = await db.get_one(Workspace, user.workspace_id)
            here = await user_at_the_door(db, token_of(request))
    except Refused as dead:
        words = translate(dead.text, language_of(request))
        return page(request, "dead_link.html", 404, refusal=words, again="")
    others_name = here.name if here is not None else ""
    values = _values(user, workspace, name, refusal)
    return page(request, "invitation.html", 422 if refusal else 200, others_name=others_name, **values)


def _values(user: User, workspace: Workspace, name: str | None, refusal: str) -> dict[str, Any]:
    shown = user.name if name is None else name[:255]
    about = {"workspace": workspace.name, "logo": address_of_logo(workspace)}
    return {"own_name": shown, "email": user.email, "refusal": refusal, **about}


async def _elsewhere(_request: Request) -> Response:
    return RedirectResponse("/login", 303)


routes = [
    Route("/invite", _elsewhere),
    Route("/invite/{token}", show_invitation, methods=["GET"]),
    Route("/invite/{token}", take_up, methods=["POST"]),
]
