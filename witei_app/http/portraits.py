"""Users' pictures: taken, drawn anew, shown by their SHA-256, and put on every avatar by one small stylesheet."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.accounts.profile import is_portrait, portraits, save_portrait
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep, path_of
from witei_app.http.posted import Posted, taking
from witei_app.http.session import actor_of
from witei_app.logo import address_of_logo
from witei_app.models import Workspace
from witei_app.pictures import NotAPicture, portrait

# The letters make room for the picture; a person is on an avatar as its data-person.
_RULE = '.avatar[data-person="{id}"]{{background:url("/portraits/{sha256}.webp") center/cover}}'
_RULE += '.avatar[data-person="{id}"]::before{{content:""}}\n'
_LOGO = '.own-agency{{display:block;background-image:url("{address}")}}\n'


async def take(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Take the picture of whoever sends it. Gives {"href"}."""
    try:
        sha256 = await keep(await asyncio.to_thread(portrait, posted.data))
    except NotAPicture:
        raise Refused("This picture cannot be shown. Choose a JPEG, PNG, WebP or GIF.") from None
    async with transaction() as db:
        await save_portrait(db, actor, sha256)
    return {"href": address_of_portrait(sha256)}


async def stylesheet(request: Request) -> Response:
    """The pictures of the actor's workspace, for every avatar of theirs, and its logo for the side menu."""
    found, logo = [], ""
    async with reading() as db:
        actor = await actor_of(db, request)
        if actor is not None:
            found = await portraits(db, actor)
            logo = address_of_logo(await db.get_one(Workspace, actor.workspace_id))
    rules = "".join(_RULE.format(id=user_id, sha256=sha256) for user_id, sha256 in found)
    rules += _LOGO.format(address=logo) if logo else ""
    return Response(rules, media_type="text/css", headers={"Cache-Control": "private, max-age=300"})


async def show(request: Request) -> Response:
    """A picture, to visitors of the web chat too: whoever knows its name has been shown it."""
    sha256 = request.path_params["sha256"]
    async with reading() as db:
        is_known = len(sha256) == 64 and sha256.isalnum() and await is_portrait(db, sha256)
    if not is_known or not path_of(sha256).exists():
        return Response("Not found", 404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(path_of(sha256), media_type="image/webp", headers=headers)


def address_of_portrait(sha256: str) -> str:
    """Where the picture is shown."""
    return f"/portraits/{sha256}.webp"


routes = [
    Route("/profile/portrait", taking(take), methods=["POST"]),
    Route("/portraits.css", stylesheet),
    Route("/portraits/{sha256}.webp", show),
]
