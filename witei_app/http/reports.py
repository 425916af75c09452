"""The report as a file: CSV and XLSX with one row per conversation, streamed; PDF with the figures."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.errors import Refused
from witei_app.http.session import actor_of, language_of
from witei_app.logo import logo_of
from witei_app.models import AuditAction, Workspace
from witei_app.reports.asked import Asked
from witei_app.reports.chart_lines import CHARTS, chart_lines
from witei_app.reports.choices import OFFICE
from witei_app.reports.export import ConversationLine, conversation_lines
from witei_app.reports.page import report_of
from witei_app.reports.paper import paper_words, report_pdf
from witei_app.reports.people import names_of_users
from witei_app.reports.sheet import Value, csv_file, csv_line, workbook
from witei_app.reports.wanted import CHANNEL_NAMES, Wanted
from witei_app.texts import translate

TIMES = ["First response (seconds)", "Closing time (seconds)"]
COLUMNS = ["Conversation", "Contact", "Channel", "Origin", "Opened", "Assigned to", *TIMES]
COLUMNS += ["Messages sent", "Messages received"]
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def export(request: Request) -> Response:
    """The file that the address asks for, for those who may export."""
    kind = request.path_params["kind"]
    if kind not in (*TYPES, "pdf"):
        return Response("Not found", 404)
    async with reading() as db:
        actor = await actor_of(db, request)
        if actor is None or not actor.permissions.can_export:
            return Response("Not found", 404)
        try:
            return await _answer(db, request, actor, kind)
        except Refused:
            return Response("Not found", 404)


async def _answer(db: Session, request: Request, actor: Actor, kind: str) -> Response:
    actor = replace(actor, language=actor.language or language_of(request))
    wanted = Wanted.of(request.query_params)
    workspace = await db.get_one(Workspace, actor.workspace_id)
    span = wanted.span(workspace, now())
    asked = wanted.asked(actor, workspace, span)
    name = f"conversations-{span.first}-{span.last}.{kind}"
    async with transaction() as writing:
        note(writing, actor, AuditAction.REPORT_EXPORTED, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if kind == "pdf":
        words = paper_words(await report_of(db, actor, wanted), actor.language, await logo_of(workspace))
        return Response(await asyncio.to_thread(report_pdf, words), media_type="application/pdf", headers=headers)
    rows = _rows(actor, asked, span.zone, actor.language)
    return StreamingResponse(
        workbook(rows) if kind == "xlsx" else csv_file(rows), media_type=TYPES[kind], headers=headers
    )


async def chart(request: Request) -> Response:
    """The numbers of one chart as CSV, for whoever may export."""
    async with reading() as db:
        actor = await actor_of(db, request)
        name = request.path_params["name"]
        if actor is None or not actor.permissions.can_export or name not in CHARTS:
            return Response("Not found", 404)
        actor = replace(actor, language=actor.language or language_of(request))
        try:
            rows = chart_lines(await report_of(db, actor, Wanted.of(request.query_params)), name, actor.language)
        except Refused:
            return Response("Not found", 404)
    async with transaction() as db:
        note(db, actor, AuditAction.REPORT_EXPORTED, f"{name}.csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    text = "\ufeff" + "".join(map(csv_line, rows))
    return Response(text, media_type=TYPES["csv"], headers=headers)


async def _rows(actor: Actor, asked: Asked, zone: ZoneInfo, language: str) -> AsyncIterator[list[Value]]:
    """A session of its own: the rows are read while the answer goes out."""
    in_office = f" · {translate(OFFICE, language)}" if asked.hours is not None and asked.hours.is_on else ""
    yield [translate(text, language) + (in_office if text in TIMES else "") for text in COLUMNS]
    async with reading() as db:
        names = await names_of_users(db, actor)
        async for line in conversation_lines(db, actor, asked):
            yield _row(line, names, zone, language)


def _row(line: ConversationLine, names: dict[int, str], zone: ZoneInfo, language: str) -> list[Value]:
    channel = translate(CHANNEL_NAMES.get(line.channel, line.channel), language)
    opened = line.opened_at.astimezone(zone)
    who = names.get(line.assignee_id, "")
    facts: list[Value] = [
        line.id,
        line.contact_name,
        channel,
        translate(line.origin, language) if line.origin else "",
        opened,
        who,
    ]
    return [*facts, line.first_response, line.closing, line.sent, line.received]


routes = [Route("/reports/export.{kind}", export), Route("/reports/chart/{name}.csv", chart)]
