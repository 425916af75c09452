"""The people outside."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Integer, literal_column, table, text
from sqlmodel import col, or_, select

from witei_app.db import Session, insert_missing
from witei_app.live.events import RecordChanged, announce
from witei_app.models import Contact, ContactAddress
from witei_app.outbox.webhooks.tell import Happening, tell

MOST_WORDS = 5
TRIPLE = 3
# A phone as people write it, "600-029-679" or "(600)029.679": it is kept without these signs.
_PHONE = re.compile(r"\+?[(\d][\d().\-/]*\d")
_BETWEEN_DIGITS = re.compile(r"[().\-/]")
_LONGEST = 320  # characters of an address
JOINERS = "\u200c\u200d"  # between letters Persian names need them, and families of emoji
_LOOSE_JOINERS = re.compile(f"(?<!\\S)[{JOINERS}]+|[{JOINERS}]+(?!\\S)")


def name_line(name: str) -> str:
    """A name on one line, without signs that nobody sees."""
    seen = "".join(letter for letter in name if letter.isprintable() or letter in JOINERS)
    return " ".join(_LOOSE_JOINERS.sub("", seen).split())[:255]


def fold(text: str) -> str:
    """Without case and accents, for searching: "Peña" is found by "pena"."""
    # Once more after taking apart: some signs fall into capitals (Unicode 3.13, D147), "℠" into "SM".
    once = unicodedata.normalize("NFKD", text.casefold()).casefold()
    decomposed = unicodedata.normalize("NFKD", once)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in JOINERS)


def search_text(contact: Contact) -> str:
    """What a contact is searched by: name, e-mail and phone, the phone also without its spaces."""
    parts = (contact.name, contact.surnames, contact.email, contact.phone, contact.phone.replace(" ", ""))
    return fold(" ".join(part for part in parts if part))[:900]


def matching(db: Session, search: str) -> list[ColumnElement[bool]]:
    """The conditions on Contact: every word of the search somewhere in name, e-mail or phone."""
    parts = [_ways(part) for part in fold(search)[:100].split()[:MOST_WORDS]]
    has_triples = db.get_bind().dialect.name == "sqlite"
    indexed = [ways for ways in parts if has_triples and all(len(way) >= TRIPLE for way in ways)]
    inside = col(Contact.search_text).contains
    conditions = [or_(*(inside(way, autoescape=True) for way in ways)) for ways in parts if ways not in indexed]
    if indexed:
        phrases = " AND ".join(f"({' OR '.join(_phrase(way) for way in ways)})" for ways in indexed)
        found = select(literal_column("rowid", Integer)).select_from(table("contact_search"))
        found = found.where(text("contact_search MATCH :phrases").bindparams(phrases=phrases))
        conditions.append(col(Contact.id).in_(found))
    return conditions


def _ways(part: str) -> list[str]:
    """A word as it is written; a phone also without what sets its digits apart."""
    return sorted({part, _BETWEEN_DIGITS.sub("", part)}) if _PHONE.fullmatch(part) else [part]


def _phrase(way: str) -> str:
    return '"' + way.replace('"', '""') + '"'


async def contact_of_address(db: Session, workspace_id: int, email: str, name: str, origin: str) -> Contact:
    """The contact that writes from this address; a new one when nobody does."""
    contacts = await contacts_of_addresses(db, workspace_id, {email: name}, origin)
    return contacts[email]


async def contacts_of_addresses(
    db: Session, workspace_id: int, names: Mapping[str, str], origin: str
) -> dict[str, Contact]:
    """The same for several addresses, each with the name that a new contact gets.

    Two mails of a new sender may come at once: the address's unique row decides whose contact it is.
    """
    wanted = {email: email[:_LONGEST] for email in sorted(names)}  # one order, so that no two wait for each other
    known = await _by_address(db, workspace_id, list(wanted.values()))
    new = {
        short: _new_contact(workspace_id, names[email], short, origin)
        for email, short in wanted.items()
        if short not in known
    }
    if new:
        known |= await _claim_addresses(db, workspace_id, new)
    return {email: known[short] for email, short in wanted.items()}


async def add_contact(db: Session, workspace_id: int, *, name: str, email: str = "", origin: str = "") -> Contact:
    """A new contact. A full name is kept whole in `name`: guessing where surnames begin goes wrong."""
    contact = _new_contact(workspace_id, name, email, origin)
    db.add(contact)
    await db.flush()
    _tell_created(db, contact)
    return contact


def _new_contact(workspace_id: int, name: str, email: str, origin: str) -> Contact:
    contact = Contact(workspace_id=workspace_id, name=name_line(name), email=email, origin=origin)
    contact.search_text = search_text(contact)
    return contact


async def _by_address(db: Session, workspace_id: int, emails: Collection[str]) -> dict[str, Contact]:
    query = (
        select(ContactAddress.address, Contact)
        .join(Contact, col(Contact.id) == col(ContactAddress.contact_id))
        .where(ContactAddress.workspace_id == workspace_id, col(ContactAddress.address).in_(emails))
    )
    return dict((await db.exec(query)).all())


async def _claim_addresses(db: Session, workspace_id: int, new: Mapping[str, Contact]) -> dict[str, Contact]:
    """Store the contacts with their addresses; where another was faster, it is that one's."""
    db.add_all(new.values())
    await db.flush()
    rows = [
        {"workspace_id": workspace_id, "contact_id": contact.id, "address": email, "created_at": contact.created_at}
        for email, contact in new.items()
    ]
    row = insert_missing(db, ContactAddress).returning(col(ContactAddress.address))
    ours = set((await db.exec(row, params=rows)).scalars())
    lost = [email for email in new if email not in ours]
    for email in lost:
        await db.delete(new[email])
    if lost:
        await db.flush()
    for email in ours:
        _tell_created(db, new[email])
    return {email: new[email] for email in ours} | (await _by_address(db, workspace_id, lost) if lost else {})


def _tell_created(db: Session, contact: Contact) -> None:
    tell(db, contact.workspace_id, Happening.CONTACT_CREATED, contact_id=contact.id, user_id=None)
    announce(db, RecordChanged(contact.workspace_id, "contacts", contact.id))
