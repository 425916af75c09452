"""A returned mail: its delivery is marked, its conversation comes back to somebody's eyes, its address is flagged."""

from collections.abc import Collection

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.failed import bring_back
from witei_app.conversations.messages import add_message
from witei_app.conversations.returned import note_author, note_text
from witei_app.conversations.route import led_to
from witei_app.db import Session
from witei_app.live.events import DeliveryChanged, announce
from witei_app.mail.addresses import normalise_address, read_reply_address
from witei_app.mail.bounce_cause import explain
from witei_app.mail.sanitize import text_to_html
from witei_app.mail.types import BounceReason
from witei_app.models import (
    ContactAddress,
    Conversation,
    Delivery,
    DeliveryState,
    Direction,
    InboundMail,
    Message,
    Workspace,
)
from witei_app.outbox.webhooks.tell import tell_of_delivery
from witei_app.settings import settings
from witei_app.texts import translate


async def receive_bounce(db: Session, mail: InboundMail, bounce: BounceReason) -> bool:
    """Mark the delivery that the report speaks of. False when it speaks of none of ours: then it is ordinary mail."""
    found = await _delivery(db, mail, bounce)
    if found is None:
        return False
    delivery, conversation_id = found
    if delivery.state == DeliveryState.BOUNCED:
        return True  # said already
    delivery.reason = bounce.reason[:500]
    announce(db, DeliveryChanged(mail.workspace_id, conversation_id, delivery.message_id or 0))
    if bounce.kind == "delayed":
        return True
    delivery.state = DeliveryState.BOUNCED
    delivery.response = bounce.diagnostic
    conversation = await db.get_one(Conversation, conversation_id, with_for_update=True)
    await _tell_team(db, conversation, mail, delivery.recipient, bounce)
    await _flag(db, conversation, delivery, bounce.cause)
    return True


async def bounce_warning(db: Session, workspace_id: int, address: str, language: str) -> str:
    """What to know before writing to an address: that mail to it came back, and why. Empty when nothing is known."""
    asked = {"workspace_id": workspace_id, "address": normalise_address(address)}
    cause = (await db.exec(_CAUSE, params=asked)).one_or_none()
    return (
        translate("Mail to {address} came back.", language, address=address) + " " + explain(cause, language)
        if cause
        else ""
    )


_CAUSE = select(ContactAddress.bounce_cause).where(
    col(ContactAddress.workspace_id) == bindparam("workspace_id"),
    col(ContactAddress.address) == bindparam("address"),
)


async def forget_bounces(db: Session, workspace_id: int, addresses: Collection[str]) -> None:
    """Mail came from these addresses: they work."""
    await db.exec(
        update(ContactAddress)
        .where(
            col(ContactAddress.workspace_id) == workspace_id,
            col(ContactAddress.address).in_(addresses),
            col(ContactAddress.bounce_cause) != "",
        )
        .values(bounce_cause="")
    )


async def _tell_team(
    db: Session, conversation: Conversation, mail: InboundMail, recipient: str, bounce: BounceReason
) -> None:
    """A note that only the team sees, unread for everybody. The report itself is kept as the note's source."""
    system = Actor.system(conversation.workspace_id)
    language = (await db.get_one(Workspace, conversation.workspace_id)).language
    text = note_text(recipient, bounce.cause, language)
    note = Message(
        direction=Direction.NOTE,
        author_name=note_author(language),
        text=text,
        html=text_to_html(text),
        inbound_mail_id=mail.id,
        is_automatic=True,
    )
    await bring_back(db, conversation, DeliveryState.BOUNCED)
    await add_message(db, system, conversation, note)
    conversation.last_inbound_id = note.id
    conversation.has_failed = True


async def _flag(db: Session, conversation: Conversation, delivery: Delivery, cause: str) -> None:
    """Whoever else was written to is perhaps no contact: then there is nothing to flag."""
    address = normalise_address(delivery.recipient)[:320]
    message = await db.get_one(Message, delivery.message_id)
    tell_of_delivery(db, delivery, message)
    if message.address != delivery.recipient:
        await db.exec(
            update(ContactAddress)
            .where(
                col(ContactAddress.workspace_id) == conversation.workspace_id,
                col(ContactAddress.address) == address,
            )
            .values(bounce_cause=cause)
        )
        return
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    await db.exec(
        insert(ContactAddress)
        .values(
            workspace_id=conversation.workspace_id,
            contact_id=conversation.contact_id,
            address=address,
            bounce_cause=cause,
            created_at=now(),
        )
        .on_conflict_do_update(index_elements=["workspace_id", "address"], set_={"bounce_cause": cause})
    )


async def _delivery(db: Session, mail: InboundMail, bounce: BounceReason) -> tuple[Delivery, int] | None:
    """By the Message-ID in the report; by none or one that is not ours, the newest delivery to that address in the
    conversation that it was returned to: some relays give a mail an id of their own.

    Of several recipients it is the one that the report names; a report that names another one (a forwarded address)
    speaks of the first.
    """
    is_named = col(Delivery.recipient) == normalise_address(bounce.recipient)
    query = (
        select(Delivery, Message.conversation_id)
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .where(Delivery.workspace_id == mail.workspace_id)
        .order_by(col(Message.id).desc(), is_named.desc(), col(Delivery.id))
        .limit(1)
    )
    if bounce.original_message_id:
        found = (await db.exec(query.where(Message.rfc_message_id == bounce.original_message_id))).first()
        if found is not None:
            return found
        query = query.where(is_named) if bounce.recipient else query
    signed = read_reply_address(mail.envelope_to, *settings().secrets()) or 0
    goals = await led_to(db, mail.workspace_id, {signed})
    return (await db.exec(query.where(Message.conversation_id == goals.get(signed, 0)))).first()
