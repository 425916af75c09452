"""Visitors: who has a token, and the one conversation that it opens."""

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.hand_out import next_in_turn, who_takes
from witei_app.conversations.start import start_conversation
from witei_app.crm.anonymous import FROM_CHAT
from witei_app.crm.contacts import add_contact
from witei_app.db import Session
from witei_app.live.events import VisitorSeen, announce
from witei_app.mail.addresses import normalise_address
from witei_app.models import Channel, Contact, Conversation, Visitor, VisitorToken
from witei_app.texts.visitors import language, words
from witei_app.webchat.caller import Caller
from witei_app.webchat.form import is_email
from witei_app.webchat.identity import claims, contact_of_user
from witei_app.webchat.protocol import About, Claimed, Hello, Page
from witei_app.webchat.widgets import ChatSite

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_BROWSERS = 20
MOST_PAGES = 20
NEW_VISIT = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=10)


def new_token() -> str:
    """A visitor's secret: 256 random bits. It is kept in the visitor's browser; here only its hash, from the first
    message on."""
    return secrets.token_urlsafe(32)


def is_token(text: str | None) -> bool:
    """Whether it could be one that `new_token` made."""
    return text is not None and _TOKEN.fullmatch(text) is not None


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def visitor_of(db: Session, token: str) -> Visitor | None:
    """The visitor with this token, of whichever widget: of the browser that wrote first, or of a later one."""
    first = (await db.exec(select(Visitor).where(Visitor.token_hash == token_hash(token)))).one_or_none()
    if first is not None:
        return first
    query = select(Visitor).join(VisitorToken, col(VisitorToken.visitor_id) == col(Visitor.id))
    return (await db.exec(query.where(VisitorToken.token_hash == token_hash(token)))).one_or_none()


async def has_visitor(db: Session, visitor_hash: str) -> bool:
    """Whether there still is such a visitor."""
    return (await db.exec(select(Visitor.id).where(Visitor.token_hash == visitor_hash))).first() is not None


async def admit_browser(db: Session, visitor: Visitor) -> str:
    """One more browser of this visitor; gives its token. The oldest of many is forgotten."""
    token = new_token()
    db.add(VisitorToken(workspace_id=visitor.workspace_id, visitor_id=visitor.id, token_hash=token_hash(token)))
    await db.flush()
    newest = select(VisitorToken.id).where(VisitorToken.visitor_id == visitor.id).order_by(col(VisitorToken.id).desc())
    mine = col(VisitorToken.visitor_id) == visitor.id
    await db.exec(delete(VisitorToken).where(mine, col(VisitorToken.id).not_in(newest.limit(MOST_BROWSERS))))
    return token


async def visitors_conversation(db: Session, caller: Caller, about: About) -> Conversation:
    """The visitor's conversation, locked until the transaction ends; the first time, both are made.

    `receive_message` reopens one that is archived or in the bin, so it is found whatever its state.
    """
    visitor = await _locked_visitor(db, caller)
    if visitor.conversation_id is not None:
        query = select(Conversation).where(Conversation.id == visitor.conversation_id).with_for_update()
        return (await db.exec(query)).one()
    conversation = await _first_conversation(db, caller, about)
    visitor.contact_id, visitor.conversation_id = conversation.contact_id, conversation.id
    await db.flush()
    return conversation


async def _locked_visitor(db: Session, caller: Caller) -> Visitor:
    """Two tabs may say their first words at once: the token's unique row decides, and the second one waits here."""
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    moment, hello, user = now(), caller.hello, caller.hello.user
    values = {
        "workspace_id": caller.site.workspace_id,
        "widget_id": caller.site.widget_id,
        "token_hash": caller.visitor_hash,
        "read_number": 0,
        "language": language(hello.lang),
        "browser": caller.browser[:300],
        "time_zone": hello.zone,
        "claimed": claims(user),
        "external_id": user.id if user and caller.is_proven else "",
        "email": claimed_address(user),
        "address": caller.network,
        "country": caller.country,
        "created_at": moment,
        "last_seen_at": moment,
        **page_columns(hello),
        "path": walked([], hello.page),
    }
    await db.exec(insert(Visitor).values(values).on_conflict_do_nothing(index_elements=["token_hash"]))
    mine = (Visitor.token_hash == caller.visitor_hash, Visitor.widget_id == caller.site.widget_id)
    return (await db.exec(select(Visitor).where(*mine).with_for_update())).one()


def page_columns(hello: Hello) -> dict[str, str]:
    """Where the visitor is, as the row keeps it. Addresses that are no web pages are left out."""
    page = hello.page
    urls = {"page_url": page.url, "referrer": page.referrer}
    return {"page_title": page.title} | {name: url if _is_web(url) else "" for name, url in urls.items()}


def walked(path: list[Any], page: Page) -> list[Any]:
    """The pages of a visit with one more: [when, title, address], the newest last. Standing still is no step."""
    if not _is_web(page.url) or (path and path[-1][2] == page.url):
        return path
    is_new_visit = bool(path) and now().timestamp() - path[-1][0] > NEW_VISIT.total_seconds()
    before = [] if is_new_visit else path[-MOST_PAGES + 1 :]
    return [*before, [int(now().timestamp()), page.title[:120], page.url[:500]]]


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


async def note_about(db: Session, visitor_hash: str, about: About) -> None:
    """Keep what the visitor typed, on the visitor alone: an address that nobody has checked identifies nobody."""
    given: dict[str, Any] = {"email": normalise_address(about.email), "phone": about.phone}
    given = {name: value for name, value in given.items() if value}
    if about.consent:
        given["consented_at"] = now()
    if given:
        await db.exec(update(Visitor).where(col(Visitor.token_hash) == visitor_hash).values(**given))


async def _first_conversation(db: Session, caller: Caller, about: About) -> Conversation:
    site, hello = caller.site, caller.hello
    contact = await _contact(db, caller, about)
    contact.language = contact.language or language(hello.lang)
    actor = Actor.system(site.workspace_id)
    return await start_conversation(
        db,
        actor,
        contact,
        Channel.WEB_CHAT,
        subject=hello.page.title,
        at=now(),
        widget_id=site.widget_id,
        assignee_id=await _chosen(db, site, contact),
    )


async def _contact(db: Session, caller: Caller, about: About) -> Contact:
    """Whose chat it is: the contact with a proven address, else somebody new."""
    user = caller.hello.user
    proven = await contact_of_user(db, caller.site.workspace_id, user) if user and caller.is_proven else None
    if proven is not None:
        return proven
    own_name = user.name if user and caller.is_proven else ""
    name = about.name or own_name or visitor_name(caller.site, caller.hello)
    return await add_contact(db, caller.site.workspace_id, name=name, origin=FROM_CHAT)


async def _chosen(db: Session, site: ChatSite, contact: Contact) -> int | None:
    """Whom the widget gives its new chats to. Nobody's turn is used for whoever has a responsible user."""
    if await who_takes(db, site.workspace_id, contact.responsible_id) is not None:
        return None
    if site.is_in_turn:
        return await next_in_turn(db, site.workspace_id)
    return await who_takes(db, site.workspace_id, site.assignee_id)


def visitor_name(site: ChatSite, hello: Hello) -> str:
    """What the team calls somebody who has not said a name, in the workspace's language.

    A name that the agency's page claims for the visitor is shown as unverified: anybody can call the API.
    """
    texts = words(language(site.workspace_language))
    if hello.user is not None and hello.user.name:
        return texts["unverified"].format(name=hello.user.name)
    path = _path(hello.page.url)
    return texts["visitor_from"].format(page=path) if path else texts["visitor_name"]


def _path(url: str) -> str:
    """The page's path, readable and short; "" for the front page."""
    try:
        path = unquote(urlsplit(url).path).strip("/") if _is_web(url) else ""
    except ValueError:
        return ""
    path = " ".join(path.split())
    return f"/{path[:58]}…" if len(path) > 60 else path and f"/{path}"


def claimed_address(user: Claimed | None) -> str:
    """The address that the page says its user has, as good as one that was typed."""
    return normalise_address(user.email) if user and is_email(user.email) else ""


async def note_presence(db: Session, visitor: Visitor, caller: Caller) -> None:
    """Remember the page, the time and the place, unless that would say what the row says already."""
    hello = caller.hello
    columns = page_columns(hello)
    if not visitor.external_id and hello.user is not None and visitor.claimed != claims(hello.user):
        visitor.claimed, visitor.email = claims(hello.user), visitor.email or claimed_address(hello.user)
    elif visitor.page_url == columns["page_url"] and visitor.last_seen_at > now() - SEEN_EVERY:
        return
    visitor.path, visitor.address, visitor.country = walked(visitor.path, hello.page), caller.network, caller.country
    for name, value in columns.items():
        setattr(visitor, name, value)
    visitor.last_seen_at = now()
    db.add(visitor)
    if visitor.conversation_id is not None:
        seen = VisitorSeen(visitor.workspace_id, visitor.conversation_id, visitor.read_number, is_typing=False)
        announce(db, seen)
