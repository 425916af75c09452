"""The templates that a team shares and those of a user's own."""

from sqlmodel import col, or_, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.visible import see_conversation
from witei_app.crm.visible import visible_contacts
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import Contact, MessageTemplate, User, Workspace
from witei_app.templates.placeholders import check_places, fill, values_of

MOST = 500
LONGEST = 100_000


async def list_templates(db: Session, actor: Actor) -> list[MessageTemplate]:
    """The shared ones and the actor's own, by title."""
    query = (
        select(MessageTemplate)
        .where(
            MessageTemplate.workspace_id == actor.workspace_id,
            or_(col(MessageTemplate.user_id).is_(None), col(MessageTemplate.user_id) == actor.user_id),
        )
        .order_by(col(MessageTemplate.title), col(MessageTemplate.id))
    )
    return list((await db.exec(query.limit(MOST))).all())


async def filled_templates(db: Session, actor: Actor, conversation_id: int) -> list[MessageTemplate]:
    """The same, filled for a conversation that the actor sees; not to be stored."""
    conversation = await see_conversation(db, actor, conversation_id)
    return await _filled(db, actor, await db.get_one(Contact, conversation.contact_id))


async def _filled(db: Session, actor: Actor, contact: Contact) -> list[MessageTemplate]:
    user = await db.get_one(User, actor.user_id)
    workspace = await db.get_one(Workspace, actor.workspace_id)
    values = values_of(contact, user, workspace)
    return [
        MessageTemplate(id=one.id, workspace_id=one.workspace_id, title=one.title, html=fill(one.html, values))
        for one in await list_templates(db, actor)
    ]


async def templates_for_address(db: Session, actor: Actor, email: str) -> list[MessageTemplate]:
    """The same for whoever has this address, as far as the actor may see them; else what we know without them."""
    query = visible_contacts(actor).where(Contact.email == email).limit(1)
    contact = (await db.exec(query)).first() or Contact(workspace_id=actor.workspace_id)
    return await _filled(db, actor, contact)


async def find_template(db: Session, actor: Actor, template_id: int) -> MessageTemplate:
    """A template that the actor may change: an own one, or a shared one by permission. Else NotFound."""
    query = select(MessageTemplate).where(
        MessageTemplate.id == template_id, MessageTemplate.workspace_id == actor.workspace_id
    )
    template = (await db.exec(query)).one_or_none()
    if template is None or template.user_id not in _owners(actor):
        raise NotFound("This template is not here, or you may not change it.")
    return template


async def save_template(
    db: Session, actor: Actor, template_id: int, *, title: str, html: str, language: str = "", is_shared: bool
) -> MessageTemplate:
    """Write a new template (id 0) or another text into one. What the team shares needs the permission."""
    title, safe = " ".join(title.split())[:255], safe_inline_html(html)
    if not title:
        raise Refused("Give the template a title.")
    if not html_to_text(safe).strip() or len(safe) > LONGEST:
        raise Refused("Write the text of the template.")
    check_places(safe)
    if is_shared and not actor.permissions.manages_templates:
        raise Refused("You do not have the permission to change templates that the team shares.")
    if template_id:
        template = await find_template(db, actor, template_id)
    else:
        template = MessageTemplate(workspace_id=actor.workspace_id)
        db.add(template)
    template.title, template.html, template.language = title, safe, language[:8]
    template.user_id = None if is_shared else actor.user_id
    await db.flush()
    return template


async def delete_template(db: Session, actor: Actor, template_id: int) -> None:
    """Remove it; what was written with it stays as it is."""
    await db.delete(await find_template(db, actor, template_id))


def _owners(actor: Actor) -> set[int | None]:
    """Whose templates the actor changes; None are the team's."""
    return {actor.user_id, None} if actor.permissions.manages_templates else {actor.user_id}
