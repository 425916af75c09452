"""Answers in a web chat whose visitor has gone: they follow by e-mail where the visitor left an address."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.crm.contacts import search_text
from witei_app.db import Session
from witei_app.live.events import ConversationChanged, announce
from witei_app.mail.addresses import normalise_address, read_reply_address
from witei_app.models import Contact, ContactAddress, Conversation, InboundMail, Visitor
from witei_app.settings import settings

PATIENCE = timedelta(minutes=2)


async def mail_if_unseen(db: Session, conversation: Conversation) -> None:
    """Have the answers that the visitor has not seen in two minutes sent by mail, if there is an address."""
    await db.exec(
        update(Visitor)
        .where(
            col(Visitor.conversation_id) == conversation.id,
            col(Visitor.email) != "",
            col(Visitor.mail_due_at).is_(None),
        )
        .values(mail_due_at=now() + PATIENCE)
    )


async def believe_address(db: Session, mail: InboundMail, sender: str) -> None:
    """A visitor answers by mail: the address that was typed is theirs, and from now on the contact's.

    The reply address is signed and went to that mailbox alone. An address that is some contact's already stays so.
    """
    conversation_id = read_reply_address(mail.envelope_to, *settings().secrets())
    if conversation_id is None:
        return
    address = normalise_address(sender)
    query = (
        select(Conversation, Contact)
        .join(Visitor, col(Visitor.conversation_id) == col(Conversation.id))
        .join(Contact, col(Contact.id) == col(Conversation.contact_id))
        .where(Conversation.id == conversation_id, Conversation.workspace_id == mail.workspace_id)
        .where(Visitor.email == address)
    )
    found = (await db.exec(query)).first()
    if found is None or await _is_taken(db, mail.workspace_id, address):
        return
    conversation, contact = found
    db.add(ContactAddress(workspace_id=mail.workspace_id, contact_id=contact.id, address=address))
    contact.email = contact.email or address
    contact.search_text = search_text(contact)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
    await db.flush()


async def _is_taken(db: Session, workspace_id: int, address: str) -> bool:
    query = select(ContactAddress.id).where(
        ContactAddress.workspace_id == workspace_id, ContactAddress.address == address
    )
    return (await db.exec(query)).first() is not None
