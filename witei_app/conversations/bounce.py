"""A returned mail: its delivery is marked, and its conversation comes back to somebody's eyes."""

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.live.events import DeliveryChanged, announce
from witei_app.mail.addresses import read_reply_address
from witei_app.mail.types import BounceReason
from witei_app.models import Conversation, Delivery, DeliveryState, InboundMail, Message
from witei_app.settings import settings


async def receive_bounce(db: Session, mail: InboundMail, bounce: BounceReason) -> bool:
    """Mark the delivery that the report speaks of. False when it speaks of none of ours: then it is ordinary mail."""
    found = await _delivery(db, mail, bounce)
    if found is None:
        return False
    delivery, conversation = found
    if bounce.kind == "delayed":
        delivery.reason = bounce.reason[:500]
    else:
        delivery.state = DeliveryState.BOUNCED
        delivery.reason = bounce.reason[:500]
        delivery.response = bounce.diagnostic
        conversation.has_failed = True
    announce(db, DeliveryChanged(mail.workspace_id, conversation.id, delivery.message_id or 0))
    return True


async def _delivery(db: Session, mail: InboundMail, bounce: BounceReason) -> tuple[Delivery, Conversation] | None:
    """By the Message-ID in the report; without one, the newest delivery of the conversation it was returned to."""
    query = (
        select(Delivery, Conversation)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(Delivery.workspace_id == mail.workspace_id)
        .order_by(col(Delivery.id).desc())
        .limit(1)
    )
    if bounce.original_message_id:
        query = query.where(Message.rfc_message_id == bounce.original_message_id)
    else:
        conversation_id = read_reply_address(mail.envelope_to, settings().secret())
        query = query.where(Conversation.id == (conversation_id or -1))
    return (await db.exec(query)).first()
