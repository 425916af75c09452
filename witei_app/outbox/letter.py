"""From a queued delivery to the mail that goes out, composed anew at each try and always the same."""

import asyncio
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.files import load
from witei_app.mail.compose import compose
from witei_app.mail.sign import SigningKey, sign
from witei_app.mail.types import Address, OutgoingFile, OutgoingMail, QuotedMail
from witei_app.models import (
    Attachment,
    Contact,
    Conversation,
    Delivery,
    Direction,
    Message,
    MessageRecipient,
    Quote,
    RecipientKind,
    Workspace,
)
from witei_app.outbox.quoted import quote_of
from witei_app.outbox.sender import sender_of
from witei_app.outbox.system_mail import system_letter
from witei_app.outbox.transport import Letter
from witei_app.outbox.way_back import way_back
from witei_app.quote_address import quote_address
from witei_app.signature_picture import by_cid, pictures_in
from witei_app.texts import LANGUAGES, later, translate
from witei_app.texts.visitors import language, own_name

# How many earlier mails References names; readers need the first and the nearest (RFC 5322 3.6.4).
MOST_REFERENCES = 20


READ_QUOTE = later("Read quote {number} online, accept or decline it")


class Earlier(NamedTuple):
    """What a mail needs to know of those before it."""

    id: int
    direction: str
    rfc_message_id: str | None
    is_automatic: bool


async def letter_of(db: Session, delivery_id: int) -> Letter:
    """The mail of a delivery with its envelope. `sender_of` says in whose name."""
    delivery = await db.get_one(Delivery, delivery_id)
    if delivery.system_mail_id is not None:
        return await system_letter(db, delivery)
    parts = (await db.exec(_PARTS, params={"message_id": delivery.message_id})).one()
    message, conversation, workspace, reads = parts
    sender = await sender_of(db, message, workspace)
    earlier = await _earlier(db, message)
    named = await _named(db, message)
    mail = OutgoingMail(
        message_id=message.rfc_message_id or "",
        in_reply_to=_answered_id(earlier),
        references=_references(earlier),
        date=message.created_at,
        sender=sender.address,
        reply_to=sender.reply_to,
        to=named[RecipientKind.TO] or (Address(own_name(conversation.contact_name), delivery.recipient),),
        cc=named[RecipientKind.CC],
        subject=_reply_subject(message.subject, has_earlier=bool(earlier)),
        html=message.html + await _quote_links(db, message, conversation, workspace),
        files=(*await _files(db, message), *await pictures_in(message.signature_html)),
        signature_html=by_cid(message.signature_html),
        closing_html=await way_back(db, conversation, message, delivery.recipient),
        quoted=await _quoted(db, earlier, delivery.recipient),
        language=language(reads, workspace.language),
        time_zone=workspace.time_zone,
    )
    return Letter(
        workspace_id=delivery.workspace_id,
        delivery_id=delivery.id,
        envelope_from=sender.envelope_from,
        recipient=delivery.recipient,
        subject=mail.subject,
        raw=await asyncio.to_thread(_signed, mail, sender.keys),  # some milliseconds, more with files
    )


_PARTS = (
    select(Message, Conversation, Workspace, Contact.language)
    .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
    .join(Workspace, col(Workspace.id) == col(Message.workspace_id))
    .join(Contact, col(Contact.id) == col(Conversation.contact_id))
    .where(col(Message.id) == bindparam("message_id"))
)


def _signed(mail: OutgoingMail, keys: Sequence[SigningKey]) -> bytes:
    return sign(compose(mail), keys)


async def _named(db: Session, message: Message) -> dict[RecipientKind, tuple[Address, ...]]:
    """Whom each header names. Bcc has a delivery and stands in none (RFC 5322, 3.6.3)."""
    found = (await db.exec(_NAMED, params={"message_id": message.id})).all()
    return {kind: tuple(Address(one.name, one.address) for one in found if one.kind == kind) for kind in RecipientKind}


_NAMED = (
    select(MessageRecipient)
    .where(col(MessageRecipient.message_id) == bindparam("message_id"))
    .order_by(col(MessageRecipient.id))
)


async def _files(db: Session, message: Message) -> tuple[OutgoingFile, ...]:
    if not message.has_files:
        return ()
    query = select(Attachment).where(Attachment.message_id == message.id).order_by(col(Attachment.id))
    files = (await db.exec(query)).all()
    return tuple([OutgoingFile(file.name, file.content_type, await load(file.sha256)) for file in files])


async def _quote_links(db: Session, message: Message, conversation: Conversation, workspace: Workspace) -> str:
    """Below the text, for each quote that goes along, where it is read and answered: a PDF is not opened everywhere."""
    if not message.has_files:
        return ""
    query = (
        select(Quote.id, Quote.number, Contact.language)
        .join(Attachment, col(Attachment.quote_id) == col(Quote.id))
        .join(Contact, col(Contact.id) == col(Quote.contact_id))
        .where(Attachment.message_id == message.id, Quote.contact_id == conversation.contact_id)
        .order_by(col(Attachment.id))
    )
    lines = ""
    for quote_id, number, reads in (await db.exec(query)).all():
        known = reads[:2] if reads[:2] in LANGUAGES else workspace.language
        words, address = translate(READ_QUOTE, known, number=number), escape(quote_address(quote_id), quote=True)
        lines += f'<p><a href="{address}">{escape(words)}</a></p>'
    return lines


async def _earlier(db: Session, message: Message) -> Sequence[Earlier]:
    """The mails before this one in its conversation, newest first; notes are nobody else's business."""
    values = {"conversation_id": message.conversation_id, "number": message.number}
    return [Earlier(*row) for row in (await db.exec(_EARLIER, params=values)).all()]


_EARLIER = (
    select(Message.id, Message.direction, Message.rfc_message_id, Message.is_automatic)
    .where(
        col(Message.conversation_id) == bindparam("conversation_id"),
        col(Message.number) < bindparam("number"),
        col(Message.direction).in_((Direction.IN, Direction.OUT)),
    )
    .order_by(col(Message.number).desc())
    .limit(MOST_REFERENCES)
)


def _by_contact(earlier: Sequence[Earlier]) -> list[Earlier]:
    """What the contact's side wrote, newest first. An absence note that answers us is no part of the exchange; programs
    are answered where they began it and nobody else wrote."""
    theirs = [one for one in earlier if one.direction == Direction.IN]
    by_people = [one for one in theirs if not one.is_automatic]
    return by_people or ([] if any(one.direction == Direction.OUT for one in earlier) else theirs)


def _answered_id(earlier: Sequence[Earlier]) -> str:
    """The contact's newest mail, else ours before it."""
    inbound = [m.rfc_message_id for m in _by_contact(earlier) if m.rfc_message_id]
    ours = [m.rfc_message_id for m in earlier if m.rfc_message_id and m.direction == Direction.OUT]
    return (inbound or ours or [""])[0]


def _references(earlier: Sequence[Earlier]) -> tuple[str, ...]:
    return tuple(m.rfc_message_id for m in reversed(earlier) if m.rfc_message_id)


def _reply_subject(subject: str, *, has_earlier: bool) -> str:
    if not has_earlier or subject.lower().startswith("re:"):
        return subject
    return f"Re: {subject}"


async def _quoted(db: Session, earlier: Sequence[Earlier], recipient: str) -> QuotedMail | None:
    """What is answered: the contact's newest message."""
    newest = next(iter(_by_contact(earlier)), None)
    return None if newest is None else await quote_of(db, await db.get_one(Message, newest.id), recipient)
