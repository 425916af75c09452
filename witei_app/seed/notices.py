"""What the demo's people were told lately, so that nobody's bell is empty."""

from datetime import timedelta

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import (
    Conversation,
    ConversationEvent,
    ConversationScope,
    EventKind,
    NoticeKind,
    Notification,
    Role,
    Status,
    User,
    Workspace,
)

MOST = 8
READ_AFTER = timedelta(minutes=1)


async def add_notices(db: Session, workspace: Workspace) -> None:
    """For every user of the workspace, from its newest conversations. All of it was read: no digest goes out."""
    query = select(Conversation).where(
        Conversation.workspace_id == workspace.id, Conversation.status == Status.OPEN, Conversation.last_inbound_id > 0
    )
    conversations = (await db.exec(query.order_by(col(Conversation.last_message_at).desc()))).all()
    for user in (await db.exec(select(User).where(User.workspace_id == workspace.id))).all():
        told = [one for one in conversations if _is_told(user, one)][:MOST]
        db.add_all([_notice(user, one) for one in told])
        await _assignments(db, user, {one.id for one in told})


def _is_told(user: User, conversation: Conversation) -> bool:
    """Of one's own, and of what nobody has, whoever may take it."""
    may_take = user.role == Role.ADMIN or user.conversation_scope == ConversationScope.ALL
    return conversation.assignee_id == user.id or (conversation.assignee_id is None and may_take)


def _notice(user: User, conversation: Conversation) -> Notification:
    at = conversation.last_message_at
    return Notification(
        workspace_id=user.workspace_id,
        user_id=user.id,
        conversation_id=conversation.id,
        kind=NoticeKind.UNASSIGNED if conversation.assignee_id is None else NoticeKind.MESSAGE,
        message_id=conversation.last_inbound_id,
        at=at,
        read_at=at + READ_AFTER,
    )


async def _assignments(db: Session, user: User, besides: set[int]) -> None:
    """What colleagues gave to the user last; read."""
    query = select(ConversationEvent).where(
        ConversationEvent.workspace_id == user.workspace_id,
        ConversationEvent.kind == EventKind.ASSIGNED,
        ConversationEvent.assignee_id == user.id,
        ConversationEvent.user_id != user.id,
    )
    events = (await db.exec(query.order_by(col(ConversationEvent.at).desc()).limit(20))).all()
    given = {event.conversation_id: event for event in reversed(events) if event.conversation_id not in besides}
    for event in list(given.values())[-2:]:
        db.add(
            Notification(
                workspace_id=user.workspace_id,
                user_id=user.id,
                conversation_id=event.conversation_id,
                kind=NoticeKind.ASSIGNED,
                by_id=event.user_id,
                at=event.at,
                read_at=event.at + READ_AFTER,
            )
        )
