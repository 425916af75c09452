"""The page of message templates: the list, and the one being written."""

from dataclasses import dataclass

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.mail.plain import html_to_text, preview
from witei_app.models import MessageTemplate
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.templates.library import delete_template, find_template, list_templates, save_template
from witei_app.texts.people import language_name


@dataclass(frozen=True)
class TemplateRow:
    """One line of the list."""

    id: int
    title: str
    beginning: str
    language: str
    is_shared: bool
    can_change: bool


class TemplatesState(SignedInState):
    """`editing` is the id of the template in the dialog, -1 for a new one, 0 for none."""

    templates: list[TemplateRow] = []
    editing: int = 0
    title: str = ""
    language: str = ""
    html: str = ""
    is_shared: bool = True
    saved_signal: int = 0

    @rx.event
    async def arrive(self):
        """Read the list."""
        await self._enter_page()
        await self._load()

    @rx.event
    async def begin(self):
        """Write a new one."""
        self.editing, self.title, self.language, self.html, self.is_shared = -1, "", "", "", self.may.manages_templates
        self.notice = ""

    @rx.event
    async def edit(self, template_id: int):
        """Change one."""
        async with self._looking() as (db, actor):
            template = await find_template(db, actor, as_id(template_id))
            self.editing, self.title, self.html = template.id, template.title, template.html
            self.language, self.is_shared = template.language, template.user_id is None
            self.notice = ""

    @rx.event
    async def close(self):
        """Leave it as it was."""
        self.editing = 0

    @rx.event
    async def set_title(self, title: str):
        """The title, as it is typed."""
        self.title = as_text(title, 300)

    @rx.event
    async def set_language(self, language: str):
        """Which language it is in; none is any."""
        self.language = as_text(language, 8)

    @rx.event
    async def set_shared(self, is_shared: bool):
        """For the whole team, or for oneself."""
        self.is_shared = is_shared is True

    @rx.event
    async def save(self, _editor_id: int, html: str, _name: str):
        """Keep it; what is refused stays in the dialog."""
        is_saved = False
        async with self._acting() as (db, actor):
            await save_template(
                db,
                actor,
                max(self.editing, 0),
                title=self.title,
                html=as_text(html, 200_000),
                language=self.language,
                is_shared=self.is_shared,
            )
            is_saved = True
        if is_saved:
            self.editing, self.notice = 0, ""
            self.saved_signal += 1
            await self._load()

    @rx.event
    async def delete(self, template_id: int):
        """Remove one."""
        async with self._acting() as (db, actor):
            await delete_template(db, actor, as_id(template_id))
        await self._load()

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            self.templates = [_row(one, actor) for one in await list_templates(db, actor)]


def _row(template: MessageTemplate, actor: Actor) -> TemplateRow:
    is_shared = template.user_id is None
    return TemplateRow(
        template.id,
        template.title,
        preview(html_to_text(template.html)),
        language_name(template.language, actor.language),
        is_shared,
        actor.permissions.manages_templates if is_shared else True,
    )
