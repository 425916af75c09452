"""Writing first: a new conversation by e-mail to a contact, or to an address that nobody has written from."""

from collections.abc import Sequence

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.reply import send_reply
from witei_app.conversations.start import start_conversation
from witei_app.crm.contacts import contact_of_address, matching
from witei_app.crm.edit import refuse_other
from witei_app.crm.visible import may_see_contact, visible_contacts
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.types import Address
from witei_app.models import Channel, Contact, Conversation, Message, Upload

MOST_FOUND = 8


async def write_first(
    db: Session,
    actor: Actor,
    recipients: Recipients,
    subject: str,
    html: str,
    *,
    files: Sequence[Upload] = (),
    with_signature: bool = True,
    client_id: str | None = None,
    sender_address_id: int | None = None,
) -> Conversation:
    """Send a mail that begins a conversation with the first of its recipients, which the actor then has.

    Done twice under one `client_id`, it is done once. Refuses nobody to write to, no text, a contact that somebody else
    looks after, and an actor who sees no conversations.
    """
    actor.must_begin_conversations()
    if not recipients.to:
        raise Refused("Say whom to write to.")
    contact = await _contact(db, actor, recipients.to[0])
    known = await _already_written(db, actor, contact, client_id)
    if known is not None:
        return known
    line = " ".join(subject.split())[:998]
    # The actor's from its first entry in the log on: reports say whose it is by that.
    conversation = await start_conversation(db, actor, contact, Channel.EMAIL, subject=line, at=now(), is_own=True)
    await send_reply(
        db,
        actor,
        conversation,
        html,
        recipients=recipients,
        files=files,
        with_signature=with_signature,
        client_id=client_id,
        sender_address_id=sender_address_id,
    )
    return conversation


async def first_message(db: Session, conversation: Conversation) -> Message:
    """What it began with."""
    query = select(Message).where(Message.conversation_id == conversation.id, Message.number == 1)
    return (await db.exec(query)).one()


async def people_to_write_to(db: Session, actor: Actor, search: str) -> list[tuple[str, str]]:
    """Address and name of contacts that match what is typed."""
    query = visible_contacts(actor).where(Contact.email != "", *matching(db, search))
    found = (await db.exec(query.order_by(col(Contact.id).desc()).limit(MOST_FOUND))).all()
    return [(contact.email, contact.full_name) for contact in found]


async def _contact(db: Session, actor: Actor, address: Address) -> Contact:
    """Whose address it is, locked: two clicks begin one conversation."""
    contact = await contact_of_address(db, actor.workspace_id, address.email, address.name, "E-mail")
    query = select(Contact).where(Contact.id == contact.id).with_for_update()
    contact = (await db.exec(query)).one()
    if contact.responsible_id is None and not await _has_conversations(db, contact):
        contact.responsible_id = actor.user_id
        await db.flush()
    seen = select(Contact.id).where(Contact.id == contact.id, may_see_contact(actor))
    if (await db.exec(seen)).first() is None:
        await refuse_other(db, contact, address.email)
    return contact


async def _has_conversations(db: Session, contact: Contact) -> bool:
    query = select(Conversation.id).where(Conversation.contact_id == contact.id).limit(1)
    return (await db.exec(query)).first() is not None


async def _already_written(db: Session, actor: Actor, contact: Contact, client_id: str | None) -> Conversation | None:
    if not client_id:
        return None
    query = (
        select(Conversation)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            Conversation.contact_id == contact.id,
            Message.client_id == client_id[:64],
            Message.user_id == actor.user_id,
            Message.number == 1,
        )
    )
    return (await db.exec(query)).first()
