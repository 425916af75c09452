"""What the team sees of a web chat's visitor: where they are, with what, and what they typed about themselves."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.rows import PageRow, VisitRow
from witei_app.db import Session
from witei_app.mail.addresses import normalise_address
from witei_app.models import Channel, Contact, Conversation, User, Visitor
from witei_app.texts.people import country_name, language_name
from witei_app.texts.when import moment_label, time_label

# A browser's name is in its string together with those that it passes for, so the order decides.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


async def visit_row(db: Session, actor: Actor, conversation: Conversation) -> VisitRow:
    """The visit of a conversation that the actor sees; empty unless it is a web chat. One query."""
    if conversation.channel != Channel.WEB_CHAT:
        return VisitRow()
    values = {
        "contact_id": conversation.contact_id,
        "conversation_id": conversation.id,
        "workspace_id": actor.workspace_id,
    }
    found = (await db.exec(_VISIT, params=values)).first()
    if found is None:
        return VisitRow()
    visitor, known_email, blocked_by = found
    return VisitRow(
        page=visitor.page_title or visitor.page_url.partition("://")[2],
        page_url=visitor.page_url,
        referrer=_host(visitor.referrer),
        browser=browser_name(visitor.browser),
        language=language_name(visitor.language, actor.language),
        country=country_name(visitor.country, actor.language),
        local_time=local_time(visitor.time_zone, actor.language),
        email="" if visitor.email == known_email else visitor.email,
        phone=visitor.phone,
        account=" · ".join(str(visitor.claimed[name]) for name in ("name", "id") if visitor.claimed.get(name)),
        path=_path(visitor, actor),
        blocked=_blocked(visitor, blocked_by, actor),
        has_address=bool(visitor.address),
        is_proven=bool(visitor.external_id),
        is_email_proven=bool(visitor.external_id) and _same(visitor.claimed.get("email", ""), visitor.email),
    )


_VISIT = (
    select(Visitor, Contact.email, User.name)
    .select_from(Visitor)
    .join(Contact, col(Contact.id) == bindparam("contact_id"))
    .outerjoin(User, col(User.id) == col(Visitor.blocked_by_id))
    .where(
        col(Visitor.conversation_id) == bindparam("conversation_id"),
        col(Visitor.workspace_id) == bindparam("workspace_id"),
    )
    .order_by(col(Visitor.last_seen_at).desc())
    .limit(1)
)


def browser_name(user_agent: str) -> str:
    """ "Chrome · Windows" of what a browser sends; what is in no such form stays as it is."""
    if "/" not in user_agent:
        return user_agent
    names = [next((name for name, sign in known if re.search(sign, user_agent)), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in names if name)


def _path(visitor: Visitor, actor: Actor) -> list[PageRow]:
    """The pages of the visit, the newest first; one alone is said already."""
    if len(visitor.path) < 2:
        return []
    steps = [
        (datetime.fromtimestamp(at, UTC), title or url.partition("://")[2], url) for at, title, url in visitor.path
    ]
    return [PageRow(time_label(at, actor.time_zone, actor.language), *page) for at, *page in reversed(steps)]


def _blocked(visitor: Visitor, by: str | None, actor: Actor) -> str:
    if visitor.blocked_at is None:
        return ""
    when = moment_label(visitor.blocked_at, actor.time_zone, actor.language)
    return f"{by}, {when}" if by else when


def _same(address: str, other: str) -> bool:
    return bool(address) and normalise_address(address) == other


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def local_time(zone: str, language: str) -> str:
    """What time it is in a zone: "18:04 (Europe/Madrid)", "" where there is none."""
    try:
        return f"{time_label(now(), ZoneInfo(zone), language)} ({zone})" if zone else ""
    except (KeyError, ValueError, OSError):  # no such zone, or the name of a file
        return ""
