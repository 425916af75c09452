"""Archiving a conversation, which reports call closing, and reopening it."""

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.line import wait_again
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.live.events import ConversationChanged, announce
from witei_app.models import Conversation, EventKind, Status
from witei_app.notifications.tell import settle


async def archive(db: Session, actor: Actor, conversation: Conversation, *, by_message: int | None = None) -> None:
    """Close it, `by_message` when an answer did. Archiving what is archived already changes nothing."""
    if conversation.is_archived:
        return
    actor.must(actor.permissions.can_write)
    before = places_of(conversation)
    conversation.status = Status.ARCHIVED
    conversation.archived_at = now()
    conversation.snoozed_until = None
    conversation.needs_reply = False
    conversation.waiting_since = None
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.ARCHIVED, assignee_id=conversation.assignee_id, message_id=by_message)
    await settle(db, conversation)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))


async def reopen(db: Session, actor: Actor, conversation: Conversation, *, because: str = "") -> None:
    """Open it again; closing it later counts again. `because` is what became of an answer, when that is the reason."""
    if not conversation.is_archived:
        return
    actor.must(actor.permissions.can_write)
    before = places_of(conversation)
    conversation.status = Status.OPEN
    conversation.archived_at = None
    if actor.user_id is not None:  # a new message says by itself who waits
        await wait_again(db, conversation)
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.REOPENED, assignee_id=conversation.assignee_id, because=because or None)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))
