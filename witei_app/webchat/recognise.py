"""Who says hello: by this browser's token, by the link in a mail, by what the site has signed."""

from witei_app.db import reading, transaction
from witei_app.mail.chat_link import read_chat_link
from witei_app.models import Visitor
from witei_app.webchat.blocked import is_address_blocked
from witei_app.webchat.caller import Caller
from witei_app.webchat.identity import claims, is_proven, note_user, visitor_of_user
from witei_app.webchat.protocol import Claimed, Hello, Page
from witei_app.webchat.visitors import (
    admit_browser,
    claimed_address,
    is_token,
    new_token,
    note_presence,
    token_hash,
    visitor_of,
)
from witei_app.webchat.widgets import note_seen


async def recognise(caller: Caller, hello: Hello) -> None:
    """Find out who says hello. Nobody known gets a token; a row is made with the first message alone.

    A well-formed token that is not in the database stays the visitor's: it was given out before the first message,
    and changing it now could turn a message that is sent again into a second conversation.
    """
    caller.hello, caller.is_proven = hello, is_proven(caller.site.identity_secrets, hello.user)
    async with reading() as db:
        caller.is_blocked = await is_address_blocked(db, caller.site.workspace_id, caller.network)
        if caller.is_blocked:
            return
        visitor = await visitor_of(db, hello.token) if hello.token and is_token(hello.token) else None
    if hello.page.url:  # there is none around a chat that a mailed link opened
        await note_seen(caller.site.widget_id, hello.page.url)
    if hello.back and await _come_back(caller, hello.back):
        return
    token = hello.token if hello.token and is_token(hello.token) else new_token()
    if visitor is not None and visitor.widget_id != caller.site.widget_id:
        visitor, token = None, new_token()
    if caller.is_proven and hello.user is not None and not _is_known(visitor, hello.user):
        visitor, token = await _as_user(caller, hello.user, visitor, token)
    caller.token, caller.visitor_hash = token, token_hash(token)
    caller.has_email = bool(claimed_address(hello.user))  # kept with the first message
    if visitor is not None:
        await _know(caller, visitor, token)


async def _come_back(caller: Caller, link: str) -> bool:
    """By the link in a mail. Coming again in the same browser makes no second one of it."""
    async with transaction() as db:
        said = read_chat_link(link)
        visitor = await db.get(Visitor, said.visitor_id) if said else None
        if said is None or visitor is None or visitor.widget_id != caller.site.widget_id or not said.opens(visitor):
            caller.is_link_dead = True
            return False
        token = caller.hello.token
        known = await visitor_of(db, token) if token and is_token(token) else None
        if token is None or known is None or known.id != visitor.id:
            token = await admit_browser(db, visitor)
    await _know(caller, visitor, token)
    return True


def _is_known(visitor: Visitor | None, user: Claimed) -> bool:
    return visitor is not None and visitor.external_id == user.id and visitor.claimed == claims(user)


async def _as_user(caller: Caller, user: Claimed, visitor: Visitor | None, token: str) -> tuple[Visitor | None, str]:
    """It is proven who is there: their chat, with a token for this browser. Never another user's."""
    async with transaction() as db:
        owner = await visitor_of_user(db, caller.site.widget_id, user.id)
        if owner is None and visitor is not None:
            if visitor.external_id:  # somebody else was signed in before on this computer
                return None, new_token()
            owner = await db.get_one(Visitor, visitor.id)
        if owner is None:
            return None, token
        if visitor is None or visitor.id != owner.id:
            token = await admit_browser(db, owner)
        await note_user(db, owner, user)
    return owner, token


async def _know(caller: Caller, visitor: Visitor, token: str) -> None:
    caller.token, caller.visitor_hash = token, visitor.token_hash
    caller.conversation_id, caller.seen = visitor.conversation_id, visitor.read_number
    caller.has_email, caller.is_blocked = bool(visitor.email), visitor.blocked_at is not None
    if not caller.is_blocked:
        await _note_presence(caller)


async def move_on(caller: Caller, page: Page) -> None:
    """The visitor went to another page of the site."""
    caller.hello = caller.hello.model_copy(update={"page": page})
    if caller.conversation_id is not None:
        await _note_presence(caller)


async def _note_presence(caller: Caller) -> None:
    async with transaction() as db:
        found = await visitor_of(db, caller.token)
        if found is not None:
            await note_presence(db, found, caller)
