"""Who waits for an answer now. The one question here that asks the conversations: it is about the present."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.models import Conversation, Status


@dataclass(frozen=True)
class Waiting:
    """How many wait, and those that have waited longest."""

    quantity: int
    longest: Sequence[Conversation]


async def waiting_by_user(db: Session, actor: Actor) -> dict[int, int]:
    """How many of those that the actor may see wait for each user; 0 is nobody's."""
    assignee = func.coalesce(Conversation.assignee_id, 0)
    query = select(assignee, func.count()).where(may_see(actor), Conversation.status == Status.OPEN)
    found = (await db.exec(query.where(col(Conversation.waiting_since).is_not(None)).group_by(assignee))).all()
    return dict(found)


async def waiting(db: Session, actor: Actor, *, mine: bool, most: int = 6) -> Waiting:
    """Open conversations that the actor may see with an unanswered message, the longest wait first."""
    conditions: list[Any] = [may_see(actor), Conversation.status == Status.OPEN]
    conditions += [col(Conversation.waiting_since).is_not(None)]
    conditions += [Conversation.assignee_id == actor.user_id] if mine else []
    quantity = (await db.exec(select(func.count()).select_from(Conversation).where(*conditions))).one()
    query = select(Conversation).where(*conditions).order_by(col(Conversation.waiting_since), col(Conversation.id))
    return Waiting(quantity, (await db.exec(query.limit(most))).all())
