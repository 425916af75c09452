"""Opening a conversation."""

from datetime import datetime

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import recount
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.models import Channel, Contact, Conversation, EventKind


async def start_conversation(
    db: Session, actor: Actor, contact: Contact, channel: Channel, *, subject: str = "", at: datetime
) -> Conversation:
    """A new, open conversation with the contact; it goes to the contact's responsible user, else to nobody."""
    conversation = Conversation(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        assignee_id=contact.responsible_id,
        channel=channel,
        subject=subject[:998],
        contact_name=contact.full_name[:255],
        opened_at=at,
        last_message_at=at,
    )
    db.add(conversation)
    await db.flush()
    await recount(db, conversation, before=None)
    record(
        db,
        actor,
        conversation,
        EventKind.OPENED,
        at=at,
        origin=contact.origin,
        assignee_id=conversation.assignee_id,
    )
    return conversation
