"""The page of message templates: the list, and the one being written."""

from dataclasses import dataclass

import reflex as rx

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.rows import FileRow
from witei_app.db import Session
from witei_app.mail.plain import html_to_text, preview
from witei_app.models import MessageTemplate
from witei_app.state.signed_in import SignedInState, as_id, as_text
from witei_app.templates.files import files_of, remove_file
from witei_app.templates.library import delete_template, find_template, list_templates, save_template
from witei_app.texts.amounts import number_label
from witei_app.texts.people import language_name
from witei_app.texts.when import size_label, when_label


@dataclass(frozen=True)
class TemplateRow:
    """One line of the list."""

    id: int
    title: str
    folder: str
    beginning: str
    language: str
    used: str
    is_shared: bool
    can_change: bool


class TemplatesState(SignedInState):
    """`editing` is the id of the template in the dialog, -1 for a new one, 0 for none."""

    templates: list[TemplateRow] = []
    editing: int = 0
    title: str = ""
    subject: str = ""
    folder: str = ""
    language: str = ""
    channel: str = ""
    html: str = ""
    is_shared: bool = True
    folders: list[str] = []
    is_importing: bool = False
    saved_signal: int = 0
    files: list[FileRow] = []

    @rx.event
    async def arrive(self):
        """Read the list."""
        self.is_importing = False
        await self._enter_page()
        await self._load()

    @rx.event
    async def begin(self):
        """Write a new one."""
        self.editing, self.title, self.subject, self.html, self.files = -1, "", "", "", []
        self.folder = self.language = self.channel = self.notice = ""
        self.is_shared = self.may.manages_templates

    @rx.event
    async def edit(self, template_id: int):
        """Change one."""
        async with self._looking() as (db, actor):
            template = await find_template(db, actor, as_id(template_id))
            self.editing, self.title, self.html = template.id, template.title, template.html
            self.language, self.is_shared = template.language, template.user_id is None
            self.subject, self.folder, self.channel = template.subject, template.folder, template.channel
            self.files = await _file_rows(db, template, actor)
            self.notice = ""

    @rx.event
    async def show_files(self, _address: str):
        """One was taken in: show what goes with the template now."""
        async with self._looking() as (db, actor):
            self.files = await _file_rows(db, await find_template(db, actor, self.editing), actor)

    @rx.event
    async def remove_file(self, file_id: int):
        """Let it go with the template no more."""
        async with self._acting() as (db, actor):
            await remove_file(db, actor, as_id(file_id))
            self.files = [one for one in self.files if one.id != as_id(file_id)]

    @rx.event
    async def close(self):
        """Leave it as it was."""
        self.editing = 0

    @rx.event
    async def set_title(self, title: str):
        """The title, as it is typed."""
        self.title = as_text(title, 300)

    @rx.event
    async def set_subject(self, subject: str):
        """What a new conversation that begins with it is about."""
        self.subject = as_text(subject, 998)

    @rx.event
    async def set_folder(self, folder: str):
        """Where it stands in the list."""
        self.folder = as_text(folder, 80)

    @rx.event
    async def set_channel(self, channel: str):
        """Where it fits; none is everywhere."""
        self.channel = as_text(channel, 16)

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
                subject=self.subject,
                folder=self.folder,
                language=self.language,
                channel=self.channel,
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

    @rx.event
    async def imported(self, _address: str):
        """A file was taken in by /templates/file: show what there is now."""
        self.is_importing, before = False, len(self.templates)
        await self._load()
        added = len(self.templates) - before
        if added > 0:
            self._say_done("Templates that were added: {n}.", n=str(added))

    @rx.event
    async def show_import(self):
        """Choose a file."""
        self.is_importing = True

    @rx.event
    async def hide_import(self):
        """Choose none."""
        self.is_importing = False

    async def _load(self) -> None:
        async with self._looking() as (db, actor):
            found = await list_templates(db, actor)
            self.templates = [_row(one, actor) for one in found]
            self.folders = sorted({one.folder for one in found if one.folder})


async def _file_rows(db: Session, template: MessageTemplate, actor: Actor) -> list[FileRow]:
    return [
        FileRow(one.id, one.name, url="", size=size_label(one.size, actor.language))
        for one in await files_of(db, template)
    ]


def _row(template: MessageTemplate, actor: Actor) -> TemplateRow:
    is_shared = template.user_id is None
    return TemplateRow(
        template.id,
        template.title,
        template.folder,
        preview(html_to_text(template.html)),
        language_name(template.language, actor.language),
        _used(template, actor),
        is_shared,
        actor.permissions.manages_templates if is_shared else True,
    )


def _used(template: MessageTemplate, actor: Actor) -> str:
    """How often, and when last."""
    if template.used_at is None:
        return "–"
    when = when_label(template.used_at, now(), actor.time_zone, actor.language)
    return f"{number_label(template.used, actor.language)} · {when}"
