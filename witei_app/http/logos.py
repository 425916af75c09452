"""An agency's logo: taken by content, drawn anew, shown by its SHA-256 to whoever has a quote, a mail or the chat."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.accounts.office import is_logo, own_workspace, save_logo
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep, path_of
from witei_app.http.posted import Posted, taking
from witei_app.logo import address_of_logo
from witei_app.pictures import NotAPicture, logo


async def take(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Take the logo of the actor's workspace. Gives {"href"}."""
    actor.must_administer()
    try:
        sha256 = await keep(await asyncio.to_thread(logo, posted.data))
    except NotAPicture:
        raise Refused("This picture cannot be shown. Choose a JPEG, PNG, WebP or GIF.") from None
    async with transaction() as db:
        await save_logo(db, actor, sha256)
        return {"href": address_of_logo(await own_workspace(db, actor))}


async def show(request: Request) -> Response:
    """A logo; any other bytes of the file store are not here."""
    sha256 = request.path_params["sha256"]
    async with reading() as db:
        is_known = len(sha256) == 64 and sha256.isalnum() and await is_logo(db, sha256)
    if not is_known or not path_of(sha256).exists():
        return Response("Not found", 404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(path_of(sha256), media_type="image/png", headers=headers)


routes = [
    Route("/settings/workspace/logo", taking(take), methods=["POST"]),
    Route("/logos/{sha256}.png", show),
]
