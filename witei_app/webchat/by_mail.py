"""What a visitor did not see in the chat goes out by e-mail, in the same conversation."""

from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session, transaction
from witei_app.live.events import DeliveryChanged, announce
from witei_app.mail.compose import new_message_id
from witei_app.models import Conversation, Direction, Message, Visitor, Workspace
from witei_app.outbox.queue import queue_delivery
from witei_app.outbox.sender import domain_of_next_mail


async def mail_unseen_answers() -> bool:
    """Send one visitor the answers that are still unread and due. False when nothing was due.

    With several workers the row is one's alone: the others skip it.
    """
    async with transaction() as db:
        query = (
            select(Visitor)
            .where(col(Visitor.mail_due_at) <= now())
            .order_by(col(Visitor.mail_due_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        visitor = (await db.exec(query)).first()
        if visitor is None:
            return False
        visitor.mail_due_at = None
        if visitor.conversation_id is not None and visitor.email:
            await _mail(db, visitor, await db.get_one(Conversation, visitor.conversation_id))
        return True


async def _mail(db: Session, visitor: Visitor, conversation: Conversation) -> None:
    query = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.direction == Direction.OUT,
        Message.number > max(visitor.read_number, visitor.mailed_number),
    )
    unseen = (await db.exec(query.order_by(col(Message.number)))).all()
    subject = conversation.subject or (await db.get_one(Workspace, conversation.workspace_id)).name
    for message in unseen:
        message.address = visitor.email
        message.subject = subject
        message.rfc_message_id = new_message_id(await domain_of_next_mail(db, conversation.workspace_id))
        await queue_delivery(db, message)
        visitor.mailed_number = message.number
        announce(db, DeliveryChanged(conversation.workspace_id, conversation.id, message.id))
