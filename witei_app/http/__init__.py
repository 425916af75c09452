"""Endpoints for machines and for pages that need no Reflex: each looks up who asks and calls one rule."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from witei_app.http.row_ids import know_row_ids

know_row_ids()  # before any route of ours is made


def routes() -> list[BaseRoute]:
    """All of them."""
    from witei_app.http import (
        api,
        audit,
        contacts,
        demo,
        exports,
        files,
        forgotten,
        handed,
        health,
        home,
        invitation,
        logos,
        mail_source,
        new_email,
        portraits,
        quote_link,
        quotes,
        reports,
        second_step,
        sign_in,
        signature_pictures,
        templates,
        unsubscribe,
        uploads,
        widget,
    )

    doors = (sign_in, second_step, forgotten, invitation, new_email, unsubscribe)
    data = (files, reports, mail_source, uploads, quotes, contacts, quote_link, audit, exports)
    looks = (portraits, logos, signature_pictures, templates)
    rooms = (home, *doors, handed, *data, *looks, health, widget, demo)
    return [*(route for room in rooms for route in room.routes), *api.routes()]


def faults() -> Mapping[Any, Any]:
    """What is answered when an endpoint finds the database away: a page that says so, not a bare error. And when
    whoever asked has hung up in the middle of the request: nothing that anybody hears, and no fault of ours.
    """
    away = dict.fromkeys((OperationalError, InterfaceError, PoolTimeout), _away)
    return {**away, ClientDisconnect: _hung_up}


async def _away(request: Request, _fault: Exception) -> Response:
    from witei_app.http.pages import page

    return page(request, "away.html", 503)


async def _hung_up(_request: Request, _fault: Exception) -> Response:
    return Response(status_code=400)
