"""/unsubscribe/{token}: one click in the mail program, or on the page, ends one's digests or reports (RFC 8058)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.db import Session, reading, transaction
from witei_app.errors import NotFound
from witei_app.http.pages import page
from witei_app.http.session import language_of
from witei_app.models import User
from witei_app.notifications import digest
from witei_app.reports import by_mail
from witei_app.texts import translate


@dataclass(frozen=True)
class _Kind:
    """Mail that can be stopped: whose a token is, what stopping does, and the page that asks."""

    user_of: Callable[[Session, str], Awaitable[User]]
    stop: Callable[[Session, str], Awaitable[None]]
    template: str

    async def ask(self, request: Request) -> Response:
        """The question alone: programs that look at every link in a mail must change nothing by it."""
        try:
            async with reading() as db:
                user = await self.user_of(db, request.path_params["token"])
        except NotFound as refusal:
            return _dead(request, refusal)
        return page(request, self.template, email=user.email, is_done=False)

    async def end(self, request: Request) -> Response:
        """Do it. The mail's provider asks without cookies or origin: the signed address alone gives leave."""
        try:
            async with transaction() as db:
                user = await self.user_of(db, request.path_params["token"])
                await self.stop(db, request.path_params["token"])
        except NotFound as refusal:
            return _dead(request, refusal)
        return page(request, self.template, email=user.email, is_done=True)


def _dead(request: Request, refusal: NotFound) -> Response:
    words = translate(refusal.text, language_of(request), **refusal.values)
    return page(request, "dead_link.html", 404, refusal=words, again="")


_DIGESTS = _Kind(digest.STOP.reader, digest.stop_by_link, "unsubscribe_digests.html")
_REPORTS = _Kind(by_mail.STOP.reader, by_mail.stop_by_link, "unsubscribe_reports.html")
routes = [
    Route(path, handler, methods=[method])
    for path, kind in (("/unsubscribe/{token}", _DIGESTS), ("/unsubscribe/reports/{token}", _REPORTS))
    for method, handler in (("GET", kind.ask), ("POST", kind.end))
]
