"""Pages that need no Reflex: rendered on the server, readable before any script."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache, partial
from pathlib import Path
from secrets import SystemRandom

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from witei_app.http.session import language_of
from witei_app.texts import translate

PAUSE_SECONDS = (0.05, 0.25)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "html")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(request: Request, name: str, status: int = 200, *, said_in: str = "", **values: object) -> HTMLResponse:
    """Render html/`name` in the reader's language, or in `said_in`.

    `t("…")` translates inside it; all values are escaped.
    """
    language = said_in or language_of(request)
    words = partial(translate, language=language)
    html = _environment().get_template(name).render(t=words, language=language, **values)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def afterwards(answer: Response, work: Callable[..., Awaitable[None]], *arguments: object) -> None:
    """Do it once the answer is sent, so that no time tells what there was to do.

    The connection ends with the answer: on the same one the browser's next request would wait for the work. One on
    another connection would meet it, if the work did not come at a moment that nobody knows.
    """

    async def at_some_moment() -> None:
        await asyncio.sleep(SystemRandom().uniform(*PAUSE_SECONDS))
        await work(*arguments)

    answer.background = BackgroundTask(at_some_moment)
    answer.headers["Connection"] = "close"
