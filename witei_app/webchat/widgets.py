"""The agency's chat widgets, as their visitors meet them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import col, select

from witei_app.accounts.office_hours import Hours, hours_of, read_hours
from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.errors import NotFound
from witei_app.logo import address_of_logo
from witei_app.models import ConversationScope, Role, User, Widget, Workspace
from witei_app.settings import settings
from witei_app.webchat.form import read_form
from witei_app.webchat.identity import valid_secrets
from witei_app.webchat.look import ButtonLook, Face, Look, origin
from witei_app.webchat.nudge import read_nudge
from witei_app.webchat.pace import usual_pace

# What a file chooser offers, by a widget's `file_kinds`.
ACCEPTED = {"all": "", "pictures": "image/*", "documents": ".pdf,.doc,.docx,.odt,.xls,.xlsx,.ods,.txt,.csv"}
FACES = 2
SEEN_SECONDS = 60


@dataclass(frozen=True)
class ChatSite:
    """A widget that is on, and what of its workspace the chat needs."""

    widget_id: int
    workspace_id: int
    workspace_language: str
    look: Look
    assignee_id: int | None = None
    is_in_turn: bool = False
    file_kinds: str = "all"
    most_file_mb: int = 0
    identity_secrets: tuple[str, ...] = field(default=(), repr=False)
    hours: Hours = field(default_factory=Hours)


async def find_site(db: Session, key: str) -> ChatSite:
    """The widget with this public key, or NotFound when there is none or it is switched off."""
    query = select(Widget, Workspace).join(Workspace, col(Workspace.id) == col(Widget.workspace_id))
    found = (await db.exec(query.where(Widget.key == key[:32], col(Widget.is_enabled)))).one_or_none()
    if found is None:
        raise NotFound("There is no chat here.")
    widget, workspace = found
    site = ChatSite(
        widget.id,
        workspace.id,
        workspace.language,
        await _look(db, widget, workspace),
        widget.assignee_id,
        widget.is_in_turn,
        widget.file_kinds,
        widget.most_file_mb,
        valid_secrets(widget.identity_secret, widget.identity_secret_before, widget.identity_changed_at),
        _hours(widget, workspace),
    )
    return _shared(site)


async def _look(db: Session, widget: Widget, workspace: Workspace) -> Look:
    sites = tuple(site for site in map(origin, widget.sites) if site)
    if widget.sites and not sites:
        raise NotFound("There is no chat here.")  # misspelt sites must not open it to all of them
    return Look(
        widget.key,
        workspace.name,
        widget.colour,
        widget.texts,
        sites,
        await _faces(db, workspace.id),
        read_form(widget.form),
        widget.language,
        await usual_pace(db, workspace.id),
        widget.takes_files,
        ACCEPTED[widget.file_kinds],
        widget.most_file_mb or settings().max_upload_mb,
        address_of_logo(workspace) if widget.shows_logo else "",
        widget.patience_minutes,
    )


_sites: dict[int, ChatSite] = {}


def _shared(site: ChatSite) -> ChatSite:
    """The same object for each visitor of a widget, as long as nothing of it changes: there may be thousands."""
    known = _sites.get(site.widget_id)
    if known != site:
        known = _sites[site.widget_id] = site
    return known


def _hours(widget: Widget, workspace: Workspace) -> Hours:
    if widget.hours.get("is_on") and widget.hours.get("follows"):
        return hours_of(workspace)
    return read_hours(widget.hours, workspace.time_zone)


async def button_look(key: str) -> ButtonLook | None:
    """What the loader needs to know of a widget before anybody presses its button; None when it is off."""
    async with reading() as db:
        widget = (await db.exec(select(Widget).where(Widget.key == key[:32], col(Widget.is_enabled)))).one_or_none()
    if widget is None:
        return None
    return ButtonLook(
        widget.key,
        widget.colour,
        widget.position,
        widget.button_text,
        widget.language,
        tuple(widget.sites),
        read_nudge(widget.nudge),
        widget.texts,
        widget.id,
    )


# Widgets, with and without a site's address, and when this process may write down again that they were seen.
_next_note: dict[tuple[int, bool], float] = {}


async def note_seen(widget_id: int, page_url: str) -> None:
    """Remember that the widget is on a page, for its administrators: at most once a minute.

    A page that keeps its address to itself (Referrer-Policy: no-referrer) leaves the site that is known.
    """
    moment, site = time.monotonic(), origin(page_url)[:300]
    kind = (widget_id, bool(site))
    if moment < _next_note.get(kind, 0):
        return
    _next_note[kind] = moment + SEEN_SECONDS
    seen = {"last_seen_at": now(), **({"last_seen_site": site} if site else {})}
    is_due = or_(col(Widget.last_seen_at).is_(None), col(Widget.last_seen_at) < now() - timedelta(seconds=SEEN_SECONDS))
    if site:
        is_due = or_(is_due, col(Widget.last_seen_site) == "")
    async with transaction() as db:
        await db.exec(update(Widget).where(col(Widget.id) == widget_id, is_due).values(**seen))


async def _faces(db: Session, workspace_id: int) -> tuple[Face, ...]:
    return tuple(Face(name, portrait) for _, name, portrait in await who_answers(db, workspace_id))


async def who_answers(db: Session, workspace_id: int) -> Sequence[tuple[int, str, str]]:
    """Whose names and pictures stand at the head of the chat: id, name, picture.

    Those who may answer; administrators where nobody else does.
    """
    is_admin = col(User.role) == Role.ADMIN
    may_answer = or_(is_admin, and_(col(User.can_write), col(User.conversation_scope) != ConversationScope.NONE))
    query = (
        select(User.id, User.name, User.portrait, User.role)
        .where(User.workspace_id == workspace_id, col(User.is_active), may_answer)
        .order_by(is_admin, col(User.id))
        .limit(FACES)
    )
    found = (await db.exec(query)).all()
    return [(user_id, name, portrait) for user_id, name, portrait, role in found if role == found[0][3]]
