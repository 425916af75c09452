"""Message templates: those of the team and those of the token's user."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.http.api.call import Key, Made, ReadTemplates, WriteTemplates
from witei_app.http.api.shapes import Input, Language, Page, RowId, Text
from witei_app.models import MessageTemplate
from witei_app.templates.library import delete_template, list_templates, save_template

router = APIRouter(prefix="/templates", tags=["Message templates"])


class TemplateOut(BaseModel):
    """A text to begin with. {{placeholders}} in it are filled when it is used."""

    id: int
    title: str
    subject: str
    html: str
    folder: str
    language: str
    channel: Literal["", "email", "web_chat"]
    is_shared: bool
    used: int
    used_at: datetime | None


class TemplateIn(Input):
    """A template as it shall be."""

    title: Text = Field(max_length=255)
    html: Text = Field(max_length=100_000)
    subject: Text = Field("", max_length=998)
    folder: Text = Field("", max_length=80)
    language: Language = Field("", max_length=8, description="Such as es or en; empty is any.")
    channel: Literal["", "email", "web_chat"] = ""
    is_shared: bool = Field(False, description="Whether the team has it too, which needs the permission.")


@router.get("", summary="List templates", response_model=Page[TemplateOut])
async def list_all(call: ReadTemplates) -> dict[str, object]:
    """The team's and one's own, by folder and title: all of them, at most 500 of each."""
    async with call.looking() as (db, actor):
        return {"items": [_template(one) for one in await list_templates(db, actor)], "next": None}


@router.post("", status_code=201, summary="Create a template", response_model=TemplateOut)
async def create(call: WriteTemplates, wanted: TemplateIn, key: Key = None) -> Response:
    """A new one, shared or one's own."""

    async def work(db: Session, actor: Actor) -> Made:
        template = await save_template(db, actor, 0, **wanted.model_dump())
        return Made(_template(template), f"/api/v1/templates/{template.id}")

    return await call.once(key, work)


@router.get("/{template_id}", summary="Get one template", response_model=TemplateOut)
async def get_template(call: ReadTemplates, template_id: RowId) -> TemplateOut:
    """One that the token's user may use."""
    async with call.looking() as (db, actor):
        found = next((one for one in await list_templates(db, actor) if one.id == template_id), None)
    if found is None:
        raise NotFound("This template is not here, or you may not see it.")
    return _template(found)


@router.put("/{template_id}", summary="Change a template", response_model=TemplateOut)
async def change(call: WriteTemplates, template_id: RowId, wanted: TemplateIn) -> TemplateOut:
    """Write it anew, whole."""
    async with call.acting() as (db, actor):
        return _template(await save_template(db, actor, template_id, **wanted.model_dump()))


@router.delete("/{template_id}", summary="Delete a template", status_code=204)
async def delete(call: WriteTemplates, template_id: RowId) -> None:
    """What was written with it stays."""
    async with call.acting() as (db, actor):
        await delete_template(db, actor, template_id)


def _template(template: MessageTemplate) -> TemplateOut:
    names = set(TemplateOut.model_fields) - {"is_shared"}
    return TemplateOut(is_shared=template.user_id is None, **{name: getattr(template, name) for name in names})
