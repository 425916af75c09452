"""Putting a conversation off: out of the open list until a time, or until the contact writes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.log import record
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.live.events import ConversationChanged, announce
from witei_app.models import Conversation, ConversationEvent, EventKind, ReadCursor, Status

LATER_TODAY = timedelta(hours=3)
MORNING = 9
LONGEST = timedelta(days=366)
SAME = timedelta(minutes=1)


async def snooze(db: Session, actor: Actor, conversation: Conversation, until: datetime) -> None:
    """Leave it alone until then. Refuses an archived one, and times that are past or far away.

    Nothing happens where it is snoozed until then already: pressed twice, or by a colleague at the same moment.
    """
    actor.must(actor.permissions.can_write)
    if conversation.is_archived:
        raise Refused("Reopen the conversation before snoozing it.")
    if not now() < until < now() + LONGEST:
        raise Refused("Choose a time within the next year.")
    if conversation.snoozed_until and abs(conversation.snoozed_until - until) < SAME:
        return
    before = places_of(conversation)
    conversation.status, conversation.snoozed_until = Status.SNOOZED, until
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.SNOOZED, until=until.isoformat(timespec="minutes"))
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))


async def wake(db: Session, actor: Actor, conversation: Conversation, because: str = "") -> None:
    """Back into the open list. `because` is "time" or "message" when nobody woke it by hand."""
    if conversation.status != Status.SNOOZED:
        return
    actor.must(actor.permissions.can_write)
    before = places_of(conversation)
    conversation.status, conversation.snoozed_until = Status.OPEN, None
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.WOKEN, because=because)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))


async def wake_next() -> bool:
    """Wake one whose time has come: at the top of the list, unread for those who wait for it. False: there is none."""
    async with transaction() as db:
        query = (
            select(Conversation)
            .where(col(Conversation.snoozed_until) <= now(), col(Conversation.deleted_at).is_(None))
            .order_by(col(Conversation.snoozed_until))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        conversation = (await db.exec(query)).first()
        if conversation is None:
            return False
        await wake(db, Actor.system(conversation.workspace_id), conversation, "time")
        conversation.last_message_at = now()  # what the list is ordered by
        await _count_as_unread(db, conversation)
    return True


async def _count_as_unread(db: Session, conversation: Conversation) -> None:
    """For who snoozed it and who has it; when nobody has it, for everybody who has read it."""
    asked = select(ConversationEvent.user_id).where(
        ConversationEvent.conversation_id == conversation.id, ConversationEvent.kind == EventKind.SNOOZED
    )
    users = {(await db.exec(asked.order_by(col(ConversationEvent.id).desc()).limit(1))).first()}
    users.add(conversation.assignee_id)
    if conversation.assignee_id is None:
        readers = select(ReadCursor.user_id).where(ReadCursor.conversation_id == conversation.id)
        users.update((await db.exec(readers)).all())
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    message_id = conversation.last_inbound_id - 1
    rows = [
        {
            "user_id": user_id,
            "conversation_id": conversation.id,
            "workspace_id": conversation.workspace_id,
            "message_id": message_id,
        }
        for user_id in sorted(user for user in users if user is not None)
    ]
    if rows:
        upsert = insert(ReadCursor).values(rows)
        await db.exec(
            upsert.on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_={"message_id": message_id})
        )


def time_of(when: str, time_zone: str, moment: datetime) -> datetime:
    """When "later", "tomorrow" or "next_week" is for somebody in this zone, or a date and time as a form sends it."""
    zone = ZoneInfo(time_zone)
    here = moment.astimezone(zone)
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    match when:
        case "later":
            return moment + LATER_TODAY
        case "tomorrow":
            return morning + timedelta(days=1)
        case "next_week":
            return morning + timedelta(days=7 - here.weekday())
    try:
        chosen = datetime.fromisoformat(when)
    except ValueError:
        raise Refused("Choose a date and a time.") from None
    return chosen.replace(tzinfo=zone)
