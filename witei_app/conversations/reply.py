"""A user's answer to the contact, and notes for colleagues alone."""

from collections.abc import Sequence

from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.conversations.archive import archive
from witei_app.conversations.files import forget_waiting, give
from witei_app.conversations.mentions import call_colleagues, html_with_mentions, mentioned
from witei_app.conversations.messages import add_message
from witei_app.conversations.recipients import Recipients, keep_recipients, reply_recipients
from witei_app.conversations.signature import signature_of
from witei_app.conversations.unseen import mail_if_unseen
from witei_app.crm.quote_states import mark_sent
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.compose import new_message_id
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import Channel, Conversation, Direction, Message, Upload
from witei_app.outbox.queue import queue_delivery
from witei_app.outbox.sender import domain_of_next_mail, own_address
from witei_app.templates.placeholders import check_filled

MOST_BYTES = 512 * 1024


class SomethingNew(Refused):
    """Somebody wrote since the sender last looked: two answers to one question help nobody."""

    def __init__(self) -> None:
        super().__init__("Something new came while you were writing. It is above now; read it, then send again.")


async def send_reply(
    db: Session,
    actor: Actor,
    conversation: Conversation,
    html: str,
    *,
    recipients: Recipients | None = None,
    files: Sequence[Upload] = (),
    with_signature: bool = True,
    client_id: str | None = None,
    sender_address_id: int | None = None,
    seen_number: int | None = None,
    archives: bool = False,
) -> Message:
    """Add the actor's answer and queue it, by mail for each of `recipients` (without them, for whoever wrote last).

    `seen_number` is the newest message that was on the sender's screen: when another came since, the answer waits
    until it is read. `files` waited in the actor's draft and go along, quotes among them are sent by that.
    `client_id` names this act: done twice (a double click, a repeated request), it is done once. With `archives` the
    conversation is closed by it. Refuses an archived conversation, an empty or too long text, and nobody to write to.
    """
    actor.must(actor.permissions.can_write)
    known = await _already_sent(db, conversation, client_id)
    if known is not None:
        return known
    _check(conversation, html, seen_number)
    message = _write(actor, html, Direction.OUT, client_id, files)
    named: Recipients | None = None
    if conversation.channel == Channel.EMAIL:
        named = await _somebody(db, conversation, recipients)
        await _address(db, message, conversation, named, sender_address_id)
        message.signature_html = await signature_of(db, actor) if with_signature else ""
    await add_message(db, actor, conversation, message)
    await _send_files(db, actor, conversation, message, files)
    conversation.first_replied_at = conversation.first_replied_at or message.created_at
    await _set_off(db, conversation, message, named)
    if archives:
        await archive(db, actor, conversation, by_message=message.id)
    return message


async def write_note(
    db: Session,
    actor: Actor,
    conversation: Conversation,
    html: str,
    *,
    files: Sequence[Upload] = (),
    client_id: str | None = None,
) -> Message:
    """Add an internal note. It never leaves the team, and an archived conversation stays archived.

    Colleagues whom it calls with @ are told; refuses one who may not see the conversation.
    """
    actor.must(actor.permissions.can_write)
    known = await _already_sent(db, conversation, client_id)
    if known is not None:
        return known
    people = await mentioned(db, actor, conversation, html)
    message = _write(actor, html, Direction.NOTE, client_id, files)
    message.html = html_with_mentions(html, people)
    await add_message(db, actor, conversation, message)
    await _send_along(db, message, files)
    await call_colleagues(db, actor, conversation, message, people)
    return message


async def _already_sent(db: Session, conversation: Conversation, client_id: str | None) -> Message | None:
    if not client_id:
        return None
    query = select(Message).where(Message.conversation_id == conversation.id, Message.client_id == client_id[:64])
    return (await db.exec(query)).one_or_none()


def _check(conversation: Conversation, html: str, seen_number: int | None) -> None:
    if conversation.is_archived:
        raise Refused("Reopen the conversation before answering.")
    if seen_number is not None and conversation.last_number > seen_number:
        raise SomethingNew
    check_filled(html)


def _write(actor: Actor, html: str, direction: Direction, client_id: str | None, files: Sequence[Upload]) -> Message:
    if len(html.encode()) > MOST_BYTES:
        raise Refused("This message is too long. Send the text as a file instead.")
    safe = safe_inline_html(html)
    text = html_to_text(safe).strip()
    if not text and not files:
        raise Refused("Write something first.")
    return Message(
        direction=direction,
        user_id=actor.user_id,
        author_name=actor.name,
        text=text,
        html=safe,
        client_id=client_id[:64] if client_id else None,
        has_files=bool(files),
    )


async def _somebody(db: Session, conversation: Conversation, recipients: Recipients | None) -> Recipients:
    if recipients is None:
        recipients = await reply_recipients(db, conversation)
        if not recipients.to:
            raise Refused("This contact has no e-mail address. Add one before answering.")
    if not recipients.to:
        raise Refused("Say whom to write to.")
    return recipients


async def _address(
    db: Session, message: Message, conversation: Conversation, recipients: Recipients, sender_address_id: int | None
) -> None:
    message.address = recipients.to[0].email
    message.subject = conversation.subject
    domain = await domain_of_next_mail(db, conversation.workspace_id, sender_address_id)
    message.rfc_message_id = new_message_id(domain)
    message.sender_address_id = await own_address(db, conversation.workspace_id, sender_address_id)


async def _send_files(
    db: Session, actor: Actor, conversation: Conversation, message: Message, files: Sequence[Upload]
) -> None:
    """With an answer, of which they may be all; quotes among them are sent by that."""
    await _send_along(db, message, files)
    if not message.text:
        conversation.preview = files[0].name[:140]
    await mark_sent(db, actor, [file.quote_id for file in files if file.quote_id])


async def _send_along(db: Session, message: Message, files: Sequence[Upload]) -> None:
    give(db, message, files)
    await forget_waiting(db, files)


async def _set_off(db: Session, conversation: Conversation, message: Message, recipients: Recipients | None) -> None:
    """By mail to each recipient; in a web chat it is there already."""
    if recipients is None:
        await mail_if_unseen(db, conversation)
        return
    keep_recipients(db, message, recipients.each())
    await queue_delivery(db, message, *recipients.emails())
