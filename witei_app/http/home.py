"""The sign that browsers ask for by habit."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route


async def sign(_: Request) -> Response:
    """Browsers look for /favicon.ico whatever the page says."""
    return RedirectResponse("/favicon.svg", 308)


routes = [Route("/favicon.ico", sign)]
