"""The agency's chat widgets, as their visitors meet them."""

from dataclasses import dataclass

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import User, Widget, Workspace
from witei_app.texts.people import initials
from witei_app.webchat.page import Look, origin

FACES = 2


@dataclass(frozen=True)
class ChatSite:
    """A widget that is on, and what of its workspace the chat needs."""

    widget_id: int
    workspace_id: int
    workspace_language: str
    look: Look


async def find_site(db: Session, key: str) -> ChatSite:
    """The widget with this public key, or NotFound when there is none or it is switched off."""
    query = select(Widget, Workspace).join(Workspace, col(Workspace.id) == col(Widget.workspace_id))
    found = (await db.exec(query.where(Widget.key == key[:32], col(Widget.is_enabled)))).one_or_none()
    if found is None:
        raise NotFound("There is no chat here.")
    widget, workspace = found
    sites = tuple(site for site in map(origin, widget.sites) if site)
    if widget.sites and not sites:
        raise NotFound("There is no chat here.")  # misspelt sites must not open it to all of them
    faces = await _faces(db, workspace.id)
    look = Look(widget.key, workspace.name, widget.colour, widget.texts, sites, faces)
    return ChatSite(widget.id, workspace.id, workspace.language, look)


async def _faces(db: Session, workspace_id: int) -> tuple[str, ...]:
    query = select(User.name).where(User.workspace_id == workspace_id, col(User.is_active), User.role == "user")
    names = (await db.exec(query.order_by(col(User.id)).limit(FACES))).all()
    return tuple(initials(name) for name in names)
