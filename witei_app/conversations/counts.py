"""The counters of the list, kept as conversations change: reading them never counts rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.models import Conversation, ConversationCount, ConversationScope

Place = tuple[int, str] | None  # assignee (0: nobody) and status; None: not counted (not yet there, or in the bin)


@dataclass(frozen=True)
class Counts:
    """How many conversations of one status there are in each view that the actor may open."""

    all: int = 0
    mine: int = 0
    unassigned: int = 0


def place_of(conversation: Conversation) -> Place:
    """Where the conversation counts now."""
    if conversation.deleted_at is not None:
        return None
    return conversation.assignee_id or 0, str(conversation.status)


async def recount(db: Session, conversation: Conversation, before: Place) -> None:
    """Move the conversation from where it counted before to where it counts now."""
    after = place_of(conversation)
    if after == before:
        return
    # In a fixed order, so that two transactions cannot wait for each other.
    for place, step in sorted((place, step) for place, step in ((before, -1), (after, 1)) if place is not None):
        await _add(db, conversation.workspace_id, place, step)


async def _add(db: Session, workspace_id: int, place: tuple[int, str], step: int) -> None:
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    assignee_id, status = place
    row = insert(ConversationCount).values(
        workspace_id=workspace_id, assignee_id=assignee_id, status=status, quantity=max(step, 0)
    )
    await db.exec(
        row.on_conflict_do_update(
            index_elements=["workspace_id", "assignee_id", "status"],
            set_={"quantity": col(ConversationCount.quantity) + step},
        )
    )


async def read_counts(db: Session, actor: Actor, status: str) -> Counts:
    """The numbers beside the views, within what the actor may see. One query over a few dozen rows."""
    return within_scope(actor, await counts_by_assignee(db, actor.workspace_id, status))


async def counts_by_assignee(db: Session, workspace_id: int, status: str) -> dict[int, int]:
    """The counters of a workspace as they are kept; 0 is nobody."""
    query = select(ConversationCount.assignee_id, ConversationCount.quantity).where(
        ConversationCount.workspace_id == workspace_id, ConversationCount.status == status
    )
    return dict((await db.exec(query)).all())


def within_scope(actor: Actor, by_assignee: Mapping[int, int]) -> Counts:
    """What of the counters concerns the actor."""
    mine = by_assignee.get(actor.user_id or -1, 0)
    unassigned = by_assignee.get(0, 0)
    match actor.scope:
        case ConversationScope.ALL:
            return Counts(sum(by_assignee.values()), mine, unassigned)
        case ConversationScope.OWN_AND_UNASSIGNED:
            return Counts(mine + unassigned, mine, unassigned)
        case ConversationScope.OWN:
            return Counts(mine, mine, 0)
        case _:
            return Counts()
