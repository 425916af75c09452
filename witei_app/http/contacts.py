"""Files of contacts: one taken in for an import, the rows of it that were refused, all contacts as CSV."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.files import about_to_name
from witei_app.crm.export import exported_contacts
from witei_app.crm.importing import KIND, look_at, prepare_import
from witei_app.crm.portfolio import portfolio, see_whole_person
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.files import keep
from witei_app.http.posted import Posted, taking
from witei_app.http.session import actor_of, language_of
from witei_app.jobs.queue import find_job, refusals
from witei_app.mail.files import safe_file_name
from witei_app.models import AuditAction, Job
from witei_app.reports.sheet import csv_line
from witei_app.texts import translate
from witei_app.texts.when import local_day

_LINES_AT_ONCE = 200


async def take_file(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Take a file of contacts. Gives {"href"} of the page where its import is set up."""
    actor.must(actor.permissions.can_write)
    sha256 = await keep(posted.data)
    async with about_to_name(actor.workspace_id, sha256):
        look = await look_at(sha256)
        async with transaction() as db:
            return {"href": (await prepare_import(db, actor, safe_file_name(posted.name), sha256, look)).href}


async def export(request: Request) -> Response:
    """All contacts that the actor sees, or those that "search" finds, for those who may export."""
    actor = await _reader(request)
    if actor is None or not actor.permissions.can_export:
        return Response("Not found", 404)
    rows = exported_contacts(actor, request.query_params.get("search", "")[:100].replace("\0", ""))
    name = f"contacts-{local_day(now(), actor.time_zone)}.csv"
    async with transaction() as db:
        note(db, actor, AuditAction.CONTACTS_EXPORTED, name)
    return _csv(rows, name, actor)


async def rejected(request: Request) -> Response:
    """The rows that an import refused, with their numbers and why: to be corrected and imported again."""
    actor = await _reader(request)
    if actor is None:
        return Response("Not found", 404)
    try:
        async with reading() as db:
            job = await find_job(db, actor, request.path_params["job_id"], KIND)
    except NotFound:
        return Response("Not found", 404)
    return _csv(_rejected_rows(job, actor), f"rejected-{job.id}.csv", actor)


async def person(request: Request) -> Response:
    """Everything about one contact as a ZIP; noted in the audit."""
    actor = await _reader(request)
    if actor is None:
        return Response("Not found", 404)
    try:
        async with transaction() as db:
            contact = await see_whole_person(db, actor, request.path_params["contact_id"])
            note(db, actor, AuditAction.CONTACT_EXPORTED, contact_id=contact.id)
    except Refused:
        return Response("Not found", 404)
    name = f"contact-{contact.id}-{local_day(now(), actor.time_zone)}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(portfolio(actor, contact), media_type="application/zip", headers=headers)


async def _reader(request: Request) -> Actor | None:
    async with reading() as db:
        actor = await actor_of(db, request)
    return replace(actor, language=actor.language or language_of(request)) if actor else None


async def _rejected_rows(job: Job, actor: Actor) -> AsyncIterator[Sequence[str]]:
    headings = job.request["headings"] if job.request["has_headings"] else []
    yield [translate("Row", actor.language), translate("Why it was not added", actor.language), *headings]
    after = 0
    while True:
        async with reading() as db:
            found = await refusals(db, job, after)
        for one in found:
            yield [str(one.place), translate(one.reason, actor.language, **one.words), *one.cells]
        if not found:
            return
        after = found[-1].id


def _csv(rows: AsyncIterator[Sequence[str]], name: str, actor: Actor) -> Response:
    # Spreadsheets cut at the list separator of the system's region: in Spain that is not the comma.
    separator = "," if actor.language == "en" else ";"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_lines(rows, separator), media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(rows: AsyncIterator[Sequence[str]], separator: str) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf"  # without it, spreadsheets take UTF-8 for the system's own letters
    lines: list[str] = []
    async for row in rows:
        lines.append(csv_line(row, separator))
        if len(lines) == _LINES_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


routes = [
    Route("/contacts/import/file", taking(take_file), methods=["POST"]),
    Route("/contacts/import/{job_id:row}/rejected.csv", rejected, methods=["GET"]),
    Route("/contacts/export.csv", export, methods=["GET"]),
    Route("/contacts/{contact_id:row}/data.zip", person, methods=["GET"]),
]
