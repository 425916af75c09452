"""The people outside."""

import unicodedata

from sqlalchemy import ColumnElement, Integer, literal_column, table, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import Contact, ContactAddress

MOST_WORDS = 5
TRIPLE = 3


def fold(text: str) -> str:
    """Without case and accents, for searching: "Peña" is found by "pena"."""
    # Once more after taking apart: some signs fall into capitals (Unicode 3.13, D147), "℠" into "SM".
    once = unicodedata.normalize("NFKD", text.casefold()).casefold()
    decomposed = unicodedata.normalize("NFKD", once)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def search_text(contact: Contact) -> str:
    """What a contact is searched by: name, e-mail and phone, the phone also without its spaces."""
    parts = (contact.name, contact.surnames, contact.email, contact.phone, contact.phone.replace(" ", ""))
    return fold(" ".join(part for part in parts if part))[:900]


def matching(db: Session, search: str) -> list[ColumnElement[bool]]:
    """The conditions on Contact: every word of the search somewhere in name, e-mail or phone."""
    parts = fold(search)[:100].split()[:MOST_WORDS]
    indexed = [] if db.get_bind().dialect.name == "postgresql" else [part for part in parts if len(part) >= TRIPLE]
    conditions = [col(Contact.search_text).contains(part, autoescape=True) for part in parts if part not in indexed]
    if indexed:
        phrases = " AND ".join('"' + part.replace('"', '""') + '"' for part in indexed)
        found = select(literal_column("rowid", Integer)).select_from(table("contact_search"))
        found = found.where(text("contact_search MATCH :phrases").bindparams(phrases=phrases))
        conditions.append(col(Contact.id).in_(found))
    return conditions


async def contact_of_address(db: Session, workspace_id: int, email: str, name: str, origin: str) -> Contact:
    """The contact that writes from this address; a new one when nobody does.

    Two mails of a new sender may come at once: the address's unique row decides whose contact it is.
    """
    email = email[:320]
    known = await _by_address(db, workspace_id, email)
    if known is not None:
        return known
    contact = await add_contact(db, workspace_id, name=name, email=email, origin=origin)
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    claimed = await db.exec(
        insert(ContactAddress)
        .values(workspace_id=workspace_id, contact_id=contact.id, address=email, created_at=now())
        .on_conflict_do_nothing()
        .returning(col(ContactAddress.id))
    )
    if claimed.first() is None:
        await db.delete(contact)
        await db.flush()
        winner = await _by_address(db, workspace_id, email)
        assert winner is not None, "the address is taken, so it has a contact"
        return winner
    return contact


async def add_contact(db: Session, workspace_id: int, *, name: str, email: str = "", origin: str = "") -> Contact:
    """A new contact. A full name is kept whole in `name`: guessing where surnames begin goes wrong."""
    contact = Contact(workspace_id=workspace_id, name=_clean(name), email=email, origin=origin)
    contact.search_text = search_text(contact)
    db.add(contact)
    await db.flush()
    return contact


def _clean(name: str) -> str:
    printable = "".join(letter for letter in name if letter.isprintable())
    return " ".join(printable.split())[:255]


async def _by_address(db: Session, workspace_id: int, email: str) -> Contact | None:
    query = (
        select(Contact)
        .join(ContactAddress, col(ContactAddress.contact_id) == col(Contact.id))
        .where(ContactAddress.workspace_id == workspace_id, ContactAddress.address == email)
    )
    return (await db.exec(query)).one_or_none()
