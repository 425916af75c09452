"""Who gets a new conversation whose contact has no responsible user: the workspace's choice."""

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.live.presence import present_users
from witei_app.models import ConversationScope, NewGoTo, Role, User, Workspace


async def next_assignee(db: Session, workspace_id: int) -> int | None:
    """Nobody, the coordinator, or the next of those who are present and may answer, but for who is away."""
    workspace = await db.get_one(Workspace, workspace_id)
    if workspace.new_go_to == NewGoTo.COORDINATOR:
        return await _coordinator(db, workspace)
    if workspace.new_go_to == NewGoTo.IN_TURN:
        return await next_in_turn(db, workspace_id)
    return None


async def _coordinator(db: Session, workspace: Workspace) -> int | None:
    """None when the coordinator has left."""
    query = select(User.id).where(User.id == workspace.coordinator_id, User.workspace_id == workspace.id)
    return (await db.exec(query.where(col(User.is_active)))).one_or_none()


async def next_in_turn(db: Session, workspace_id: int) -> int | None:
    """Locks the workspace's row, so that two that come at once go to two people. Nobody is here: None."""
    workspace = await db.get_one(Workspace, workspace_id)
    present = present_users(workspace.id)
    await db.refresh(workspace, ["last_in_turn_id"], with_for_update=True)
    query = (
        select(User)
        .where(User.workspace_id == workspace.id, col(User.id).in_(present), col(User.is_active), ~col(User.is_away))
        .order_by(col(User.id))
    )
    ready = [user.id for user in (await db.exec(query)).all() if _may_answer(user)]
    chosen = next((user_id for user_id in ready if user_id > workspace.last_in_turn_id), next(iter(ready), None))
    if chosen is not None:
        workspace.last_in_turn_id = chosen
    return chosen


def _may_answer(user: User) -> bool:
    is_shown = user.conversation_scope != ConversationScope.NONE
    return user.role == Role.ADMIN or (user.can_write and is_shown)
