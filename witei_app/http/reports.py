"""The report as a file: CSV and XLSX with one row per conversation, streamed; PDF with the figures."""

import asyncio
from collections.abc import AsyncIterator
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
from witei_app.models import AuditAction, Workspace
from witei_app.reports.asked import Asked, ask
from witei_app.reports.definitions import DEFINITIONS
from witei_app.reports.export import ConversationLine, conversation_lines
from witei_app.reports.figures import figures_of
from witei_app.reports.paper import Words, report_pdf
from witei_app.reports.people import names_of_users
from witei_app.reports.rows import figure_rows, user_rows
from witei_app.reports.sheet import Value, csv_file, moment_text, workbook
from witei_app.reports.span import Span, cut, span_before, span_of, zone_of
from witei_app.reports.wanted import CHANNEL_NAMES, Wanted
from witei_app.texts import translate
from witei_app.texts.when import date_label

COLUMNS = ["Conversation", "Contact", "Channel", "Origin", "Opened", "Assigned to", "First response (seconds)"]
COLUMNS += ["Closing time (seconds)", "Messages sent", "Messages received"]
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
    language = actor.language or language_of(request)
    wanted = Wanted.of(request.query_params)
    workspace = await db.get_one(Workspace, actor.workspace_id)
    zone = zone_of(workspace.time_zone)
    span = span_of(wanted.range_name, now().astimezone(zone).date(), zone, wanted.first, wanted.last)
    asked = ask(actor, span.start, span.end, wanted.user_id, wanted.channel)
    name = f"conversations-{span.first}-{span.last}.{kind}"
    async with transaction() as writing:
        note(writing, actor, AuditAction.REPORT_EXPORTED, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if kind == "pdf":
        words = await _words(db, actor, asked, wanted, span, workspace.name, language)
        return Response(await asyncio.to_thread(report_pdf, words), media_type="application/pdf", headers=headers)
    rows = _rows(actor, asked, zone, language)
    return StreamingResponse(
        workbook(rows) if kind == "xlsx" else csv_file(rows), media_type=TYPES[kind], headers=headers
    )


async def _rows(actor: Actor, asked: Asked, zone: ZoneInfo, language: str) -> AsyncIterator[list[Value]]:
    """A session of its own: the rows are read while the answer goes out."""
    yield [translate(text, language) for text in COLUMNS]
    async with reading() as db:
        names = await names_of_users(db, actor)
        async for line in conversation_lines(db, actor, asked):
            yield _row(line, names, zone, language)


def _row(line: ConversationLine, names: dict[int, str], zone: ZoneInfo, language: str) -> list[Value]:
    channel = translate(CHANNEL_NAMES.get(line.channel, line.channel), language)
    opened = moment_text(line.opened_at.astimezone(zone))
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


async def _words(
    db: Session, actor: Actor, asked: Asked, wanted: Wanted, span: Span, agency: str, language: str
) -> Words:
    found = await figures_of(db, asked)
    before = await figures_of(db, asked.during(*cut(span_before(wanted.range_name, span), span, now())))
    figures = figure_rows(found, before, wanted.address, language)
    users = user_rows(found, await names_of_users(db, actor), wanted.address, language)
    heading = [translate(text, language) for text in ("User", "Conversations", "Closed", "Messages sent")]
    heading += [translate(text, language) for text in ("First response", "Closing")]
    table = [[one.name, *map(str, (one.new, one.closed, one.sent)), one.first_response, one.closing] for one in users]
    return Words(
        language,
        agency,
        translate("Conversation report", language),
        f"{date_label(span.first, language)} – {date_label(span.last, language)} · {span.zone.key}",
        [(one.name, one.value, f"{one.change} {one.note}".strip()) for one in figures],
        translate("By user", language),
        [heading, *table],
        [(translate(name, language), translate(text, language)) for name, text in DEFINITIONS.items()],
    )


routes = [Route("/reports/export.{kind}", export)]
