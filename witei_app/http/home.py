"""/ until there is a dashboard: the inbox is where everybody begins. And the sign that browsers ask for by habit."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route


async def home(_: Request) -> Response:
    """Go to the inbox."""
    return RedirectResponse("/conversations", 303)


async def sign(_: Request) -> Response:
    """Browsers look for /favicon.ico whatever the page says."""
    return RedirectResponse("/favicon.svg", 308)


routes = [Route("/", home), Route("/favicon.ico", sign)]
