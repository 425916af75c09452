"""A few rows of a file becoming contacts: what all of them are checked against is looked up once for all."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.clock import now
from witei_app.crm.contacts import fold
from witei_app.crm.csv_files import Row
from witei_app.crm.edit import TAKEN_NOW, ContactInput, checked_email, cleaned, duplicates_allowed, taken, write_fields
from witei_app.crm.import_columns import ReadRow
from witei_app.crm.notes import LONGEST
from witei_app.crm.phones import HOME, home_of
from witei_app.db import Session, insert_missing
from witei_app.errors import Refused
from witei_app.models import Contact, ContactAddress, ContactNote, User
from witei_app.outbox.webhooks.tell import Happening, tell


@dataclass(frozen=True)
class Owner:
    """Who has an address or a number, and who looks after that contact."""

    contact: str
    responsible: str = ""


@dataclass(frozen=True)
class _Added:
    place: int
    row: Row
    contact: Contact
    addresses: tuple[str, ...]
    note: str


class Batch:
    """Contacts that are added together. `look_up`, then `add` each, then `store`."""

    def __init__(self, db: Session, actor: Actor, responsible_id: int) -> None:
        self._db, self._actor, self._responsible_id = db, actor, responsible_id
        self._owners: dict[str, Owner] = {}
        self._colleagues: dict[str, User] = {}
        self._may_double = False
        self._home = HOME
        self._blank = Contact()
        self._clean: dict[ReadRow, ContactInput] = {}
        self._new: list[_Added] = []
        self.added = 0

    async def look_up(self, rows: Iterable[ReadRow]) -> None:
        """Find who has the addresses and numbers of these rows already. Five queries."""
        emails, phones = set[str](), set[str]()
        self._home = await home_of(self._db, self._actor.workspace_id)
        for row in rows:
            try:
                clean = self._clean[row] = cleaned(row.typed, self._blank, self._home)
                emails |= {clean.email, *map(checked_email, row.also)}
                phones.add(clean.phone)
            except Refused:
                continue  # said when its turn comes
        for user in await colleagues(self._db, self._actor):
            self._colleagues |= {fold(user.name): user, fold(user.email): user}
        self._may_double = await duplicates_allowed(self._db, self._actor.workspace_id)
        self._owners = await _owners(self._db, self._actor, emails - {""}, phones - {""})

    def _checked(self, read: ReadRow) -> Contact:
        """The contact that a row is. Refuses it, saying whose address or number it has."""
        clean = self._clean.get(read) or cleaned(read.typed, self._blank, self._home)
        for value in (clean.email, clean.phone, *map(checked_email, read.also)):
            owner = self._owners.get(value)
            if owner and not self._may_double:
                raise taken(value, owner.contact, owner.responsible)
        if len(read.note) > LONGEST:
            raise Refused("This note is too long.")
        contact = Contact(workspace_id=self._actor.workspace_id)
        write_fields(contact, clean)
        contact.responsible_id = self._responsible(read.responsible) or None
        return contact

    def add(self, place: int, row: Row, read: ReadRow) -> Contact:
        """Take the row in; the rows after it are checked against it too."""
        contact = self._checked(read)
        addresses = tuple(filter(None, dict.fromkeys((contact.email, *map(checked_email, read.also)))))
        user = next((one.name for one in self._colleagues.values() if one.id == contact.responsible_id), "")
        for value in filter(None, (*addresses, contact.phone)):
            self._owners.setdefault(value, Owner(contact.full_name, user))
        self._new.append(_Added(place, row, contact, addresses, read.note))
        return contact

    async def store(self) -> list[tuple[int, Row, Refused]]:
        """Write them. Gives those whose address somebody else got at the same moment: they are not added."""
        contacts = [one.contact for one in self._new]
        self._db.add_all(contacts)
        await self._db.flush()
        claimed = await self._claim()
        lost = [] if self._may_double else [one for one in self._new if not claimed.issuperset(one.addresses)]
        for one in lost:
            await self._db.delete(one.contact)
        kept = [one for one in self._new if one not in lost]
        for one in kept:
            told = {"contact_id": one.contact.id, "user_id": self._actor.user_id}
            tell(self._db, self._actor.workspace_id, Happening.CONTACT_CREATED, **told)
        self._db.add_all(self._note(one) for one in kept if one.note)
        await self._db.flush()
        self.added = len(kept)
        return [(one.place, one.row, Refused(TAKEN_NOW, value=one.addresses[0])) for one in lost]

    def _responsible(self, named: str) -> int:
        if not named:
            return self._responsible_id
        user = self._colleagues.get(fold(named))
        if user is None:
            raise Refused("Nobody here is called {name}.", name=named[:80])
        return user.id

    async def _claim(self) -> set[str]:
        rows = [
            {
                "workspace_id": self._actor.workspace_id,
                "contact_id": one.contact.id,
                "address": address,
                "bounce_cause": "",
                "created_at": now(),
            }
            for one in self._new
            for address in one.addresses
        ]
        if not rows:
            return set()
        statement = insert_missing(self._db, ContactAddress).values(rows).returning(col(ContactAddress.address))
        return set((await self._db.exec(statement)).scalars().all())

    def _note(self, one: _Added) -> ContactNote:
        return ContactNote(
            workspace_id=self._actor.workspace_id,
            contact_id=one.contact.id,
            author_id=self._actor.user_id,
            body=one.note,
        )


async def _owners(db: Session, actor: Actor, emails: set[str], phones: set[str]) -> dict[str, Owner]:
    found: dict[str, Owner] = {}
    by_phone = (
        select(Contact.phone, Contact, User.name)
        .outerjoin(User, col(User.id) == col(Contact.responsible_id))
        .where(Contact.workspace_id == actor.workspace_id, col(Contact.phone).in_(phones))
    )
    by_email = (
        select(ContactAddress.address, Contact, User.name)
        .join(Contact, col(Contact.id) == col(ContactAddress.contact_id))
        .outerjoin(User, col(User.id) == col(Contact.responsible_id))
        .where(ContactAddress.workspace_id == actor.workspace_id, col(ContactAddress.address).in_(emails))
    )
    for value, contact, user in [*(await db.exec(by_phone)).all(), *(await db.exec(by_email)).all()]:
        found.setdefault(value, Owner(contact.full_name, user or ""))
    return found
