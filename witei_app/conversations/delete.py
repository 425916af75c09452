"""Putting a conversation in the bin, and taking it out."""

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.live.events import ConversationChanged, announce
from witei_app.models import AuditAction, Conversation, EventKind
from witei_app.notifications.tell import tell_of_sight


async def delete(db: Session, actor: Actor, conversation: Conversation) -> None:
    """Put it in the bin: nobody sees it, nothing of it is lost."""
    if conversation.deleted_at is not None:
        return
    actor.must(actor.permissions.can_delete)
    before = places_of(conversation)
    conversation.deleted_at = now()
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.DELETED)
    note(db, actor, AuditAction.CONVERSATION_DELETED, contact_id=conversation.contact_id)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
    await tell_of_sight(db, conversation)


async def restore(db: Session, actor: Actor, conversation: Conversation) -> None:
    """Take it out of the bin, as it was."""
    if conversation.deleted_at is None:
        return
    actor.must(actor.permissions.can_delete)
    before = places_of(conversation)
    conversation.deleted_at = None
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.RESTORED)
    note(db, actor, AuditAction.CONVERSATION_RESTORED, contact_id=conversation.contact_id)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
    await tell_of_sight(db, conversation)
