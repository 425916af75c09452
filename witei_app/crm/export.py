"""Contacts as rows of a file that can be imported again: read a few at a time, whatever their number."""

from collections.abc import AsyncIterator, Sequence

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.crm.contacts import matching
from witei_app.crm.visible import may_see_contact
from witei_app.db import Session, reading
from witei_app.models import Contact, ContactAddress, User
from witei_app.texts import translate
from witei_app.texts.when import local_day

AT_ONCE = 500
# The same words are guessed at an import; see `import_columns`.
HEADINGS = ("Name", "Surnames", "E-mail", "Also written from", "Phone", "Language", "Origin", "Responsible", "Created")


async def exported_contacts(actor: Actor, search: str = "") -> AsyncIterator[list[str]]:
    """The headings, then a row for each contact that the actor sees and the search finds, oldest first.

    Each few hundred are read in a session of their own: a slow reader holds nothing open.
    """
    yield [translate(heading, actor.language) for heading in HEADINGS]
    after = 0
    while True:
        async with reading() as db:
            found = await _after(db, actor, search, after)
            also = await _addresses(db, [contact.id for contact, _ in found])
        for contact, responsible in found:
            yield _cells(contact, responsible or "", also.get(contact.id, []), actor)
        if len(found) < AT_ONCE:
            return
        after = found[-1][0].id


async def _after(db: Session, actor: Actor, search: str, after: int) -> Sequence[tuple[Contact, str | None]]:
    query = (
        select(Contact, User.name)
        .outerjoin(User, col(User.id) == col(Contact.responsible_id))
        .where(may_see_contact(actor), col(Contact.id) > after, *matching(db, search))
        .order_by(col(Contact.id))
        .limit(AT_ONCE)
    )
    return (await db.exec(query)).all()


async def _addresses(db: Session, contact_ids: list[int]) -> dict[int, list[str]]:
    query = (
        select(ContactAddress).where(col(ContactAddress.contact_id).in_(contact_ids)).order_by(col(ContactAddress.id))
    )
    found: dict[int, list[str]] = {}
    for address in (await db.exec(query)).all():
        found.setdefault(address.contact_id, []).append(address.address)
    return found


def _cells(contact: Contact, responsible: str, addresses: list[str], actor: Actor) -> list[str]:
    return [
        contact.name,
        contact.surnames,
        contact.email,
        " ".join(address for address in addresses if address != contact.email),
        contact.phone,
        contact.language,
        contact.origin,
        responsible,
        local_day(contact.created_at, actor.time_zone).isoformat(),
    ]
