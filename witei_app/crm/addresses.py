"""The addresses that a contact writes from: the main one, where answers go, and others ("also written from")."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.crm.contacts import search_text
from witei_app.crm.edit import checked_email, claim_address, refuse_taken_email, tell_of_contact
from witei_app.crm.rows import AddressRow
from witei_app.crm.visible import find_contact, may_see_contact, see_contact
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import Contact, ContactAddress

MOST_ADDRESSES = 30


async def other_addresses(db: Session, actor: Actor, contact_id: int) -> list[AddressRow]:
    """What else the contact writes from, besides the main address."""
    return await addresses_besides(db, await see_contact(db, actor, contact_id))


async def addresses_besides(db: Session, contact: Contact) -> list[AddressRow]:
    """The same of a contact whom the actor sees."""
    found = (await db.exec(_OTHERS, params={"contact_id": contact.id, "email": contact.email})).all()
    return [AddressRow(one.id, one.address, bool(one.bounce_cause)) for one in found]


_OTHERS = (
    select(ContactAddress)
    .where(col(ContactAddress.contact_id) == bindparam("contact_id"), col(ContactAddress.address) != bindparam("email"))
    .order_by(col(ContactAddress.id))
    .limit(MOST_ADDRESSES)
)


async def add_address(db: Session, actor: Actor, contact_id: int, typed: str) -> None:
    """Mail from this address is the contact's from now on. Refuses one that somebody else writes from."""
    actor.must(actor.permissions.can_write)
    contact = await find_contact(db, actor, contact_id)
    email = checked_email(typed)
    if not email:
        raise Refused("Type an e-mail address.")
    if len(await other_addresses(db, actor, contact.id)) >= MOST_ADDRESSES:
        raise Refused("A contact has at most {most} addresses.", most=MOST_ADDRESSES)
    await refuse_taken_email(db, actor, contact, email)
    await claim_address(db, actor, contact, email)
    if not contact.email:
        _write_to(contact, email)
    await tell_of_contact(db, contact)


async def remove_address(db: Session, actor: Actor, address_id: int) -> None:
    """Mail from it is not the contact's any more: whoever writes from it next is somebody new."""
    address, contact = await _find(db, actor, address_id)
    if address.address == contact.email:
        raise Refused("Make another address the main one first.")
    await db.delete(address)
    await db.flush()
    await tell_of_contact(db, contact)


async def make_main(db: Session, actor: Actor, address_id: int) -> None:
    """Answers go there from now on; the one before stays among the others."""
    address, contact = await _find(db, actor, address_id)
    _write_to(contact, address.address)
    await db.flush()
    await tell_of_contact(db, contact)


def _write_to(contact: Contact, email: str) -> None:
    contact.email = email
    contact.search_text = search_text(contact)


async def _find(db: Session, actor: Actor, address_id: int) -> tuple[ContactAddress, Contact]:
    actor.must(actor.permissions.can_write)
    query = select(ContactAddress).join(Contact, col(Contact.id) == col(ContactAddress.contact_id))
    address = (await db.exec(query.where(ContactAddress.id == address_id, may_see_contact(actor)))).one_or_none()
    if address is None:
        raise NotFound("This address is not here any more.")
    return address, await find_contact(db, actor, address.contact_id)
