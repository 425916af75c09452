"""Opening a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import recount
from witei_app.conversations.hand_out import next_assignee, who_takes
from witei_app.conversations.log import record
from witei_app.db import Session
from witei_app.models import Channel, Contact, Conversation, EventKind


@dataclass(frozen=True)
class Beginning:
    """A conversation to be: with whom, about what, since when; with `is_history` it began long ago.

    `widget_id` is the chat that it begins in, 0 for none; `assignee_id` whom that chat would give it to. `is_own` is
    what a user begins and has, whoever is responsible for the contact.
    """

    contact: Contact
    subject: str
    at: datetime
    is_history: bool = False
    widget_id: int = 0
    assignee_id: int | None = None
    is_own: bool = False


async def start_conversation(
    db: Session,
    actor: Actor,
    contact: Contact,
    channel: Channel,
    *,
    subject: str = "",
    at: datetime,
    widget_id: int = 0,
    assignee_id: int | None = None,
    is_own: bool = False,
) -> Conversation:
    """A new, open conversation with the contact. It goes to the contact's responsible user, else to `assignee_id`;
    with `is_own` to the actor.

    Without one who can answer, what comes from outside goes where the workspace says; what a user begins, or what came
    long ago, to nobody yet.
    """
    beginning = Beginning(contact, subject, at, widget_id=widget_id, assignee_id=assignee_id, is_own=is_own)
    (conversation,) = await start_conversations(db, actor, channel, [beginning])
    return conversation


async def start_conversations(
    db: Session, actor: Actor, channel: Channel, beginnings: Sequence[Beginning]
) -> list[Conversation]:
    """Several in one workspace, with one trip to the database."""
    conversations = [await _conversation(db, actor, channel, beginning) for beginning in beginnings]
    db.add_all(conversations)
    await db.flush()
    for conversation, beginning in zip(conversations, beginnings, strict=True):
        recount(db, conversation, before=frozenset())
        record(
            db,
            actor,
            conversation,
            EventKind.OPENED,
            at=beginning.at,
            origin=conversation.origin,
            is_news=not beginning.is_history,
            assignee_id=conversation.assignee_id,
            widget_id=beginning.widget_id,
        )
    return conversations


async def _conversation(db: Session, actor: Actor, channel: Channel, beginning: Beginning) -> Conversation:
    contact = beginning.contact
    return Conversation(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        assignee_id=actor.user_id if beginning.is_own else await _assignee(db, actor, beginning),
        channel=channel,
        subject=beginning.subject[:998],
        contact_name=contact.full_name[:255],
        opened_at=beginning.at,
        last_message_at=beginning.at,
        origin=contact.origin[:64],
        widget_id=beginning.widget_id,
    )


async def _assignee(db: Session, actor: Actor, beginning: Beginning) -> int | None:
    contact = beginning.contact
    assignee_id = await who_takes(db, contact.workspace_id, contact.responsible_id) or beginning.assignee_id
    if assignee_id is None and actor.user_id is None and not beginning.is_history:
        return await next_assignee(db, contact.workspace_id)
    return assignee_id
