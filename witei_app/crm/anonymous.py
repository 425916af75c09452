"""Contacts that a web chat made up for somebody unknown, once it is known who that is, or must be known no more."""

from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select

from witei_app.crm.contacts import search_text
from witei_app.crm.edit import rename_in_conversations
from witei_app.db import Session
from witei_app.models import Contact, ContactAddress, Conversation, Visitor, metadata

FROM_CHAT = "Web chat"
_OWN = {"contact_address", "visitor"}  # what a contact of a chat has anyway


async def drop_nobody(db: Session, contact_id: int) -> None:
    """Delete the contact that stood for an unknown visitor, unless anything else is about it."""
    contact = await db.get(Contact, contact_id)
    if contact is None or contact.origin != FROM_CHAT or await _is_used(db, contact_id):
        return
    await db.exec(update(Visitor).where(col(Visitor.contact_id) == contact_id).values(contact_id=None))
    await db.exec(delete(ContactAddress).where(col(ContactAddress.contact_id) == contact_id))
    await db.delete(contact)
    await db.flush()


async def strip_contact(db: Session, contact_id: int, name: str) -> bool:
    """Leave of a chat's contact a nameless one, for the log; False when the agency has more of it than the chat."""
    contact = await db.get_one(Contact, contact_id)
    left = select(Conversation.id).where(Conversation.contact_id == contact_id, col(Conversation.emptied_at).is_(None))
    if contact.origin != FROM_CHAT or (await db.exec(left)).first() is not None:
        return False
    if await _is_used(db, contact_id, besides={"conversation"}):
        return False
    await db.exec(delete(ContactAddress).where(col(ContactAddress.contact_id) == contact_id))
    contact.name, contact.surnames, contact.email, contact.phone = name, "", "", ""
    contact.language = contact.time_zone = ""
    contact.search_text = search_text(contact)
    await rename_in_conversations(db, contact)
    return True


async def _is_used(db: Session, contact_id: int, besides: set[str] | None = None) -> bool:
    """Whether any table speaks of the contact."""
    for table in metadata.sorted_tables:
        for column in table.columns if table.name not in _OWN | (besides or set()) else ():
            if any(key.column is _id_of_contact() for key in column.foreign_keys):
                query: Any = select(column).where(column == contact_id).limit(1)
                if (await db.exec(query)).first() is not None:
                    return True
    return False


def _id_of_contact() -> Any:
    return metadata.tables["contact"].c.id
