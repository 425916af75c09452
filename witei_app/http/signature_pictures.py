"""The picture below a signature: taken by content, drawn anew, shown to the workspace. Recipients get it by mail."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.conversations.signature import LARGEST, NewPicture, is_picture, save_picture
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep, path_of
from witei_app.http.posted import Posted, taking
from witei_app.http.session import actor_of
from witei_app.pictures import NotAPicture, fitted


async def take(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Take the picture of whoever sends it. Gives {"href"}."""
    try:
        data, (width, height) = await asyncio.to_thread(fitted, posted.data, LARGEST)
    except NotAPicture:
        raise Refused("This picture cannot be shown. Choose a JPEG, PNG, WebP or GIF.") from None
    sha256 = await keep(data)
    async with transaction() as db:
        await save_picture(db, actor, NewPicture(sha256, width, height))
    return {"href": f"/signature-pictures/{sha256}.png"}


async def show(request: Request) -> Response:
    """One of the actor's workspace."""
    sha256 = request.path_params["sha256"]
    async with reading() as db:
        actor = await actor_of(db, request)
        is_known = actor is not None and sha256.isalnum() and await is_picture(db, actor, sha256[:64])
    if not is_known or not path_of(sha256).exists():
        return Response("Not found", 404)
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    return FileResponse(path_of(sha256), media_type="image/png", headers=headers)


routes = [
    Route("/profile/signature-picture", taking(take), methods=["POST"]),
    Route("/signature-pictures/{sha256}.png", show),
]
