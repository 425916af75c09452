"""The append-only log of what happened to a conversation: reports read it, the thread shows parts of it."""

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.models import Conversation, ConversationEvent, EventKind


def record(db: Session, actor: Actor, conversation: Conversation, kind: EventKind, **data: int | str | None) -> None:
    """Write down what happened, after which message, and who did it. `data` holds ids and words, no contents."""
    db.add(
        ConversationEvent(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            kind=kind,
            user_id=actor.user_id,
            after_number=conversation.last_number,
            data=data,
        )
    )
