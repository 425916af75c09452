"""Speaking to a visitor who has the chat open and has not written: a user offers help."""

import time

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.assign import assign
from witei_app.conversations.reply import send_reply
from witei_app.conversations.visit import browser_name
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.sanitize import text_to_html
from witei_app.models import Visitor
from witei_app.texts import translate
from witei_app.texts.people import country_name, language_name
from witei_app.webchat.caller import Caller
from witei_app.webchat.present import Present, present
from witei_app.webchat.protocol import About, Hello, Page
from witei_app.webchat.rows import PresentRow
from witei_app.webchat.visitors import visitors_conversation
from witei_app.webchat.widgets import find_site


async def visitors_here(db: Session, actor: Actor) -> list[PresentRow]:
    """The visitors who wait for nobody yet, the newest first. One query."""
    actor.must_begin_conversations()
    here = present(actor.workspace_id)
    query = select(Visitor.token_hash).where(
        col(Visitor.token_hash).in_([one.event.visitor_hash for one in here]), col(Visitor.conversation_id).is_not(None)
    )
    spoken = set((await db.exec(query)).all())
    return [_row(one, actor) for one in here if one.event.visitor_hash not in spoken]


def _row(one: Present, actor: Actor) -> PresentRow:
    minutes = int((time.monotonic() - one.since) // 60)
    event = one.event
    is_web = event.page_url.startswith(("http://", "https://"))
    return PresentRow(
        id=event.visitor_hash,
        page=event.page_title or event.page_url.partition("://")[2],
        page_url=event.page_url if is_web else "",
        browser=browser_name(event.browser),
        language=language_name(event.language[:2], actor.language),
        country=country_name(event.country, actor.language),
        since=translate("{minutes} min", actor.language, minutes=minutes)
        if minutes
        else translate("just now", actor.language),
    )


async def offer_help(db: Session, actor: Actor, visitor_hash: str, text: str) -> int:
    """Begin the conversation with this visitor, who hears it at once; gives its id. It is the actor's."""
    actor.must_begin_conversations()
    if not text.strip():
        raise Refused("Write something first.")
    one = next((one for one in present(actor.workspace_id) if one.event.visitor_hash == visitor_hash), None)
    if one is None:
        raise Refused("This visitor has left.")
    conversation = await visitors_conversation(db, await _caller(db, one), About())
    if conversation.last_number:
        raise Refused("This visitor has just written. It is in the inbox.")
    await assign(db, Actor.system(actor.workspace_id), conversation, actor.user_id)
    await send_reply(db, actor, conversation, text_to_html(text.strip()), with_signature=False)
    return conversation.id


async def _caller(db: Session, one: Present) -> Caller:
    event = one.event
    page = Page(url=event.page_url, title=event.page_title, referrer=event.referrer)
    hello = Hello(t="hello", page=page, lang=event.language, zone=event.time_zone)
    site = await find_site(db, event.widget_key)
    return Caller(site, "", event.browser, hello, visitor_hash=event.visitor_hash)
