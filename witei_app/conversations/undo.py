"""Calling back an answer that has not left yet: it becomes the author's draft again."""

from sqlalchemy import delete, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.draft import find_draft, keep_draft, keep_draft_recipients, keep_draft_sender
from witei_app.conversations.line import redraw_line
from witei_app.conversations.log import record
from witei_app.conversations.recipients import Recipients, recipients_of, reply_recipients
from witei_app.conversations.visible import find_conversation
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.live.events import ConversationChanged, MessageChanged, RecordChanged, announce
from witei_app.mail.types import Address
from witei_app.models import (
    Attachment,
    Conversation,
    ConversationEvent,
    Direction,
    EventKind,
    Message,
    MessageRecipient,
    Quote,
    QuoteState,
    Status,
    Upload,
)
from witei_app.outbox.queue import call_back
from witei_app.sender_domains.overview import email_of_sender


async def undo_send(db: Session, actor: Actor, message_id: int) -> int:
    """Call back the actor's own answer while it waits; gives its conversation. Refuses once a worker has taken it.

    Its number stays taken, so that numbers have no gap; nothing else of it stays, neither in the thread nor in reports.
    """
    message = await _own_answer(db, actor, message_id)
    conversation = await find_conversation(db, actor, message.conversation_id)
    await call_back(db, message)
    begun = await find_draft(db, actor, conversation.id)
    await keep_draft(db, actor, conversation, message.html + begun)
    await _recipients_back_to_draft(db, actor, conversation, message)
    await _files_back_to_draft(db, actor, message)
    await _open_again(db, conversation, message)
    await _forget_event(db, message)
    if conversation.first_replied_at == message.created_at:
        conversation.first_replied_at = None
    _empty(message)
    await redraw_line(db, conversation)
    record(db, actor, conversation, EventKind.WITHDRAWN, message_id=message.id)
    announce(db, MessageChanged(conversation.workspace_id, conversation.id, message.id))
    return conversation.id


async def _own_answer(db: Session, actor: Actor, message_id: int) -> Message:
    query = select(Message).where(
        Message.id == message_id,
        Message.workspace_id == actor.workspace_id,
        Message.user_id == actor.user_id,
        Message.direction == Direction.OUT,
        col(Message.inbound_mail_id).is_(None),  # sent elsewhere: it has left
    )
    message = (await db.exec(query.with_for_update())).one_or_none()
    if message is None:
        raise NotFound
    return message


async def _recipients_back_to_draft(db: Session, actor: Actor, conversation: Conversation, message: Message) -> None:
    named = (await recipients_of(db, [message.id])).get(message.id, [])
    sent_to = Recipients()
    for one in named:
        sent_to = sent_to.plus(one.kind, [Address(one.name, one.address)])
    await db.exec(delete(MessageRecipient).where(col(MessageRecipient.message_id) == message.id))
    message.direction = Direction.WITHDRAWN  # it is not the message that is answered next
    await db.flush()
    if named and sent_to != await reply_recipients(db, conversation):
        await keep_draft_recipients(db, actor, conversation, sent_to)
    sender = await email_of_sender(db, message.sender_address_id)
    if sender:
        await keep_draft_sender(db, actor, conversation, sender)


async def _open_again(db: Session, conversation: Conversation, message: Message) -> None:
    """When it was sent and archived in one, neither happened: reports do not count it as closed."""
    query = select(ConversationEvent).where(
        ConversationEvent.conversation_id == conversation.id, ConversationEvent.kind == EventKind.ARCHIVED
    )
    closing = (await db.exec(query.order_by(col(ConversationEvent.id).desc()).limit(1))).first()
    if closing is None or not conversation.is_archived or closing.data.get("message_id") != message.id:
        return
    before = places_of(conversation)
    conversation.status, conversation.archived_at = Status.OPEN, None
    recount(db, conversation, before)
    await db.delete(closing)
    announce(db, MessageChanged(conversation.workspace_id, conversation.id, -closing.id))  # a line's id in threads
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))


async def _files_back_to_draft(db: Session, actor: Actor, message: Message) -> None:
    query = select(Attachment).where(Attachment.message_id == message.id).order_by(col(Attachment.id))
    files = (await db.exec(query)).all()
    for file in files:
        db.add(
            Upload(
                workspace_id=message.workspace_id,
                user_id=actor.user_id or 0,
                conversation_id=message.conversation_id,
                sha256=file.sha256,
                name=file.name,
                content_type=file.content_type,
                size=file.size,
                quote_id=file.quote_id,
            )
        )
    await db.exec(delete(Attachment).where(col(Attachment.message_id) == message.id))
    quote_ids = [file.quote_id for file in files if file.quote_id]
    await _unsend_quotes(db, quote_ids)
    for quote_id in quote_ids:
        announce(db, RecordChanged(message.workspace_id, "quotes", quote_id))


async def _unsend_quotes(db: Session, quote_ids: list[int]) -> None:
    """Those that no other message carries were not sent after all."""
    elsewhere = select(Attachment.quote_id).where(col(Attachment.quote_id).in_(quote_ids))
    await db.exec(
        update(Quote)
        .where(col(Quote.id).in_(quote_ids), col(Quote.id).not_in(elsewhere), col(Quote.state) == QuoteState.SENT)
        .values(state=QuoteState.DRAFT, sent_at=None)
    )


async def _forget_event(db: Session, message: Message) -> None:
    """Reports count what was sent; this was not."""
    await db.exec(
        delete(ConversationEvent).where(
            col(ConversationEvent.conversation_id) == message.conversation_id,
            col(ConversationEvent.kind) == EventKind.MESSAGE_OUT,
            col(ConversationEvent.after_number) == message.number,
        )
    )


def _empty(message: Message) -> None:
    message.direction = Direction.WITHDRAWN
    message.text = message.html = message.signature_html = message.subject = message.address = ""
    message.rfc_message_id = message.in_reply_to = None
    message.has_files = False
