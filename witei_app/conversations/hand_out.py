"""Who gets a new conversation: whoever is there for the contact, else the workspace's choice.

Only those who can answer it: a conversation of somebody who left, or who may not see or write, would wait for ever.
"""

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import colleagues
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.presence import present_users
from witei_app.models import ConversationScope, NewGoTo, Role, User, Workspace


async def next_assignee(db: Session, workspace_id: int) -> int | None:
    """Nobody, the coordinator, or the next of those who are present and may answer, but for who is away."""
    workspace = await db.get_one(Workspace, workspace_id)
    if workspace.new_go_to == NewGoTo.COORDINATOR:
        return await who_takes(db, workspace.id, workspace.coordinator_id)
    if workspace.new_go_to == NewGoTo.IN_TURN:
        return await next_in_turn(db, workspace_id)
    return None


async def who_takes(db: Session, workspace_id: int, user_id: int | None) -> int | None:
    """The user, or None when it is nobody, or one who has left or may not answer."""
    if user_id is None:
        return None
    query = select(User).where(User.id == user_id, User.workspace_id == workspace_id)
    user = (await db.exec(query)).one_or_none()
    return user.id if user is not None and takes_conversations(user) else None


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
    ready = [user.id for user in (await db.exec(query)).all() if takes_conversations(user)]
    chosen = next((user_id for user_id in ready if user_id > workspace.last_in_turn_id), next(iter(ready), None))
    if chosen is not None:
        workspace.last_in_turn_id = chosen
    return chosen


def takes_conversations(user: User) -> bool:
    """Whether the user works here, sees the own conversations and may answer them."""
    is_shown = user.conversation_scope != ConversationScope.NONE
    return user.is_active and (user.role == Role.ADMIN or (user.can_write and is_shown))


def must_take_conversations(user: User) -> None:
    """Refuse whoever could not answer what is given to them."""
    if not takes_conversations(user):
        raise Refused("{name} may not answer conversations. Choose somebody else.", name=user.name)


async def who_can_take(db: Session, actor: Actor) -> list[User]:
    """The colleagues to choose from, by name."""
    return [user for user in await colleagues(db, actor) if takes_conversations(user)]
