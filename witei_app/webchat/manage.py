"""The agency's chat widgets, as administrators set them up."""

import secrets
from dataclasses import fields, replace
from datetime import datetime
from html import escape
from typing import Any

import structlog
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import holidays_text, hours_of, written_hours, zone_of
from witei_app.accounts.people import find_colleague
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.hand_out import must_take_conversations
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import WidgetClosed, announce
from witei_app.models import AuditAction, Widget, Workspace
from witei_app.settings import settings
from witei_app.texts import translate
from witei_app.texts.when import moment_label
from witei_app.webchat.files import FILE_KINDS
from witei_app.webchat.form import OPTIONAL, REQUIRED, check_privacy_url, read_form
from witei_app.webchat.look import LANGUAGES, OWN_TEXTS
from witei_app.webchat.nudge import parse_nudge, read_nudge
from witei_app.webchat.rows import WidgetForm, WidgetRow
from witei_app.webchat.typed import check_colour, megabytes, one_line, own_texts, parse_sites, patience, readable_site

log = structlog.get_logger()
MOST_WIDGETS = 50
IN_TURN = "turn"


async def list_widgets(db: Session, actor: Actor) -> list[WidgetRow]:
    """The workspace's widgets, oldest first."""
    actor.must(actor.permissions.can_manage_web_chat)
    query = select(Widget).where(Widget.workspace_id == actor.workspace_id).order_by(col(Widget.id))
    return [_row(widget, actor) for widget in (await db.exec(query)).all()]


def _row(widget: Widget, actor: Actor) -> WidgetRow:
    seen = _seen(widget, actor)
    return WidgetRow(widget.id, widget.name, widget.colour, widget.is_enabled, seen, snippet(widget.key))


def _seen(widget: Widget, actor: Actor) -> str:
    if widget.last_seen_at is None:
        return ""
    hidden = translate("a page that hides its address", actor.language)
    site = widget.last_seen_site.partition("://")[2] or hidden
    return translate("Seen on {site} {ago}", actor.language, site=site, ago=_ago(widget.last_seen_at, actor))


def _ago(at: datetime, actor: Actor) -> str:
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 1:
        return translate("just now", actor.language)
    if minutes == 1:
        return translate("a minute ago", actor.language)
    if minutes < 60:
        return translate("{minutes} minutes ago", actor.language, minutes=minutes)
    return translate("on {moment}", actor.language, moment=moment_label(at, actor.time_zone, actor.language))


def snippet(key: str) -> str:
    """The line that puts the chat on a page."""
    key = escape(key, quote=True)
    return f'<script async src="{settings().public_url}/embed/loader.js?key={key}" data-key="{key}"></script>'


async def find_widget(db: Session, actor: Actor, widget_id: int) -> Widget:
    """A widget of the actor's workspace, locked for a change. Refuses whoever may not set up chats."""
    actor.must(actor.permissions.can_manage_web_chat)
    query = select(Widget).where(Widget.id == widget_id, Widget.workspace_id == actor.workspace_id)
    widget = (await db.exec(query.with_for_update())).one_or_none()
    if widget is None:
        raise NotFound("This widget is not here.")
    return widget


async def widget_form(db: Session, actor: Actor, widget_id: int) -> WidgetForm:
    """What its form shows."""
    widget = await find_widget(db, actor, widget_id)
    asked, hours, nudge = read_form(widget.form), widget.hours, read_nudge(widget.nudge)
    return WidgetForm(
        id=widget.id,
        name=widget.name,
        is_enabled=widget.is_enabled,
        colour=widget.colour,
        position=widget.position,
        button_text=widget.button_text,
        language=widget.language,
        sites="\n".join(map(readable_site, widget.sites)),
        assignee_id=IN_TURN if widget.is_in_turn else str(widget.assignee_id or ""),
        takes_files=widget.takes_files,
        file_kinds=widget.file_kinds,
        most_file_mb=str(widget.most_file_mb or ""),
        shows_logo=widget.shows_logo,
        has_nudge=nudge.is_on,
        nudge_seconds=str(nudge.seconds),
        nudge_pages="\n".join(nudge.pages),
        ask_name=asked.name,
        ask_email=asked.email,
        ask_phone=asked.phone,
        has_consent=asked.consent,
        privacy_url=asked.privacy_url,
        has_hours=bool(hours.get("is_on")),
        follows_workspace=bool(hours.get("follows")),
        days=list(hours.get("days") or WidgetForm().days),
        holidays=holidays_text(hours.get("holidays", [])),
        time_zone=hours.get("time_zone", ""),
        patience_minutes=str(widget.patience_minutes),
        texts={lang: {name: str(own.get(name, "")) for name in OWN_TEXTS} for lang, own in widget.texts.items()},
    )


async def with_others_changes(db: Session, actor: Actor, before: WidgetForm, form: WidgetForm) -> WidgetForm:
    """What was changed in the form since it was opened as `before`, and else what colleagues have saved meanwhile."""
    if not form.id:
        return form
    saved = await widget_form(db, actor, form.id)
    names = (field.name for field in fields(form))
    mine = {name: getattr(form, name) for name in names if getattr(form, name) != getattr(before, name)}
    return replace(saved, **mine)


async def save_widget(db: Session, actor: Actor, form: WidgetForm) -> Widget:
    """Keep what the form says, in a new widget when it has no id. Refuses what cannot be, and says which part.

    What is switched off stays as it was: its fields are out of sight, and nobody could mend a mistake in them.
    """
    actor.must(actor.permissions.can_manage_web_chat)
    widget = await find_widget(db, actor, form.id) if form.id else await _new_widget(db, actor)
    widget.name = one_line(form.name, 80)
    if not widget.name:
        raise Refused("Give the widget a name, such as the site that it is for.")
    widget.is_enabled = form.is_enabled
    widget.colour = check_colour(form.colour)
    widget.position = "left" if form.position == "left" else "right"
    widget.button_text = one_line(form.button_text, 40)
    widget.language = form.language if form.language in LANGUAGES else ""
    widget.sites = parse_sites(form.sites)
    widget.is_in_turn = form.assignee_id == IN_TURN
    widget.assignee_id = None if widget.is_in_turn else await _assignee(db, actor, form.assignee_id)
    widget.takes_files = form.takes_files
    widget.file_kinds = form.file_kinds if form.file_kinds in FILE_KINDS else "all"
    if form.takes_files:
        widget.most_file_mb = megabytes(form.most_file_mb)
    widget.shows_logo = form.shows_logo
    widget.nudge = _nudge(form, widget.nudge)
    widget.form = _asked(form, widget.form)
    widget.hours = await _hours(db, actor, form, widget.hours)
    widget.patience_minutes = patience(form.patience_minutes)
    widget.texts = own_texts(form.texts)
    db.add(widget)
    await db.flush()
    if not widget.is_enabled:
        announce(db, WidgetClosed(actor.workspace_id, widget.id))
    note(db, actor, AuditAction.WEB_CHAT_CHANGED, widget.name)
    log.info("widget.saved", widget=widget.id, workspace=actor.workspace_id, user=actor.user_id)
    return widget


async def delete_widget(db: Session, actor: Actor, widget_id: int) -> None:
    """Take it off all pages. The conversations stay; who has one open can no longer write in it."""
    widget = await find_widget(db, actor, widget_id)
    await db.delete(widget)
    announce(db, WidgetClosed(actor.workspace_id, widget_id))
    note(db, actor, AuditAction.WEB_CHAT_REMOVED, widget.name)
    log.info("widget.deleted", widget=widget_id, workspace=actor.workspace_id, user=actor.user_id)


async def _new_widget(db: Session, actor: Actor) -> Widget:
    query = select(func.count()).where(Widget.workspace_id == actor.workspace_id)
    if (await db.exec(query)).one() >= MOST_WIDGETS:
        raise Refused("More than {most} widgets are not possible.", most=MOST_WIDGETS)
    return Widget(workspace_id=actor.workspace_id, key=secrets.token_urlsafe(16))


async def _assignee(db: Session, actor: Actor, chosen: str) -> int | None:
    if not chosen:
        return None
    known = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
    user = await find_colleague(db, actor, int(chosen) if known else 0)
    must_take_conversations(user)
    return user.id


def _nudge(form: WidgetForm, before: dict[str, Any]) -> dict[str, Any]:
    if not form.has_nudge:
        return {**before, "is_on": False}
    return parse_nudge(is_on=True, seconds=form.nudge_seconds, pages=form.nudge_pages)


def _asked(form: WidgetForm, before: dict[str, Any]) -> dict[str, Any]:
    wanted = {"name": form.ask_name, "email": form.ask_email, "phone": form.ask_phone}
    privacy = check_privacy_url(form.privacy_url.strip()) if form.has_consent else before.get("privacy_url", "")
    return {
        **{name: how for name, how in wanted.items() if how in (OPTIONAL, REQUIRED)},
        "consent": form.has_consent,
        "privacy_url": privacy,
    }


async def _hours(db: Session, actor: Actor, form: WidgetForm, before: dict[str, Any]) -> dict[str, Any]:
    if not form.has_hours:
        return {**before, "is_on": False}
    if form.follows_workspace:
        if not hours_of(await db.get_one(Workspace, actor.workspace_id)).is_on:
            raise Refused(
                "The workspace has no office hours yet. An administrator sets them under Settings, Workspace."
            )
        return {**before, "is_on": True, "follows": True}
    if form.time_zone and zone_of(form.time_zone) is None:
        raise Refused("{zone} is not a time zone. Write it as Europe/Madrid.", zone=form.time_zone[:60])
    own = written_hours(True, form.days, form.holidays)
    return {**own, "follows": False, "time_zone": form.time_zone}
