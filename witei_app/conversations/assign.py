"""Who has the conversation."""

from witei_app.accounts.actor import Actor
from witei_app.accounts.people import find_colleague
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.hand_out import must_take_conversations
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.live.events import ConversationChanged, announce
from witei_app.models import Conversation, EventKind
from witei_app.notifications.tell import tell_of_assignment


async def assign(db: Session, actor: Actor, conversation: Conversation, assignee_id: int | None) -> None:
    """Give it to a user of the workspace who may answer, or to nobody. Refuses anybody else.

    To take what nobody has, or to give back one's own, it is enough to be allowed to write.
    """
    if assignee_id == conversation.assignee_id:
        return
    actor.must(actor.permissions.can_write)
    concerned = {assignee_id, conversation.assignee_id}
    actor.must(actor.permissions.can_assign_others or concerned <= {None, actor.user_id})
    if assignee_id is not None:
        must_take_conversations(await find_colleague(db, actor, assignee_id, to_stay=True))
    before, had_it = places_of(conversation), conversation.assignee_id
    conversation.assignee_id = assignee_id
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.ASSIGNED, before=had_it, after=assignee_id)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, had_it))
    await tell_of_assignment(db, actor, conversation)
