"""Making two conversations one: what the contact wrote to twice is read and answered in one place."""

import heapq
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter

from sqlalchemy import and_, delete, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.conversations.archive import reopen
from witei_app.conversations.assign import assign
from witei_app.conversations.bin import erase
from witei_app.conversations.line import redraw_line
from witei_app.conversations.log import record
from witei_app.conversations.move import empty_place
from witei_app.conversations.snooze import wake
from witei_app.conversations.visible import find_conversation
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.live.events import ConversationChanged, MessageAdded, announce
from witei_app.models import (
    AuditAction,
    Channel,
    Conversation,
    ConversationEvent,
    Delivery,
    DeliveryState,
    Direction,
    Draft,
    EventKind,
    Message,
    Notification,
    ReadCursor,
    Status,
    Ticket,
    TicketConversation,
    Upload,
    User,
)
from witei_app.notifications.tell import tell_of_sight

MOST = 2_000
# What the thread says of quotes and tickets goes along: what happened to the conversation itself does not.
_OF_RECORDS = tuple(kind for kind in EventKind if kind.startswith(("quote_", "ticket_")))


async def merge(db: Session, actor: Actor, one_id: int, other_id: int) -> int:
    """Put both into the one that began first, with the messages of both in their order; gives its id.

    The other stays as an empty signpost: answers to it and links to it lead here. Refuses web chats, while an answer
    is about to leave, and when somebody has begun an answer in both.
    """
    actor.must(actor.permissions.can_write)
    if one_id == other_id:
        raise Refused("This is the same conversation.")
    both = [await find_conversation(db, actor, one) for one in sorted((one_id, other_id))]  # one order for everybody
    kept, gone = sorted(both, key=lambda conversation: (conversation.opened_at, conversation.id))
    await _check(db, kept, gone)
    await _open_both(db, actor, kept, gone)
    moved = await _bring_messages(db, kept, gone)
    await _bring_rest(db, kept, gone)
    kept.first_replied_at = min((at for at in (kept.first_replied_at, gone.first_replied_at) if at), default=None)
    await redraw_line(db, kept)
    await erase(db, Actor.system(gone.workspace_id), gone)
    gone.merged_into_id = kept.id
    record(db, actor, kept, EventKind.MERGED, conversation_id=gone.id)
    note(db, actor, AuditAction.CONVERSATIONS_MERGED, contact_id=kept.contact_id)
    for message in moved:
        announce(db, MessageAdded(kept.workspace_id, kept.id, message.id, message.number, str(message.direction)))
    announce(db, ConversationChanged(kept.workspace_id, kept.id, kept.assignee_id))
    await tell_of_sight(db, kept)
    return kept.id


async def merged_into(db: Session, actor: Actor, conversation_id: int) -> int:
    """Where a conversation that became part of another leads to; 0 for nowhere."""
    query = select(Conversation.merged_into_id)
    query = query.where(Conversation.id == conversation_id, Conversation.workspace_id == actor.workspace_id)
    return (await db.exec(query)).first() or 0


async def _check(db: Session, kept: Conversation, gone: Conversation) -> None:
    if {kept.channel, gone.channel} != {Channel.EMAIL}:
        raise Refused("Only conversations by e-mail can be merged.")
    if kept.last_number + gone.last_number > MOST:
        raise Refused("These conversations are too long to be merged.")
    leaving = (
        select(Delivery.id)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .where(
            col(Message.conversation_id).in_((kept.id, gone.id)),
            col(Delivery.state).in_((DeliveryState.QUEUED, DeliveryState.SENDING)),
        )
    )
    if (await db.exec(leaving.limit(1))).first() is not None:
        raise Refused("An answer is about to leave. Merge them when it is sent.")
    here, there = aliased(Draft), aliased(Draft)
    begun = (
        select(User.name)
        .join(here, col(here.user_id) == col(User.id))
        .join(there, col(there.user_id) == col(User.id))
        .where(here.conversation_id == kept.id, there.conversation_id == gone.id)
    )
    if name := (await db.exec(begun.limit(1))).first():
        raise Refused("{name} has begun an answer in both. Send or clear one of them first.", name=name)


async def _open_both(db: Session, actor: Actor, kept: Conversation, gone: Conversation) -> None:
    """What is left is open if either was; it is whoever's had one where nobody had the other."""
    if not gone.is_archived:
        await reopen(db, actor, kept)
    if gone.status == Status.OPEN:
        await wake(db, actor, kept)
    if kept.assignee_id is None and gone.assignee_id is not None:
        await assign(db, Actor.system(kept.workspace_id), kept, gone.assignee_id)


async def _bring_messages(db: Session, kept: Conversation, gone: Conversation) -> list[Message]:
    """Give the messages of both their places, from the first that comes from the other conversation on.

    Numbers only grow, so that whoever asks what came since a number is told of each: a message that gets another place
    leaves an empty one behind.
    """
    lists = [await _messages(db, conversation) for conversation in (kept, gone)]
    in_order = list(heapq.merge(*lists, key=lambda message: message.created_at))
    first = next((place for place, one in enumerate(in_order) if one.conversation_id == gone.id), len(in_order))
    moved = in_order[first:]
    places = [empty_place(message) for message in moved if message.conversation_id == kept.id]
    numbers = {(one.conversation_id, one.number): kept.last_number + 1 + at for at, one in enumerate(moved)}
    await _bring_lines(db, kept, gone, numbers)
    for message in moved:
        message.number = numbers[message.conversation_id, message.number]
        message.conversation_id = kept.id
        message.points_to_id = None if message.points_to_id in (kept.id, gone.id) else message.points_to_id
    await db.flush()  # before their old numbers are given to the empty places
    db.add_all(places)
    kept.last_number += len(moved)
    return moved


async def _messages(db: Session, conversation: Conversation) -> Sequence[Message]:
    query = select(Message).where(Message.conversation_id == conversation.id, Message.direction != Direction.WITHDRAWN)
    return (await db.exec(query.order_by(col(Message.number)))).all()


async def _bring_lines(
    db: Session, kept: Conversation, gone: Conversation, numbers: Mapping[tuple[int, int], int]
) -> None:
    """The lines between the messages stay behind the message that they were behind."""
    event = ConversationEvent
    of_records = and_(col(event.conversation_id) == gone.id, col(event.kind).in_(_OF_RECORDS))
    query = select(event).where(or_(col(event.conversation_id) == kept.id, of_records))
    places = {one.id: sorted((old, new) for (of, old), new in numbers.items() if of == one.id) for one in (kept, gone)}
    for line in (await db.exec(query)).all():
        here = places[line.conversation_id]
        at = bisect_right(here, line.after_number, key=itemgetter(0)) - 1
        line.after_number = here[at][1] if at >= 0 else min(line.after_number, kept.last_number)
        line.conversation_id = kept.id


async def _bring_rest(db: Session, kept: Conversation, gone: Conversation) -> None:
    """Begun answers with their files, tickets, what people are told and how far they have read."""
    for table in (Draft, Upload, Ticket):
        await db.exec(update(table).where(col(table.conversation_id) == gone.id).values(conversation_id=kept.id))
    other = aliased(TicketConversation)
    is_linked = exists().where(
        col(other.ticket_id) == TicketConversation.ticket_id, col(other.conversation_id) == kept.id
    )
    links = col(TicketConversation.conversation_id) == gone.id
    await db.exec(update(TicketConversation).where(links, ~is_linked).values(conversation_id=kept.id))
    await db.exec(delete(TicketConversation).where(links))
    await _bring_notices(db, kept, gone)
    await db.exec(update(Message).where(col(Message.points_to_id) == gone.id).values(points_to_id=kept.id))
    signposts = update(Conversation).where(col(Conversation.merged_into_id) == gone.id)
    await db.exec(signposts.values(merged_into_id=kept.id))
    await _bring_cursors(db, kept, gone)
    kept.last_inbound_id = max(kept.last_inbound_id, gone.last_inbound_id)


async def _bring_notices(db: Session, kept: Conversation, gone: Conversation) -> None:
    """Each user is told of each kind once: what nobody has read yet stays rather than what was read."""
    other = aliased(Notification)
    same = exists().where(col(other.user_id) == Notification.user_id, col(other.kind) == Notification.kind)
    unread_there = same.where(col(other.conversation_id) == gone.id, col(other.read_at).is_(None))
    mine, theirs = (col(Notification.conversation_id) == one.id for one in (kept, gone))
    await db.exec(delete(Notification).where(mine, col(Notification.read_at).is_not(None), unread_there))
    notices = update(Notification).where(theirs, ~same.where(col(other.conversation_id) == kept.id))
    await db.exec(notices.values(conversation_id=kept.id))


async def _bring_cursors(db: Session, kept: Conversation, gone: Conversation) -> None:
    """Who has read both has read all of it; for whoever has not, it is unread."""
    query = select(ReadCursor, User.read_up_to_id).join(User, col(User.id) == col(ReadCursor.user_id))
    found = (await db.exec(query.where(col(ReadCursor.conversation_id).in_((kept.id, gone.id))))).all()
    read = {(cursor.user_id, cursor.conversation_id): cursor.message_id for cursor, _ in found}
    newest = max(kept.last_inbound_id, gone.last_inbound_id)
    for user_id, otherwise in sorted({(cursor.user_id, read_up_to) for cursor, read_up_to in found}):
        has_read = all(read.get((user_id, one.id), otherwise) >= one.last_inbound_id for one in (kept, gone))
        await db.merge(
            ReadCursor(
                user_id=user_id,
                conversation_id=kept.id,
                workspace_id=kept.workspace_id,
                message_id=newest if has_read else newest - 1,
            )
        )
