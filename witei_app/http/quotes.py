"""A quote's PDF, for those who may see it."""

from urllib.parse import quote as percent

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.crm.quote_file import pdf_of
from witei_app.crm.quotes import find_quote
from witei_app.db import reading
from witei_app.errors import NotFound
from witei_app.http.session import actor_of


async def quote_pdf(request: Request) -> Response:
    """Made anew each time: a draft changes."""
    async with reading() as db:
        actor = await actor_of(db, request)
        if actor is None:
            return Response("Not found", 404)
        try:
            name, data = await pdf_of(db, await find_quote(db, actor, request.path_params["quote_id"]))
        except NotFound:
            return Response("Not found", 404)
    return pdf_answer(name, data)


def pdf_answer(name: str, data: bytes) -> Response:
    """A PDF to be kept."""
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{percent(name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="application/pdf", headers=headers)


routes = [Route("/quotes/{quote_id:row}.pdf", quote_pdf)]
