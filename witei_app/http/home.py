"""/ until there is a dashboard: the inbox is where everybody begins."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route


async def home(_: Request) -> Response:
    """Go to the inbox."""
    return RedirectResponse("/conversations", 303)


routes = [Route("/", home)]
