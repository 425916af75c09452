"""The open conversation: its messages with files, delivery states and system lines, a page at a time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.files import waiting_files
from witei_app.conversations.rows import FileRow, HeaderRow, MessageRow, PersonRow
from witei_app.conversations.why import verdict_words
from witei_app.crm.money import euros
from witei_app.db import Session
from witei_app.mail.sanitize import text_to_html
from witei_app.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Delivery,
    DeliveryState,
    Direction,
    EventKind,
    InboundMail,
    Message,
    Quote,
    Upload,
    User,
)
from witei_app.texts import translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import day_label, size_label, time_label

PAGE = 30
SHOWN_EVENTS = (
    EventKind.ASSIGNED,
    EventKind.ARCHIVED,
    EventKind.REOPENED,
    EventKind.RESTORED,
    EventKind.MOVED_IN,
    EventKind.MOVED_OUT,
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


@dataclass(frozen=True)
class Entry:
    """A message with what belongs to it, or a system line (then `message` is None), not yet worded."""

    after_number: int
    at: datetime
    message: Message | None = None
    files: tuple[Attachment, ...] = ()
    quotes: Mapping[int, Quote] | None = None
    delivery: Delivery | None = None
    mail: InboundMail | None = None
    event: ConversationEvent | None = None
    people: Mapping[int, str] | None = None


async def thread_page(
    db: Session, conversation: Conversation, before: int | None = None, limit: int = PAGE
) -> tuple[list[Entry], bool]:
    """The newest entries (or those before a number), oldest first, and whether older ones exist. At most 7 queries."""
    query = select(Message).where(Message.conversation_id == conversation.id, _IS_THERE)
    if before is not None:
        query = query.where(Message.number < before)
    newest_first = (await db.exec(query.order_by(col(Message.number).desc()).limit(limit + 1))).all()
    messages = list(reversed(newest_first[:limit]))
    has_older = len(newest_first) > limit
    first = messages[0].number if has_older else 0
    return await _entries(db, conversation.id, messages, first, before), has_older


async def entries_since(db: Session, conversation_id: int, number: int, event_id: int) -> list[Entry]:
    """What came after a message's number and an event's id. At most 7 queries."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.number > number, _IS_THERE)
    messages = list((await db.exec(query.order_by(col(Message.number)).limit(PAGE))).all())
    events = select(ConversationEvent).where(
        ConversationEvent.conversation_id == conversation_id,
        ConversationEvent.id > event_id,
        col(ConversationEvent.kind).in_(SHOWN_EVENTS),
    )
    return await _together(db, messages, list((await db.exec(events.order_by(col(ConversationEvent.id)))).all()))


async def last_event_id(db: Session, conversation_id: int) -> int:
    """The newest line of the conversation's log: what comes after it is news."""
    query = select(ConversationEvent.id).where(ConversationEvent.conversation_id == conversation_id)
    return (await db.exec(query.order_by(col(ConversationEvent.id).desc()).limit(1))).first() or 0


async def entries_of(db: Session, conversation_id: int, message_ids: Iterable[int]) -> list[Entry]:
    """Single messages again, because something about them changed; those that left the conversation are missing."""
    query = select(Message).where(
        col(Message.id).in_(list(message_ids)), Message.conversation_id == conversation_id, _IS_THERE
    )
    return await _together(db, list((await db.exec(query)).all()), [])


async def _entries(
    db: Session, conversation_id: int, messages: Sequence[Message], first: int, before: int | None
) -> list[Entry]:
    events = select(ConversationEvent).where(
        ConversationEvent.conversation_id == conversation_id,
        col(ConversationEvent.kind).in_(SHOWN_EVENTS),
        ConversationEvent.after_number >= first,
    )
    if before is not None:
        events = events.where(ConversationEvent.after_number < before)
    newest_first = (await db.exec(events.order_by(col(ConversationEvent.id).desc()).limit(PAGE))).all()
    return await _together(db, messages, list(reversed(newest_first)))


async def _together(db: Session, messages: Sequence[Message], events: Sequence[ConversationEvent]) -> list[Entry]:
    files = await _files(db, [message.id for message in messages if message.has_files])
    deliveries = await _deliveries(db, [message.id for message in messages if message.direction == Direction.OUT])
    people = await _people(db, events)
    quotes = await _quotes(db, files)
    mails = await _mails(db, [message.inbound_mail_id for message in messages if message.inbound_mail_id])
    entries = [
        Entry(
            m.number,
            m.created_at,
            m,
            files=tuple(files[m.id]),
            quotes=quotes,
            delivery=deliveries.get(m.id),
            mail=mails.get(m.inbound_mail_id or 0),
        )
        for m in messages
    ]
    entries += [Entry(e.after_number, e.at, event=e, people=people) for e in events]
    return sorted(entries, key=lambda entry: (entry.after_number, entry.event is not None, entry.at))


async def _files(db: Session, message_ids: list[int]) -> Mapping[int, list[Attachment]]:
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    if message_ids:
        query = select(Attachment).where(col(Attachment.message_id).in_(message_ids), ~col(Attachment.is_inline))
        for file in (await db.exec(query.order_by(col(Attachment.id)))).all():
            found[file.message_id].append(file)
    return found


async def _quotes(db: Session, files: Mapping[int, list[Attachment]]) -> dict[int, Quote]:
    return await _quotes_of(db, [file.quote_id for several in files.values() for file in several if file.quote_id])


async def _quotes_of(db: Session, ids: Sequence[int]) -> dict[int, Quote]:
    if not ids:
        return {}
    return {quote.id: quote for quote in (await db.exec(select(Quote).where(col(Quote.id).in_(ids)))).all()}


async def _deliveries(db: Session, message_ids: list[int]) -> dict[int, Delivery]:
    if not message_ids:
        return {}
    query = select(Delivery).where(col(Delivery.message_id).in_(message_ids))
    worst: dict[int, Delivery] = {}
    for delivery in sorted((await db.exec(query)).all(), key=lambda d: _WORST_FIRST.index(DeliveryState(d.state))):
        worst.setdefault(delivery.message_id or 0, delivery)
    return worst


async def _mails(db: Session, mail_ids: list[int]) -> dict[int, InboundMail]:
    if not mail_ids:
        return {}
    query = select(InboundMail).where(col(InboundMail.id).in_(mail_ids))
    return {mail.id: mail for mail in (await db.exec(query)).all()}


async def _people(db: Session, events: Sequence[ConversationEvent]) -> dict[int, str]:
    ids = {event.user_id for event in events} | {event.data.get("after") for event in events}
    known = [person for person in ids if isinstance(person, int)]
    if not known:
        return {}
    return dict((await db.exec(select(User.id, User.name).where(col(User.id).in_(known)))).all())


def message_rows(
    entries: Sequence[Entry], conversation: Conversation, actor: Actor, before: Sequence[MessageRow] = ()
) -> list[MessageRow]:
    """The entries in the reader's language and time zone; `before` are the rows shown above them."""
    rows: list[MessageRow] = []
    previous_day = before[-1].day if before else ""
    for entry in entries:
        day = day_label(entry.at, now(), actor.time_zone, actor.language)
        starts_day, previous_day = day != previous_day, day
        word = _event_row if entry.message is None else _message_row
        rows.append(word(entry, conversation, actor, day, starts_day))
    return rows


def header_row(conversation: Conversation, assignee_name: str, reply_to: str, sends_from: str) -> HeaderRow:
    """The head of the thread."""
    assignee = conversation.assignee_id or 0
    return HeaderRow(
        id=conversation.id,
        contact_name=conversation.contact_name,
        initials=initials(conversation.contact_name),
        tint=tint(conversation.contact_id),
        channel=conversation.channel,
        subject=conversation.subject,
        status=conversation.status,
        assignee=PersonRow(assignee, assignee_name, initials(assignee_name), tint(assignee)),
        reply_to=reply_to,
        sends_from=sends_from,
    )


def _message_row(entry: Entry, conversation: Conversation, actor: Actor, day: str, starts_day: bool) -> MessageRow:
    message = entry.message
    assert message is not None
    time = time_label(entry.at, actor.time_zone)
    is_inbound = message.direction == Direction.IN
    state, label, detail = _delivery_words(entry.delivery, actor.language)
    return MessageRow(
        number=message.number,
        id=message.id,
        kind=message.direction,
        author=message.author_name,
        initials=initials(message.author_name),
        tint=tint(conversation.contact_id if is_inbound else message.user_id or 0),
        at=message.created_at.isoformat(),
        time=time,
        day=day,
        starts_day=starts_day,
        label=f"{message.author_name}, {day} {time}",
        html=_html(message),
        rest_html=text_to_html(message.rest_text) if message.rest_text and not message.is_rich else "",
        frame_url=f"/messages/{message.id}/frame" if message.is_rich else "",
        subject="" if _same_subject(message.subject, conversation.subject) else message.subject,
        state=state,
        state_label=label,
        state_detail=detail,
        is_automatic=message.is_automatic and is_inbound,
        is_mail=entry.mail is not None and is_inbound,
        is_vouched_for=_verdict(entry) == "verified",
        warning=verdict_words(entry.mail, actor.language) if _verdict(entry) == "failed" else "",
        files=[file_row(file, (entry.quotes or {}).get(file.quote_id or 0), actor.language) for file in entry.files],
    )


def _verdict(entry: Entry) -> str:
    return entry.mail.verdict if entry.mail is not None else ""


def _html(message: Message) -> str:
    """What was written, with the signature that went out below it: the sender sees what the recipient does."""
    body = message.html or text_to_html(message.text)
    return f'{body}<div class="signature">{message.signature_html}</div>' if message.signature_html else body


_ANSWER_MARKS = re.compile(r"^\s*((re|rv|aw|sv|tr|fw|fwd|wg|ref|res)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def _same_subject(one: str, other: str) -> bool:
    """Whether two subjects differ in the marks of answering and forwarding alone."""
    return not one or _ANSWER_MARKS.sub("", one).strip() == _ANSWER_MARKS.sub("", other).strip()


def _delivery_words(delivery: Delivery | None, language: str) -> tuple[str, str, str]:
    if delivery is None:
        return "", "", ""
    label = translate(_STATE_WORDS[DeliveryState(delivery.state)], language)
    return delivery.state, label, translate(delivery.reason, language) if delivery.reason else ""


_STATE_WORDS = {
    DeliveryState.QUEUED: "queued",
    DeliveryState.SENDING: "sending",
    DeliveryState.SENT: "sent",
    DeliveryState.DEFERRED: "will be tried again",
    DeliveryState.FAILED: "not delivered",
    DeliveryState.BOUNCED: "returned",
    DeliveryState.UNKNOWN: "perhaps sent",
}


async def waiting_rows(db: Session, actor: Actor, conversation_id: int) -> list[FileRow]:
    """The files of the actor's draft, for the composer."""
    waiting = await waiting_files(db, actor, conversation_id)
    quotes = await _quotes_of(db, [file.quote_id for file in waiting if file.quote_id])
    return [file_row(file, quotes.get(file.quote_id or 0), actor.language) for file in waiting]


def file_row(file: Attachment | Upload, quote: Quote | None, language: str) -> FileRow:
    """A file, or the card of the quote that it is."""
    is_sent = isinstance(file, Attachment)
    is_image = is_sent and file.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    row = FileRow(file.id, file.name, size_label(file.size, language), f"/files/{file.id}" if is_sent else "", is_image)
    if quote is None:
        return row
    return replace(
        row,
        quote_url=f"/quotes/{quote.id}",
        quote_title=f"{quote.number} · {quote.title}",
        quote_total=euros(quote.total, language),
        quote_state=quote.state,
        quote_state_label=translate(quote.state, language),
    )


def _event_row(entry: Entry, conversation: Conversation, actor: Actor, day: str, starts_day: bool) -> MessageRow:
    event = entry.event
    assert event is not None
    return MessageRow(
        number=event.after_number,
        id=-event.id,  # apart from the messages' ids
        kind="event",
        author="",
        initials="",
        tint=5,
        at=event.at.isoformat(),
        time=time_label(event.at, actor.time_zone, actor.language),
        day=day,
        starts_day=starts_day,
        label="",
        text=_event_sentence(event, entry.people or {}, actor.language),
    )


def _event_sentence(event: ConversationEvent, people: Mapping[int, str], language: str) -> str:
    who = people.get(event.user_id or 0, "")
    to = people.get(event.data.get("after") or 0, "")
    match event.kind:
        case EventKind.ASSIGNED if event.data.get("after") is None:
            return translate("{who} made this conversation unassigned", language, who=who)
        case EventKind.ASSIGNED if event.data.get("after") == event.user_id:
            return translate("{who} took this conversation", language, who=who)
        case EventKind.ASSIGNED:
            return translate("{who} assigned this conversation to {to}", language, who=who, to=to)
        case EventKind.ARCHIVED:
            return translate("{who} archived this conversation", language, who=who)
        case EventKind.REOPENED if who:
            return translate("{who} reopened this conversation", language, who=who)
        case EventKind.REOPENED:
            return translate("Reopened by a new message", language)
        case EventKind.MOVED_IN:
            return translate("{who} moved a message here from another conversation", language, who=who)
        case EventKind.MOVED_OUT:
            return translate("{who} moved a message from here to another conversation", language, who=who)
        case _:
            return translate("Back from the bin", language)
