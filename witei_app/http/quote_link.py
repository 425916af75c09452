"""/q/{token}: a quote as its contact reads it, without signing in; accepted or declined by a form.

A GET changes nothing: mail scanners and previews follow every link. That it was read is told by the page's own script.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from witei_app.accounts.throttle import quote_throttle
from witei_app.crm.offer_worded import offer_row
from witei_app.crm.quote_file import pdf_of_offer
from witei_app.crm.quote_link import Offer, answer_quote, note_reading, offer_of
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.http.forms import posted
from witei_app.http.pages import page
from witei_app.http.quotes import pdf_answer
from witei_app.http.session import actor_of, address_of, comes_from_here, language_of
from witei_app.texts import translate


async def show(request: Request) -> Response:
    """The quote, and what can be done with it."""
    try:
        return _page(request, await _offer(request))
    except Refused as refusal:
        return _nothing(request, refusal)


async def pdf(request: Request) -> Response:
    """The quote to keep."""
    try:
        return pdf_answer(*await pdf_of_offer(await _offer(request)))
    except Refused as refusal:
        return _nothing(request, refusal)


async def read(request: Request) -> Response:
    """It is on somebody's screen. A user of the agency who looks at it is not the contact."""
    token = request.path_params["token"]
    if not comes_from_here(request):
        return Response("Forbidden", 403)
    try:
        await _count(request)
        async with reading() as db:
            offer, actor = await offer_of(db, token), await actor_of(db, request)
        if offer.quote.read_at is None and (actor is None or actor.workspace_id != offer.quote.workspace_id):
            async with transaction() as db:
                await note_reading(db, token)
    except NotFound:
        return Response("Not found", 404)
    except Refused:
        return Response("Too many", 429)
    return Response(status_code=204)


async def answer(request: Request) -> Response:
    """Accept or decline, with a name."""
    form = await posted(request)
    if form is None:
        return Response("Forbidden", 403)
    try:
        return await _answered(request, form.get("name", ""), form.get("answer", ""))
    except NotFound as refusal:
        return _nothing(request, refusal)


async def _answered(request: Request, name: str, words: str) -> Response:
    """The quote with the answer, or with why it was not taken. Raises NotFound for a link that opens nothing."""
    token, accepts = request.path_params["token"], request.url.path.endswith("/accept")
    try:
        await _count(request)
        async with transaction() as db:
            await answer_quote(db, token, accepts=accepts, name=name, answer=words)
    except NotFound:
        raise
    except Refused as refusal:
        return _page(request, await _offer(request), refusal, name[:200], words[:2000])
    return RedirectResponse(f"/q/{token}", 303)


async def _offer(request: Request) -> Offer:
    async with reading() as db:
        return await offer_of(db, request.path_params["token"])


async def _count(request: Request) -> None:
    """Nobody posts here often."""
    await quote_throttle.count(address_of(request), request.path_params["token"])


def _page(request: Request, offer: Offer, refusal: Refused | None = None, name: str = "", words: str = "") -> Response:
    said = translate(refusal.text, offer.language, **refusal.values) if refusal else ""
    values: dict[str, Any] = {"quote": offer_row(offer), "refusal": said, "typed": name, "words": words}
    made = page(request, "quote.html", 422 if refusal else 200, said_in=offer.language, **values)
    return _unlisted(made)


def _nothing(request: Request, refusal: Refused) -> Response:
    words = translate(refusal.text, language_of(request), **refusal.values)
    return _unlisted(page(request, "no_quote.html", 404, refusal=words))


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


routes = [
    Route("/q/{token}", show, methods=["GET"]),
    Route("/q/{token}/pdf", pdf, methods=["GET"]),
    Route("/q/{token}/read", read, methods=["POST"]),
    *[Route(f"/q/{{token}}/{one}", answer, methods=["POST"], name=one) for one in ("accept", "decline")],
]
