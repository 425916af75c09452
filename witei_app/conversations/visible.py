"""Which conversations an actor may see. Every read and every rule starts here."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, true
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import Conversation, ConversationScope
from witei_app.planner import not_sought_by

WORKSPACE: Any = col(Conversation.workspace_id)
# For conversations that are known already, by their ids or their contacts: SQLite would look for five of them in the
# whole workspace.
WORKSPACE_OF_KNOWN: Any = not_sought_by(WORKSPACE)


def may_see(actor: Actor, workspace_id: Any = WORKSPACE) -> ColumnElement[bool]:
    """The condition on Conversation: the actor's workspace, within the actor's scope, not in the bin."""
    return and_(workspace_id == actor.workspace_id, col(Conversation.deleted_at).is_(None), _in_scope(actor))


def visible_conversations(actor: Actor) -> SelectOfScalar[Conversation]:
    """The query for all conversations that the actor may see."""
    return select(Conversation).where(may_see(actor))


async def find_conversation(db: Session, actor: Actor, conversation_id: int) -> Conversation:
    """A conversation to act on, locked until the transaction ends, or NotFound."""
    return await _one(db, actor, conversation_id, _to_act_on)


async def see_conversation(db: Session, actor: Actor, conversation_id: int) -> Conversation:
    """A conversation to look at, or NotFound."""
    return await _one(db, actor, conversation_id, _to_look_at)


async def _one(db: Session, actor: Actor, conversation_id: int, query_for: Callable[[Actor], Any]) -> Conversation:
    values = asked_by(actor, conversation_id=conversation_id)
    conversation: Conversation | None = (await db.exec(query_for(actor), params=values)).one_or_none()
    if conversation is None:
        raise NotFound("This conversation is not here, or you may not see it.")
    return conversation


@prepared
def _to_look_at(actor: Actor) -> Any:
    return visible_conversations(actor).where(col(Conversation.id) == bindparam("conversation_id"))


@prepared
def _to_act_on(actor: Actor) -> Any:
    return visible_conversations(actor).where(col(Conversation.id) == bindparam("conversation_id")).with_for_update()


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    assignee = col(Conversation.assignee_id)
    match actor.scope:
        case ConversationScope.ALL:
            return true()
        case ConversationScope.OWN_AND_UNASSIGNED:
            return or_(assignee == actor.user_id, assignee.is_(None))
        case ConversationScope.OWN:
            return assignee == actor.user_id
        case _:
            return false()
