"""What comes from outside, by mail or chat, takes this one road into a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.archive import reopen
from witei_app.conversations.delete import restore
from witei_app.conversations.messages import Addition, add_messages
from witei_app.conversations.recipients import keep_recipients
from witei_app.conversations.snooze import wake
from witei_app.db import Session
from witei_app.mail.types import Address
from witei_app.models import Attachment, Conversation, Direction, Message, RecipientKind
from witei_app.notifications.arrivals import tell_of_messages


@dataclass(frozen=True)
class IncomingFile:
    """A file that came with a message; its bytes are in the file store already."""

    sha256: str
    name: str
    content_type: str
    size: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True)
class Incoming:
    """A message from a contact, parsed and made safe: `html` is sanitised for display in place.

    `named` is whom a mail names besides us. With `is_history` it came long ago: nothing is set off by it, and with
    `is_seen` it counts as read and answered.
    """

    author_name: str
    text: str
    html: str = ""
    rest_text: str = ""
    address: str = ""
    subject: str = ""
    rfc_message_id: str | None = None
    in_reply_to: str | None = None
    client_id: str | None = None
    dedupe_key: str | None = None
    inbound_mail_id: int | None = None
    is_rich: bool = False
    is_automatic: bool = False
    routed_by: str = ""
    points_to_id: int | None = None
    named: tuple[tuple[RecipientKind, Address], ...] = ()
    invitation: dict[str, Any] = field(default_factory=dict)
    is_history: bool = False
    is_seen: bool = False
    at: datetime = field(default_factory=now)
    files: tuple[IncomingFile, ...] = ()


async def receive_message(db: Session, conversation: Conversation, incoming: Incoming) -> Message:
    """Add the contact's message. It reopens an archived conversation, wakes a snoozed one, and brings one back from
    the bin.

    Sent twice with one `client_id`, it is there once: the first one is returned. The conversation must be locked.
    """
    if incoming.client_id:
        known = await message_of_client(db, conversation, incoming.client_id)
        if known is not None:
            return known
    (message,) = await receive_messages(db, Actor.system(conversation.workspace_id), [(conversation, incoming)])
    return message


async def receive_messages(
    db: Session, actor: Actor, arriving: Sequence[tuple[Conversation, Incoming]]
) -> list[Message]:
    """The same for several of one workspace that have no `client_id`, oldest first."""
    for conversation, incoming in arriving:
        if not incoming.is_history:
            await _bring_back(db, actor, conversation, incoming)
    additions = [_addition(conversation, incoming) for conversation, incoming in arriving]
    await add_messages(db, actor, additions)
    for one, (_, incoming) in zip(additions, arriving, strict=True):
        attach_files(db, one.message, incoming.files)
        keep_recipients(db, one.message, incoming.named)
    news = [(one.conversation, one.message) for one in additions if not one.is_old]
    await tell_of_messages(db, actor.workspace_id, news)
    return [one.message for one in additions]


def _addition(conversation: Conversation, incoming: Incoming) -> Addition:
    is_seen = incoming.is_history and incoming.is_seen
    return Addition(conversation, message_of(incoming), is_old=incoming.is_history, is_seen=is_seen)


async def _bring_back(db: Session, actor: Actor, conversation: Conversation, incoming: Incoming) -> None:
    if conversation.deleted_at is not None:
        await restore(db, actor, conversation)
    if conversation.is_archived and not incoming.is_automatic:
        await reopen(db, actor, conversation)
    if not incoming.is_automatic:
        await wake(db, actor, conversation, "message")


async def message_of_client(db: Session, conversation: Conversation, client_id: str) -> Message | None:
    """The message that the contact's side calls by this id, if it is stored already."""
    query = select(Message).where(Message.conversation_id == conversation.id, Message.client_id == client_id)
    return (await db.exec(query)).one_or_none()


def message_of(incoming: Incoming) -> Message:
    """The row that it becomes, not yet in a conversation."""
    return Message(
        direction=Direction.IN,
        author_name=incoming.author_name[:255],
        address=incoming.address[:320],
        subject=incoming.subject[:998],
        text=incoming.text,
        html=incoming.html,
        rest_text=incoming.rest_text,
        rfc_message_id=incoming.rfc_message_id,
        in_reply_to=incoming.in_reply_to,
        client_id=incoming.client_id,
        dedupe_key=incoming.dedupe_key,
        inbound_mail_id=incoming.inbound_mail_id,
        is_rich=incoming.is_rich,
        is_automatic=incoming.is_automatic,
        has_files=any(not file.is_inline for file in incoming.files),
        routed_by=incoming.routed_by,
        points_to_id=incoming.points_to_id,
        invitation=incoming.invitation,
        created_at=incoming.at,
    )


def attach_files(db: Session, message: Message, files: tuple[IncomingFile, ...]) -> None:
    """Give a stored message its files."""
    for file in files:
        db.add(
            Attachment(
                workspace_id=message.workspace_id,
                message_id=message.id,
                sha256=file.sha256,
                name=file.name[:255],
                content_type=file.content_type[:127],
                content_id=file.content_id[:255],
                is_inline=file.is_inline,
                size=file.size,
            )
        )
