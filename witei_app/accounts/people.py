"""The users of a workspace, as others see them."""

from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import User


async def colleagues(db: Session, actor: Actor) -> list[User]:
    """The active users of the actor's workspace, by name."""
    return list((await db.exec(_COLLEAGUES, params={"workspace_id": actor.workspace_id})).all())


_COLLEAGUES = (
    select(User).where(col(User.workspace_id) == bindparam("workspace_id"), col(User.is_active)).order_by(User.name)
)


async def find_colleague(db: Session, actor: Actor, user_id: int, *, to_stay: bool = False) -> User:
    """An active user of the actor's workspace, or NotFound. `to_stay`: who is made to leave just now is waited for."""
    query = select(User).where(User.id == user_id, User.workspace_id == actor.workspace_id, col(User.is_active))
    user = (await db.exec(query.with_for_update(read=True) if to_stay else query)).one_or_none()
    if user is None:
        raise NotFound("This user is not in your workspace.")
    return user
