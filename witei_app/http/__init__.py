"""Endpoints for machines and for pages that need no Reflex: each looks up who asks and calls one rule."""

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """All of them."""
    from witei_app.http import demo, files, health, home, sign_in, uploads, widget

    return [*home.routes, *sign_in.routes, *files.routes, *uploads.routes, *health.routes, *widget.routes, *demo.routes]
