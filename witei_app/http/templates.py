"""Message templates as a CSV file, out and in."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.conversations.files import NewFile, about_to_name, checked_type
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.files import keep
from witei_app.http.posted import Posted, taking
from witei_app.http.session import actor_of
from witei_app.mail.files import safe_file_name
from witei_app.models import AuditAction
from witei_app.templates.files import add_file
from witei_app.templates.library import find_template
from witei_app.templates.sheet import RowRefused, import_templates, templates_csv
from witei_app.texts import translate


async def give_file(request: Request) -> Response:
    """All templates that the reader sees."""
    async with transaction() as db:
        actor = await actor_of(db, request)
        if actor is None:
            return Response("Not found", 404)
        try:
            content = await templates_csv(db, actor)
        except Refused:
            return Response("Not found", 404)
        note(db, actor, AuditAction.TEMPLATES_EXPORTED)
    headers = {"Content-Disposition": 'attachment; filename="templates.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + content, media_type="text/csv; charset=utf-8", headers=headers)


async def take_file(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Add those of a file. Gives {"href"} of their page."""
    try:
        async with transaction() as db:
            await import_templates(db, actor, posted.data)
    except RowRefused as refusal:
        why = translate(refusal.why.text, actor.language, **refusal.why.values)
        raise Refused(refusal.text, **(refusal.values | {"why": why})) from None
    return {"href": "/settings/templates"}


async def take_attachment(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Let a file go with the template in the field "template". Gives {"href"} of the page."""
    template_id = int(posted.fields["template"][:19])
    async with reading() as db:
        await find_template(db, actor, template_id)  # before the disk holds what nobody may send
    name = safe_file_name(posted.name)
    file = NewFile(await keep(posted.data), name, checked_type(name, posted.data), len(posted.data))
    async with about_to_name(actor.workspace_id, file.sha256), transaction() as db:
        await add_file(db, actor, template_id, file)
    return {"href": "/settings/templates"}


routes = [
    Route("/templates.csv", give_file),
    Route("/templates/file", taking(take_file), methods=["POST"]),
    Route("/templates/attachment", taking(take_attachment), methods=["POST"]),
]
