"""Where a page redeems the ticket for a secret that it shows."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from witei_app.accounts.handed import redeem
from witei_app.db import reading
from witei_app.errors import Refused
from witei_app.http.forms import is_scripted, posted
from witei_app.http.session import actor_of, language_of
from witei_app.pictures import qr_code
from witei_app.texts import translate


async def give(request: Request) -> Response:
    """{"secrets": [...]}, or {"picture": a QR code of the first} where that is asked for; kept by no cache."""
    fields = await posted(request) if is_scripted(request) else None
    if fields is None:
        return Response("Forbidden", 403)
    async with reading() as db:
        actor = await actor_of(db, request)
    if actor is None:
        return Response("Sign in", 401)
    try:
        secrets = redeem(actor, fields.get("ticket", ""))
    except Refused as refusal:
        return JSONResponse({"error": translate(refusal.text, actor.language or language_of(request))}, 410)
    said = {"picture": qr_code(secrets[0])} if fields.get("as") == "picture" else {"secrets": secrets}
    return JSONResponse(said, headers={"Cache-Control": "no-store"})


routes = [Route("/handed", give, methods=["POST"])]
