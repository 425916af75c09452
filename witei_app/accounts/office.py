"""What holds for the whole workspace; administrators decide it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import hours_text, written_hours
from witei_app.accounts.people import find_colleague
from witei_app.accounts.profile import check_time_zone, checked_signature
from witei_app.audit.trail import differences, note
from witei_app.conversations.hand_out import must_take_conversations
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import AccessChanged, announce
from witei_app.mail.plain import html_to_text
from witei_app.models import AuditAction, NewGoTo, UnusedFile, User, Workspace
from witei_app.settings import settings
from witei_app.texts import LANGUAGES

LONGEST_BIN_DAYS = 365
UNDO_CHOICES = (0, 5, 10, 20, 30, 60)


async def own_workspace(db: Session, actor: Actor) -> Workspace:
    """The actor's workspace, for administrators."""
    actor.must_administer()
    return await db.get_one(Workspace, actor.workspace_id)


@asynccontextmanager
async def changing_workspace(db: Session, actor: Actor) -> AsyncIterator[Workspace]:
    """The same, to be changed: what is different afterwards goes into the audit."""
    workspace = await own_workspace(db, actor)
    before = _told(workspace)
    yield workspace
    if changes := differences(before, _told(workspace)):
        note(db, actor, AuditAction.WORKSPACE_CHANGED, changes=changes)


def _told(workspace: Workspace) -> dict[str, Any]:
    """Its settings as the audit tells them: of a picture a few letters of its name, of a text its words."""
    words = html_to_text(workspace.signature_html).strip()[:200]
    address = f"{workspace.mailbox}@{settings().mail_domain}"
    return {**workspace.model_dump(), "logo": workspace.logo[:8], "signature_html": words, "mailbox": address}


async def save_workspace(db: Session, actor: Actor, *, name: str, language: str, time_zone: str) -> None:
    """Name (contacts see it), the language of automatic mail, and the time zone."""
    actor.must_administer()
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:255]
    if not line:
        raise Refused("Write the name of your agency.")
    if language not in {"en", *LANGUAGES}:
        raise Refused("Choose a language from the list.")
    check_time_zone(time_zone)
    async with changing_workspace(db, actor) as workspace:
        workspace.name, workspace.language, workspace.time_zone = line, language, time_zone


async def save_office_hours(db: Session, actor: Actor, is_on: bool, days: list[str], holidays: str) -> None:
    """When somebody is there. `days` are Monday to Sunday, "9-14, 16-19"; `holidays` days between commas or lines."""
    workspace = await own_workspace(db, actor)
    before, written = hours_text(workspace.office_hours), written_hours(is_on, days, holidays)
    workspace.office_hours = written
    if hours_text(written) != before:
        note(db, actor, AuditAction.WORKSPACE_CHANGED, changes={"office_hours": (before, hours_text(written))})


async def save_undo(db: Session, actor: Actor, seconds: int | None) -> None:
    """How long an answer can be called back; None is as long as the installation says."""
    async with changing_workspace(db, actor) as workspace:
        if seconds is not None and seconds not in UNDO_CHOICES:
            raise Refused("Choose how long from the list.")
        workspace.undo_seconds = seconds


async def save_first_signature(db: Session, actor: Actor, html: str) -> str:
    """The signature that new users begin with, its places checked; gives it as it is kept."""
    actor.must_administer()
    safe = checked_signature(html)
    async with changing_workspace(db, actor) as workspace:
        workspace.signature_html = safe
    return safe


async def save_bin_days(db: Session, actor: Actor, days: int) -> None:
    """How long deleted conversations wait in the bin before they go for good."""
    actor.must_administer()
    if not 1 <= days <= LONGEST_BIN_DAYS:
        raise Refused("Choose between 1 and {most} days.", most=LONGEST_BIN_DAYS)
    async with changing_workspace(db, actor) as workspace:
        workspace.bin_days = days


async def save_logo(db: Session, actor: Actor, sha256: str) -> None:
    """The agency's logo from now on, by its SHA-256; "" is none."""
    async with changing_workspace(db, actor) as workspace:
        if workspace.logo and workspace.logo != sha256:
            db.add(UnusedFile(workspace_id=workspace.id, sha256=workspace.logo))
        workspace.logo = sha256


async def is_logo(db: Session, sha256: str) -> bool:
    """Whether these bytes are an agency's logo: those may be shown to anybody."""
    query = select(Workspace.id).where(Workspace.logo == sha256, Workspace.logo != "").limit(1)
    return (await db.exec(query)).first() is not None


async def save_hand_out(db: Session, actor: Actor, new_go_to: str, coordinator_id: int) -> None:
    """Who gets new conversations whose contact has no responsible user."""
    async with changing_workspace(db, actor) as workspace:
        if new_go_to not in set(NewGoTo):
            raise Refused("Choose who gets new conversations.")
        if new_go_to == NewGoTo.COORDINATOR:
            if not coordinator_id:
                raise Refused("Choose the coordinator.")
            coordinator = await find_colleague(db, actor, coordinator_id)
            must_take_conversations(coordinator)
            workspace.coordinator_id = coordinator.id
        workspace.new_go_to = new_go_to


async def require_two_factor(db: Session, actor: Actor, is_required: bool) -> None:
    """From now on everybody needs an authenticator app; who has none sets one up before anything else.

    The others' open tabs are led there at once, the actor's own once the change was seen.
    """
    async with changing_workspace(db, actor) as workspace:
        workspace.requires_two_factor = is_required
    lacking = select(User.id).where(
        User.workspace_id == actor.workspace_id,
        col(User.is_active),
        User.two_factor_secret == "",
        User.id != actor.user_id,
    )
    for user_id in (await db.exec(lacking)).all() if is_required else ():
        announce(db, AccessChanged(actor.workspace_id, user_id))


async def allow_duplicates(db: Session, actor: Actor, is_allowed: bool) -> None:
    """Whether two contacts may have the same address or number."""
    async with changing_workspace(db, actor) as workspace:
        workspace.allows_duplicates = is_allowed
