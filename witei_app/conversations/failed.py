"""An answer that failed after its conversation was archived, perhaps by that very answer, comes back to the list."""

from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import reopen
from witei_app.db import Session
from witei_app.models import Conversation, DeliveryState


async def bring_back(db: Session, conversation: Conversation, state: DeliveryState) -> None:
    """Open it again: in the archive nobody would see that the answer is still to be sent. The bin stays the bin."""
    if conversation.deleted_at is None:
        await reopen(db, Actor.system(conversation.workspace_id), conversation, because=state)
