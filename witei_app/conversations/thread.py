"""The open conversation: its messages with files, delivery states and system lines, a page at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from witei_app.accounts.prepared import padded
from witei_app.conversations.recipients import Answered, is_answerable, recipients_of
from witei_app.db import Session
from witei_app.models import (
    BESIDES_MESSAGES,
    Attachment,
    Conversation,
    ConversationEvent,
    Delivery,
    DeliveryState,
    Direction,
    EventKind,
    InboundMail,
    Message,
    MessageRecipient,
    Quote,
    User,
)

PAGE = 30
# Who opens a message that was searched for gets all that came since, as far as a page can carry it.
MOST_AT_ONCE = 600
SOME_BEFORE = 5
SHOWN_EVENTS = (
    EventKind.ASSIGNED,
    EventKind.ARCHIVED,
    EventKind.REOPENED,
    EventKind.SNOOZED,
    EventKind.WOKEN,
    EventKind.DELETED,
    EventKind.RESTORED,
    EventKind.MOVED_IN,
    EventKind.MOVED_OUT,
    EventKind.MERGED,
    EventKind.QUOTE_SENT,
    EventKind.QUOTE_READ,
    EventKind.QUOTE_ACCEPTED,
    EventKind.QUOTE_DECLINED,
    EventKind.QUOTE_EXPIRED,
    EventKind.QUOTE_WITHDRAWN,
    EventKind.TICKET_OPENED,
    EventKind.TICKET_CHANGED,
    EventKind.RATED,
)
_IS_THERE = col(Message.direction) != Direction.WITHDRAWN
# The state that a message with several recipients shows is the worst of them.
_WORST_FIRST = (
    DeliveryState.FAILED,
    DeliveryState.BOUNCED,
    DeliveryState.UNKNOWN,
    DeliveryState.DEFERRED,
    DeliveryState.QUEUED,
    DeliveryState.SENDING,
    DeliveryState.SENT,
)

# A line of the log, who did it, who had the conversation after it.
Happened = tuple[ConversationEvent, str | None, str | None]

BEYOND = 2**31 - 1  # no number is greater

# Asked whenever a thread is opened, so they are put together once.
_HERE: Any = bindparam("conversation_id")
_IDS: Any = bindparam("ids", expanding=True)
_NEWEST = (
    select(Message)
    .where(Message.conversation_id == _HERE, _IS_THERE, col(Message.number) < bindparam("before"))
    .order_by(col(Message.number).desc())
    .limit(bindparam("quantity", type_=Integer))
)
_AFTER = aliased(User)  # who had the conversation after it
_EVENTS: Any = (
    select(ConversationEvent, User.name, _AFTER.name)
    .outerjoin(User, col(User.id) == col(ConversationEvent.user_id))
    .outerjoin(_AFTER, col(_AFTER.id) == col(ConversationEvent.assignee_id))
)
_IS_SHOWN = and_(text(f"conversation_event.{BESIDES_MESSAGES}"), col(ConversationEvent.kind).in_(SHOWN_EVENTS))
_NEWEST_EVENTS = (
    _EVENTS.where(
        ConversationEvent.conversation_id == _HERE,
        _IS_SHOWN,
        col(ConversationEvent.after_number) >= bindparam("first"),
        col(ConversationEvent.after_number) < bindparam("before"),
    )
    .order_by(col(ConversationEvent.id).desc())
    .limit(PAGE)
)
_SINCE = (
    select(Message)
    .where(Message.conversation_id == _HERE, col(Message.number) > bindparam("after"), _IS_THERE)
    .order_by(col(Message.number))
    .limit(PAGE)
)
_EVENTS_SINCE = _EVENTS.where(
    ConversationEvent.conversation_id == _HERE,
    col(ConversationEvent.id) > bindparam("after"),
    _IS_SHOWN,
).order_by(col(ConversationEvent.id))
_FILES = (
    select(Attachment)
    .where(col(Attachment.message_id).in_(_IDS), ~col(Attachment.is_inline))
    .order_by(col(Attachment.id))
)
_DELIVERIES = select(Delivery).where(col(Delivery.message_id).in_(_IDS))
_MAILS = select(InboundMail).where(col(InboundMail.id).in_(_IDS))


@dataclass(frozen=True)
class Entry:
    """A message with what belongs to it, or a system line (then `message` is None), not yet worded.

    A system line has the name of who did it, and of whoever had the conversation after it.
    """

    after_number: int
    at: datetime
    message: Message | None = None
    files: tuple[Attachment, ...] = ()
    quotes: Mapping[int, Quote] | None = None
    delivery: Delivery | None = None
    deliveries: tuple[Delivery, ...] = ()
    named: tuple[MessageRecipient, ...] = ()
    mail: InboundMail | None = None
    event: ConversationEvent | None = None
    by: str = ""
    assignee: str = ""


async def thread_page(
    db: Session, conversation: Conversation, before: int | None = None, limit: int = PAGE
) -> tuple[list[Entry], bool]:
    """The newest entries (or those before a number), oldest first, and whether older ones exist. At most 7 queries."""
    values = {"conversation_id": conversation.id, "before": before or BEYOND, "quantity": limit + 1}
    newest_first = (await db.exec(_NEWEST, params=values)).all()
    messages = list(reversed(newest_first[:limit]))
    has_older = len(newest_first) > limit
    first = messages[0].number if has_older else 0
    return await _entries(db, conversation.id, messages, first, before), has_older


def newest_mail(entries: Sequence[Entry]) -> Answered | None:
    """The mail that an answer would be one to, if it is among these (oldest first)."""
    mails = ((one.message, one.named) for one in reversed(entries) if one.message and is_answerable(one.message))
    return next(mails, None)


def reaching(conversation: Conversation, number: int) -> int:
    """How many of the newest messages to show so that this one is among them, with a few before it."""
    return max(PAGE, min(conversation.last_number - number + 1 + SOME_BEFORE, MOST_AT_ONCE)) if number else PAGE


async def entries_since(db: Session, conversation_id: int, number: int, event_id: int) -> list[Entry]:
    """What came after a message's number and an event's id. At most 7 queries."""
    messages = (await db.exec(_SINCE, params={"conversation_id": conversation_id, "after": number})).all()
    events = (await db.exec(_EVENTS_SINCE, params={"conversation_id": conversation_id, "after": event_id})).all()
    return await _together(db, messages, events)


async def last_event_id(db: Session, conversation_id: int) -> int:
    """The newest line of the conversation's log: what comes after it is news."""
    query = select(ConversationEvent.id).where(ConversationEvent.conversation_id == conversation_id)
    return (await db.exec(query.order_by(col(ConversationEvent.id).desc()).limit(1))).first() or 0


async def entries_of(db: Session, conversation_id: int, message_ids: Collection[int]) -> list[Entry]:
    """Single messages again, because something about them changed; those that left the conversation are missing."""
    if not message_ids:
        return []
    query = select(Message).where(
        col(Message.id).in_(list(message_ids)), Message.conversation_id == conversation_id, _IS_THERE
    )
    return await _together(db, list((await db.exec(query)).all()), [])


async def _entries(
    db: Session, conversation_id: int, messages: Sequence[Message], first: int, before: int | None
) -> list[Entry]:
    values = {"conversation_id": conversation_id, "first": first, "before": before or BEYOND}
    newest_first = (await db.exec(_NEWEST_EVENTS, params=values)).all()
    return await _together(db, messages, list(reversed(newest_first)))


async def _together(db: Session, messages: Sequence[Message], events: Sequence[Happened]) -> list[Entry]:
    files = await _files(db, [message.id for message in messages if message.has_files])
    deliveries = await _deliveries(db, [message.id for message in messages if message.direction == Direction.OUT])
    named = await recipients_of(db, [message.id for message in messages if message.direction != Direction.NOTE])
    quotes = await _quotes(db, files)
    mails = await _mails(db, [message.inbound_mail_id for message in messages if message.inbound_mail_id])
    entries = [
        Entry(
            m.number,
            m.created_at,
            m,
            files=tuple(files[m.id]),
            quotes=quotes,
            delivery=next(iter(deliveries[m.id]), None),
            deliveries=tuple(deliveries[m.id]),
            named=tuple(named.get(m.id, ())),
            mail=mails.get(m.inbound_mail_id or 0),
        )
        for m in messages
    ]
    entries += [Entry(e.after_number, e.at, event=e, by=by or "", assignee=to or "") for e, by, to in events]
    return sorted(entries, key=lambda entry: (entry.after_number, entry.event is not None, entry.at))


async def _files(db: Session, message_ids: list[int]) -> Mapping[int, list[Attachment]]:
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    if message_ids:
        for file in (await db.exec(_FILES, params={"ids": padded(message_ids)})).all():
            found[file.message_id].append(file)
    return found


async def _quotes(db: Session, files: Mapping[int, list[Attachment]]) -> dict[int, Quote]:
    return await quotes_of(db, [file.quote_id for several in files.values() for file in several if file.quote_id])


async def quotes_of(db: Session, ids: Sequence[int]) -> dict[int, Quote]:
    """These quotes by id."""
    if not ids:
        return {}
    return {quote.id: quote for quote in (await db.exec(select(Quote).where(col(Quote.id).in_(ids)))).all()}


async def _deliveries(db: Session, message_ids: list[int]) -> Mapping[int, list[Delivery]]:
    """By message, the worst first."""
    found: defaultdict[int, list[Delivery]] = defaultdict(list)
    if message_ids:
        deliveries = (await db.exec(_DELIVERIES, params={"ids": padded(message_ids)})).all()
        for delivery in sorted(deliveries, key=lambda one: _WORST_FIRST.index(DeliveryState(one.state))):
            found[delivery.message_id or 0].append(delivery)
    return found


async def _mails(db: Session, mail_ids: list[int]) -> dict[int, InboundMail]:
    if not mail_ids:
        return {}
    return {mail.id: mail for mail in (await db.exec(_MAILS, params={"ids": padded(mail_ids)})).all()}
