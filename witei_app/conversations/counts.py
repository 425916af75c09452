"""The counters of the list, kept as conversations change: reading them never counts rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.db import Session, before_commit
from witei_app.models import Conversation, ConversationCount, ConversationScope, Status

Place = tuple[int, str, str]  # assignee (0: nobody), status, channel
NEEDS_REPLY = "needs_reply"
BIN = "bin"


@dataclass(frozen=True)
class Counts:
    """How many conversations of one status there are in each view that the actor may open."""

    all: int = 0
    mine: int = 0
    unassigned: int = 0


def places_of(conversation: Conversation) -> frozenset[Place]:
    """Where the conversation counts now; nowhere when it was deleted for good."""
    if conversation.emptied_at is not None:
        return frozenset()
    assignee_id, channel = conversation.assignee_id or 0, str(conversation.channel)
    if conversation.deleted_at is not None:
        return frozenset({(assignee_id, BIN, channel)})
    places = {(assignee_id, str(conversation.status), channel)}
    if conversation.needs_reply and conversation.status == Status.OPEN:
        places.add((assignee_id, NEEDS_REPLY, channel))
    return frozenset(places)


def recount(db: Session, conversation: Conversation, before: frozenset[Place]) -> None:
    """Move the conversation from where it counted before to where it counts now, when the transaction ends.

    Not at once: whoever holds a counter then waits for no conversation any more, so that no two wait for each other.
    """
    after = places_of(conversation)
    steps: Counter[tuple[int, Place]] = db.info.setdefault("recounted", Counter())
    steps.update((conversation.workspace_id, place) for place in after - before)
    steps.subtract((conversation.workspace_id, place) for place in before - after)
    before_commit(db, "recounted", _store_steps)


async def _store_steps(db: Session) -> None:
    """In a fixed order, for the same reason."""
    steps: Counter[tuple[int, Place]] = db.info.pop("recounted")
    for (workspace_id, place), step in sorted(steps.items()):
        if step:
            await _add(db, workspace_id, place, step)


async def _add(db: Session, workspace_id: int, place: Place, step: int) -> None:
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    assignee_id, status, channel = place
    row = insert(ConversationCount).values(
        workspace_id=workspace_id, assignee_id=assignee_id, status=status, channel=channel, quantity=max(step, 0)
    )
    await db.exec(
        row.on_conflict_do_update(
            index_elements=["workspace_id", "assignee_id", "status", "channel"],
            set_={"quantity": col(ConversationCount.quantity) + step},
        )
    )


async def read_counts(db: Session, actor: Actor, status: str, channel: str = "") -> Counts:
    """The numbers beside the views, within what the actor may see. One query over a few dozen rows."""
    return within_scope(actor, status, await counts_by_assignee(db, actor.workspace_id, status, channel))


async def counts_by_assignee(db: Session, workspace_id: int, status: str, channel: str = "") -> dict[int, int]:
    """The counters of a workspace as they are kept, of one channel or of all; 0 is nobody."""
    query = _COUNTS_OF_CHANNEL if channel else _COUNTS
    values = {"workspace_id": workspace_id, "status": status, "channel": channel}
    counts: Counter[int] = Counter()
    for assignee_id, quantity in (await db.exec(query, params=values)).all():
        counts[assignee_id] += quantity
    return dict(counts)


_COUNTS = select(ConversationCount.assignee_id, ConversationCount.quantity).where(
    col(ConversationCount.workspace_id) == bindparam("workspace_id"),
    col(ConversationCount.status) == bindparam("status"),
)
_COUNTS_OF_CHANNEL = _COUNTS.where(col(ConversationCount.channel) == bindparam("channel"))


def within_scope(actor: Actor, status: str, by_assignee: Mapping[int, int]) -> Counts:
    """What of the counters concerns the actor; the bin's concern administrators."""
    if status == BIN and not actor.is_admin:
        return Counts()
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
