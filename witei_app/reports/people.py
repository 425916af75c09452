"""Whose figures there are."""

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.models import User
from witei_app.reports.asked import sees_everybody


async def names_of_users(db: Session, actor: Actor) -> dict[int, str]:
    """Every user whose figures the actor may know, by name; those who have left too, for they have a past."""
    query = select(User.id, User.name).where(User.workspace_id == actor.workspace_id).order_by(User.name)
    if not sees_everybody(actor):
        query = query.where(col(User.id) == actor.user_id)
    return dict((await db.exec(query)).all())
