"""Opening a conversation."""

from datetime import datetime

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import recount
from witei_app.conversations.hand_out import next_assignee
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.models import Channel, Contact, Conversation, EventKind


async def start_conversation(
    db: Session,
    actor: Actor,
    contact: Contact,
    channel: Channel,
    *,
    subject: str = "",
    at: datetime,
    is_history: bool = False,
) -> Conversation:
    """A new, open conversation with the contact. It goes to the contact's responsible user.

    Without one, what comes from outside goes where the workspace says; what a user begins, or what came long ago, to
    nobody yet.
    """
    assignee_id = contact.responsible_id
    if assignee_id is None and actor.user_id is None and not is_history:
        assignee_id = await next_assignee(db, contact.workspace_id)
    conversation = Conversation(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        assignee_id=assignee_id,
        channel=channel,
        subject=subject[:998],
        contact_name=contact.full_name[:255],
        opened_at=at,
        last_message_at=at,
    )
    db.add(conversation)
    await db.flush()
    recount(db, conversation, before=frozenset())
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
