"""The rules again, written apart and naively: what the log says a conversation must look like."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from witei_app.conversations.counts import places_of
from witei_app.crm.contacts import search_text
from witei_app.db import Session
from witei_app.mail.plain import preview
from witei_app.mail.sanitize import text_to_html
from witei_app.models import (
    Channel,
    Contact,
    ContactAddress,
    Conversation,
    ConversationCount,
    ConversationEvent,
    Delivery,
    Direction,
    EventKind,
    Message,
    Status,
)

KINDS: dict[str, str] = {EventKind.MESSAGE_IN: "in", EventKind.MESSAGE_OUT: "out", EventKind.NOTE: "note"}


@dataclass
class Told:
    """What follows from the events so far."""

    assignee_id: int | None = None
    status: str = Status.OPEN
    number: int = 0
    preview: str = ""
    last_message_at: datetime | None = None
    last_inbound_id: int = 0
    needs_reply: bool = False
    waiting_since: datetime | None = None
    first_replied_at: datetime | None = None
    archived_at: datetime | None = None
    is_answered: bool = False  # by the team; no column


async def all_of(db: Session, model, workspace_id: int) -> list[Any]:
    """The workspace's rows, by id where there is one."""
    query = select(model).where(model.workspace_id == workspace_id)
    return list((await db.exec(query.order_by(col(model.id)) if hasattr(model, "id") else query)).all())


async def check_history(db: Session, workspace_id: int, until: datetime) -> None:
    """Every conversation, message, delivery and counter is as if the rules had made it."""
    messages = {m.id: m for m in await all_of(db, Message, workspace_id)}
    events = await all_of(db, ConversationEvent, workspace_id)
    conversations = await all_of(db, Conversation, workspace_id)
    assert [e.at for e in events] == sorted(e.at for e in events)
    assert [m.created_at for m in messages.values()] == sorted(m.created_at for m in messages.values())
    assert events[-1].at <= until

    by_conversation = defaultdict(list)
    for event in events:
        by_conversation[event.conversation_id].append(event)
    for conversation in conversations:
        told = _retell(by_conversation[conversation.id], messages)
        columns = vars(told).keys() - {"number", "is_answered"}
        facts = {name: getattr(conversation, name) for name in columns}
        assert facts == {name: value for name, value in vars(told).items() if name in columns}
        assert conversation.last_number == told.number
    await _check_words(list(messages.values()))
    await _check_deliveries(db, workspace_id, messages, conversations)
    await _check_counts(db, workspace_id, conversations)
    await _check_contacts(db, workspace_id, conversations)


def _retell(events: list[ConversationEvent], messages: dict[int, Message]) -> Told:
    told = Told()
    assert events[0].kind == EventKind.OPENED
    for event in events:
        if event.kind in KINDS:
            _message(told, event, messages[event.data["message_id"]])
        elif event.kind == EventKind.OPENED:
            told.assignee_id = event.data["assignee_id"]
        elif event.kind == EventKind.ASSIGNED:
            assert event.data["before"] == told.assignee_id != event.data["after"]
            told.assignee_id = event.data["after"]
        elif event.kind == EventKind.ARCHIVED:
            assert told.status == Status.OPEN
            told.status, told.archived_at, told.needs_reply, told.waiting_since = "archived", event.at, False, None
        elif event.kind == EventKind.REOPENED:
            assert told.status == Status.ARCHIVED
            told.status, told.archived_at = "open", None
        assert event.after_number == told.number
        assert event.assignee_id == (told.assignee_id or 0)
        assert event.opened_at == events[0].at
        assert event.seconds == _seconds(told, event)
        told.is_answered |= event.kind == EventKind.MESSAGE_OUT
    backlog = sum(event.backlog for event in events if event.kind != EventKind.ASSIGNED)
    assert backlog == (told.status == Status.OPEN)
    return told


def _seconds(told: Told, event: ConversationEvent) -> int | None:
    """What reports add up: the closing time, and the time to the first answer to a contact who wrote."""
    is_first = event.kind == EventKind.MESSAGE_OUT and not told.is_answered and told.last_inbound_id > 0
    if not is_first and event.kind != EventKind.ARCHIVED:
        return None
    return int((event.at - event.opened_at).total_seconds())


def _message(told: Told, event: ConversationEvent, message: Message) -> None:
    told.number += 1
    assert (message.number, message.conversation_id) == (told.number, event.conversation_id)
    assert (message.direction, message.created_at, message.user_id) == (KINDS[event.kind], event.at, event.user_id)
    assert (message.user_id is None) == (message.direction == Direction.IN)
    if message.direction == Direction.NOTE:
        return
    assert told.status == Status.OPEN
    told.last_message_at, told.preview = message.created_at, preview(message.text)
    if message.direction == Direction.IN:
        told.last_inbound_id, told.needs_reply = message.id, True
        told.waiting_since = told.waiting_since or message.created_at
    else:
        told.needs_reply, told.waiting_since = False, None
        told.first_replied_at = told.first_replied_at or message.created_at


async def _check_words(messages: list[Message]) -> None:
    for message in messages:
        assert message.text.strip()
        assert not set("{}[]|%") & set(message.text.replace(" %", ""))
        assert message.html == text_to_html(message.text)
        assert message.author_name


async def _check_deliveries(
    db: Session, workspace_id: int, messages: dict[int, Message], conversations: list[Conversation]
) -> None:
    mails = {c.id for c in conversations if c.channel == Channel.EMAIL}
    sent = [m.id for m in messages.values() if m.direction == Direction.OUT and m.conversation_id in mails]
    deliveries = await all_of(db, Delivery, workspace_id)
    assert [d.message_id for d in deliveries] == sent
    failed = {messages[d.message_id].conversation_id for d in deliveries if d.state == "failed"}
    assert failed == {c.id for c in conversations if c.has_failed}
    assert {d.state for d in deliveries} <= {"sent", "failed"}


async def _check_counts(db: Session, workspace_id: int, conversations: list[Conversation]) -> None:
    kept = {(c.assignee_id, c.status, c.channel): c.quantity for c in await all_of(db, ConversationCount, workspace_id)}
    assert kept == Counter(place for conversation in conversations for place in places_of(conversation))


async def _check_contacts(db: Session, workspace_id: int, conversations: list[Conversation]) -> None:
    contacts = {c.id: c for c in await all_of(db, Contact, workspace_id)}
    addresses = {(a.contact_id, a.address) for a in await all_of(db, ContactAddress, workspace_id)}
    assert addresses == {(c.id, c.email) for c in contacts.values()}
    for contact in contacts.values():
        assert contact.search_text == search_text(contact)
    for conversation in conversations:
        contact = contacts[conversation.contact_id]
        assert conversation.contact_name == contact.full_name
        assert contact.created_at <= conversation.opened_at
