"""The templates that a team shares and those of a user's own."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, or_, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.visible import see_conversation
from witei_app.crm.visible import visible_contacts
from witei_app.db import Session
from witei_app.errors import NotAllowed, NotFound, Refused
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import AuditAction, Channel, Contact, MessageTemplate, TemplateFile, UnusedFile, User, Workspace
from witei_app.templates.placeholders import check_places, fill, fill_line, values_of

MOST = 500  # that the team shares, and as many of each user's own
LONGEST = 100_000
CHANNELS = ("", Channel.EMAIL.value, Channel.WEB_CHAT.value)


@dataclass(frozen=True)
class TemplateInput:
    """A template as somebody wrote it."""

    title: str = ""
    html: str = ""
    subject: str = ""
    folder: str = ""
    language: str = ""
    channel: str = ""
    is_shared: bool = False


async def list_templates(db: Session, actor: Actor) -> list[MessageTemplate]:
    """The shared ones and the actor's own, by folder and title."""
    query = (
        select(MessageTemplate)
        .where(
            MessageTemplate.workspace_id == actor.workspace_id,
            or_(col(MessageTemplate.user_id).is_(None), col(MessageTemplate.user_id) == actor.user_id),
        )
        .order_by(col(MessageTemplate.folder), col(MessageTemplate.title), col(MessageTemplate.id))
    )
    return list((await db.exec(query.limit(2 * MOST))).all())


async def filled_templates(db: Session, actor: Actor, conversation_id: int) -> list[MessageTemplate]:
    """Those for this conversation's channel, filled for it, its contact's language first; not to be stored."""
    conversation = await see_conversation(db, actor, conversation_id)
    contact = await db.get_one(Contact, conversation.contact_id)
    return await _filled(db, actor, contact, conversation.channel)


async def templates_for_address(db: Session, actor: Actor, email: str) -> list[MessageTemplate]:
    """The same for whoever has this address, as far as the actor may see them; else what we know without them."""
    return await _filled(db, actor, await _contact_at(db, actor, email), Channel.EMAIL)


async def preview_for_address(db: Session, actor: Actor, template_id: int, email: str) -> MessageTemplate:
    """A template as whoever has this address would read it; not to be stored."""
    contact = await _contact_at(db, actor, email)
    found = next((one for one in await _filled(db, actor, contact) if one.id == template_id), None)
    if found is None:
        raise NotFound("This template is not here, or you may not change it.")
    return found


async def note_use(db: Session, actor: Actor, template_id: int) -> MessageTemplate | None:
    """It was inserted: counted, for who keeps the templates in order."""
    found = next((one for one in await list_templates(db, actor) if one.id == template_id), None)
    if found is not None:
        counted = update(MessageTemplate).where(col(MessageTemplate.id) == found.id)
        await db.exec(counted.values(used=MessageTemplate.used + 1, used_at=now()))
    return found


async def find_template(db: Session, actor: Actor, template_id: int) -> MessageTemplate:
    """A template that the actor may change: an own one, or a shared one by permission. Else NotFound."""
    query = select(MessageTemplate).where(
        MessageTemplate.id == template_id, MessageTemplate.workspace_id == actor.workspace_id
    )
    template = (await db.exec(query)).one_or_none()
    if template is None or template.user_id not in _owners(actor):
        raise NotFound("This template is not here, or you may not change it.")
    return template


async def save_template(db: Session, actor: Actor, template_id: int, **written: Any) -> MessageTemplate:
    """Write a new template (id 0) or another text into one: the fields of `TemplateInput`.

    What the team shares needs the permission, and is noted in the audit.
    """
    was_shared = bool(template_id) and (await find_template(db, actor, template_id)).user_id is None
    template = await keep_template(db, actor, template_id, **written)
    if was_shared or template.user_id is None:
        note(db, actor, AuditAction.TEMPLATE_CHANGED if template_id else AuditAction.TEMPLATE_ADDED, template.title)
    return template


async def keep_template(db: Session, actor: Actor, template_id: int, **written: Any) -> MessageTemplate:
    """The same, unnoted: many of a file are noted as one."""
    clean = _checked(TemplateInput(**written))
    if clean.is_shared and not actor.permissions.manages_templates:
        raise NotAllowed("You do not have the permission to change templates that the team shares.")
    owner = None if clean.is_shared else actor.user_id
    template = await find_template(db, actor, template_id) if template_id else None
    if template is None or template.user_id != owner:
        await _refuse_more(db, actor, owner)
    if template is None:
        template = MessageTemplate(workspace_id=actor.workspace_id)
        db.add(template)
    template.title, template.html, template.subject = clean.title, clean.html, clean.subject
    template.folder, template.language, template.channel = clean.folder, clean.language, clean.channel
    template.user_id = owner
    await db.flush()
    return template


async def _refuse_more(db: Session, actor: Actor, owner: int | None) -> None:
    """More than are listed would be out of everybody's sight."""
    of_owner = col(MessageTemplate.user_id).is_(None) if owner is None else col(MessageTemplate.user_id) == owner
    query = select(func.count()).where(MessageTemplate.workspace_id == actor.workspace_id, of_owner)
    if (await db.exec(query)).one() >= MOST:
        raise Refused("There are {most} templates already. Delete one that nobody uses.", most=MOST)


async def delete_template(db: Session, actor: Actor, template_id: int) -> None:
    """Remove it; what was written with it stays as it is."""
    template = await find_template(db, actor, template_id)
    for sha256 in (await db.exec(select(TemplateFile.sha256).where(TemplateFile.template_id == template.id))).all():
        db.add(UnusedFile(workspace_id=template.workspace_id, sha256=sha256))
    if template.user_id is None:
        note(db, actor, AuditAction.TEMPLATE_DELETED, template.title)
    await db.delete(template)


def _checked(written: TemplateInput) -> TemplateInput:
    title, html = _line(written.title, 255), safe_inline_html(written.html)
    if not title:
        raise Refused("Give the template a title.")
    if not html_to_text(html).strip() or len(html) > LONGEST:
        raise Refused("Write the text of the template.")
    check_places(html)
    check_places(written.subject)
    return TemplateInput(
        title,
        html,
        _line(written.subject, 998),
        _line(written.folder, 80),
        written.language[:8],
        written.channel if written.channel in CHANNELS else "",
        written.is_shared,
    )


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


async def _contact_at(db: Session, actor: Actor, email: str) -> Contact:
    """The contact as far as the actor may see them, else one of whom we know nothing."""
    found = (await db.exec(visible_contacts(actor).where(Contact.email == email).limit(1))).first() if email else None
    return found or Contact(workspace_id=actor.workspace_id)


async def _filled(db: Session, actor: Actor, contact: Contact, channel: str = "") -> list[MessageTemplate]:
    user = await db.get_one(User, actor.user_id)
    workspace = await db.get_one(Workspace, actor.workspace_id)
    values = values_of(contact, user, workspace)
    fitting = [one for one in await list_templates(db, actor) if not channel or one.channel in {"", channel}]
    if contact.language:
        fitting.sort(key=lambda one: one.language not in {"", contact.language})
    return [
        MessageTemplate(
            id=one.id,
            workspace_id=one.workspace_id,
            title=one.title,
            folder=one.folder,
            subject=fill_line(one.subject, values),
            html=fill(one.html, values),
        )
        for one in fitting
    ]


def _owners(actor: Actor) -> set[int | None]:
    """Whose templates the actor changes; None are the team's."""
    return {actor.user_id, None} if actor.permissions.manages_templates else {actor.user_id}
