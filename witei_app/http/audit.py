"""The audit as a file."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.audit.read import Days, every_entry
from witei_app.audit.trail import note
from witei_app.db import reading, transaction
from witei_app.http.session import actor_of, language_of
from witei_app.models import AuditAction
from witei_app.reports.sheet import Value, csv_file
from witei_app.reports.wanted import a_date
from witei_app.texts import translate

COLUMNS = ["When (UTC)", "Who", "What", "Changes", "From where"]


async def export(request: Request) -> Response:
    """CSV of the entries that the page shows, for administrators; that it was taken is an entry itself."""
    asked = request.query_params
    topic, user = asked.get("topic", ""), asked.get("user", "")
    days = Days(a_date(asked.get("from", "")), a_date(asked.get("to", "")))
    async with transaction() as db:
        actor = await actor_of(db, request)
        if actor is None or not actor.is_admin:
            return Response("Not found", 404)
        note(db, actor, AuditAction.AUDIT_EXPORTED)
    user_id = int(user) if user.isascii() and user.isdigit() and len(user) < 18 else 0
    rows = _rows(actor, topic, user_id, days, actor.language or language_of(request))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(csv_file(rows), media_type="text/csv; charset=utf-8", headers=headers)


async def _rows(actor: Actor, topic: str, user_id: int, days: Days, language: str) -> AsyncIterator[list[Value]]:
    yield [translate(column, language) for column in COLUMNS]
    async with reading() as db:
        async for row in every_entry(db, actor, topic, user_id, days):
            yield [row.at, row.who, row.what, "; ".join(row.changes), row.address]


routes = [Route("/settings/audit.csv", export)]
