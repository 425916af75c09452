"""Where an incoming mail belongs: by signed reply address, then by the mails it answers; never by subject."""

from dataclasses import dataclass

from sqlmodel import col, select

from witei_app.conversations.recipients import takes_part
from witei_app.db import Session
from witei_app.mail.addresses import normalise_address, read_reply_address
from witei_app.mail.types import ParsedMail
from witei_app.models import Contact, Conversation, InboundMail, Message
from witei_app.settings import settings

MOST_REFERENCES = 50
BY_ADDRESS = "It was sent to the reply address of this conversation."
ANSWERS = "It answers the message {id} of this conversation."
STRANGER = "It answers the message {id}, but its sender takes no part in that conversation."
NEW = "It answers no message that we know, so it opened a conversation."


@dataclass(frozen=True)
class Route:
    """The conversation that a mail continues (None: it opens its own) and why, for "Why is this here?".

    `why` is a sentence with at most one placeholder, and what that stands for on a line of its own. `points_to` is the
    conversation that it seems to belong to although its sender takes no part there.
    """

    conversation_id: int | None
    why: str
    points_to: int | None = None


async def route_mail(db: Session, mail: InboundMail, parsed: ParsedMail, contact: Contact) -> Route:
    """Decide, and say why. A sender who is not a participant joins no thread by its ids alone."""
    by_address = read_reply_address(mail.envelope_to, settings().secret())
    if by_address is not None and await _is_in_workspace(db, mail.workspace_id, by_address):
        return Route(by_address, BY_ADDRESS)
    for message_id in _answered(parsed):
        conversation = await _by_message_id(db, mail.workspace_id, message_id)
        if conversation is None:
            continue
        if conversation.contact_id == contact.id or await takes_part(
            db, conversation, normalise_address(parsed.sender.email)
        ):
            return Route(conversation.id, f"{ANSWERS}\n{message_id}")
        return Route(None, f"{STRANGER}\n{message_id}", points_to=conversation.id)
    return Route(None, NEW)


def _answered(parsed: ParsedMail) -> list[str]:
    """What it answers, nearest first: In-Reply-To, then References from the end (RFC 5322 3.6.4)."""
    nearest_first = (*parsed.in_reply_to, *reversed(parsed.references))
    return list(dict.fromkeys(nearest_first))[:MOST_REFERENCES]


async def _is_in_workspace(db: Session, workspace_id: int, conversation_id: int) -> bool:
    query = select(Conversation.id).where(Conversation.id == conversation_id, Conversation.workspace_id == workspace_id)
    return (await db.exec(query.where(col(Conversation.emptied_at).is_(None)))).one_or_none() is not None


async def _by_message_id(db: Session, workspace_id: int, message_id: str) -> Conversation | None:
    query = (
        select(Conversation)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(Message.workspace_id == workspace_id, Message.rfc_message_id == message_id)
        .order_by(col(Message.id).desc())
        .limit(1)
    )
    return (await db.exec(query)).first()
