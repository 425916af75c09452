"""Who the agency's page says that its visitor is, and when that is proven.

A page that has signed somebody in signs the user's id and e-mail with the widget's secret (HMAC, RFC 2104, with
SHA-256, on its server). Without a right signature anybody can call the function: what it says is shown as not
verified, and makes nobody an existing contact.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.crm.anonymous import drop_nobody
from witei_app.crm.contacts import contact_of_address
from witei_app.db import Session
from witei_app.live.events import ConversationChanged, announce
from witei_app.mail.addresses import normalise_address
from witei_app.models import Contact, Conversation, Visitor
from witei_app.secrets import Unsealable, unseal
from witei_app.webchat.form import is_email
from witei_app.webchat.protocol import Claimed

log = structlog.get_logger()
SEALED_AS = "web chat identity"
# After a new secret was made, for so long the one before is right too: the site is changed meanwhile.
OVERLAP = timedelta(hours=24)


def sign_identity(secret: str, user_id: str, email: str, expires: int | None = None) -> str:
    """What a page sends as `signature`, good until `expires` (seconds since 1970) where there is one."""
    until = "" if expires is None else f"\n{expires}"
    return hmac.new(secret.encode(), f"{user_id}\n{email}{until}".encode(), hashlib.sha256).hexdigest()


def is_proven(secrets: tuple[str, ...], claimed: Claimed | None) -> bool:
    """Whether the page has signed what it says. `secrets` are as a widget's row keeps them."""
    if claimed is None or not claimed.id or not claimed.signature:
        return False
    if claimed.expires is not None and claimed.expires <= now().timestamp():
        return False
    given = claimed.signature.lower().encode()
    right = [sign_identity(secret, claimed.id, claimed.email, claimed.expires).encode() for secret in _opened(secrets)]
    return any(hmac.compare_digest(one, given) for one in right)


def _opened(sealed: tuple[str, ...]) -> list[str]:
    try:
        return [unseal(one, SEALED_AS) for one in sealed if one]
    except Unsealable as fault:
        log.error("webchat.secret_sealed", reason=str(fault))
        return []


def valid_secrets(secret: str, before: str, changed_at: datetime | None) -> tuple[str, ...]:
    """The sealed secrets that are right now."""
    is_overlap = changed_at is not None and now() - changed_at < OVERLAP
    return tuple(one for one in (secret, before if is_overlap else "") if one)


def claims(claimed: Claimed | None) -> dict[str, str]:
    """What a visitor's row keeps of it, proven or not."""
    said = {"id": claimed.id, "name": claimed.name, "email": claimed.email} if claimed else {}
    return {name: value for name, value in said.items() if value}


async def visitor_of_user(db: Session, widget_id: int, user_id: str) -> Visitor | None:
    """The visitor who was proven to be this user of the site."""
    query = select(Visitor).where(Visitor.widget_id == widget_id, Visitor.external_id == user_id)
    return (await db.exec(query)).one_or_none()


async def contact_of_user(db: Session, workspace_id: int, claimed: Claimed) -> Contact | None:
    """The contact with the proven address, a new one when nobody has it; None where the page gave no address."""
    if not is_email(claimed.email):
        return None
    email = normalise_address(claimed.email)
    return await contact_of_address(db, workspace_id, email, claimed.name or email, origin="Web chat")


async def note_user(db: Session, visitor: Visitor, claimed: Claimed) -> None:
    """It is proven who this visitor is: their chat is the contact's who has that address."""
    visitor.external_id, visitor.claimed = claimed.id, claims(claimed)
    if is_email(claimed.email):
        visitor.email = normalise_address(claimed.email)
    db.add(visitor)
    contact = await contact_of_user(db, visitor.workspace_id, claimed)
    if visitor.conversation_id is None or contact is None:
        return
    query = select(Conversation).where(col(Conversation.id) == visitor.conversation_id).with_for_update()
    conversation = (await db.exec(query)).one()
    before, conversation.contact_id = conversation.contact_id, contact.id
    visitor.contact_id, conversation.contact_name = contact.id, contact.full_name[:255]
    await db.flush()
    if before != contact.id:
        await drop_nobody(db, before)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
