"""Where an incoming mail belongs: by signed reply address, then by the mails it answers; never by subject."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import col, select

from witei_app.conversations.recipients import takes_part
from witei_app.db import Session
from witei_app.mail.addresses import normalise_address, read_reply_address
from witei_app.mail.types import ParsedMail
from witei_app.models import Contact, Conversation, InboundMail, Message
from witei_app.planner import not_sought_by
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


@dataclass(frozen=True)
class Asked:
    """A mail to route, and the contact that wrote it."""

    mail: InboundMail
    parsed: ParsedMail
    contact: Contact


async def route_mails(db: Session, workspace_id: int, asked: Sequence[Asked]) -> list[Route]:
    """Decide for each mail, and say why. A sender who is not a participant joins no thread by its ids alone."""
    secrets = settings().secrets()
    signed = {one.mail.id: read_reply_address(one.mail.envelope_to, *secrets) for one in asked}
    here = await led_to(db, workspace_id, {one for one in signed.values() if one is not None})
    unsigned = [one for one in asked if signed[one.mail.id] not in here]
    answered = {message_id for one in unsigned for message_id in answered_ids(one.parsed)}
    known = await conversations_of_messages(db, workspace_id, answered)
    return [
        Route(goal, BY_ADDRESS) if (goal := here.get(signed[one.mail.id] or 0)) else await _route(db, one, known)
        for one in asked
    ]


async def _route(db: Session, asked: Asked, known: Mapping[str, Conversation]) -> Route:
    for message_id in answered_ids(asked.parsed):
        if message_id not in known:
            continue
        conversation = known[message_id]
        is_contacts = conversation.contact_id == asked.contact.id
        if is_contacts or await takes_part(db, conversation, normalise_address(asked.parsed.sender.email)):
            return Route(conversation.id, f"{ANSWERS}\n{message_id}")
        return Route(None, f"{STRANGER}\n{message_id}", points_to=conversation.id)
    return Route(None, NEW)


def answered_ids(parsed: ParsedMail) -> list[str]:
    """What it answers, nearest first: In-Reply-To, then References from the end (RFC 5322 3.6.4)."""
    nearest_first = (*parsed.in_reply_to, *reversed(parsed.references))
    return list(dict.fromkeys(nearest_first))[:MOST_REFERENCES]


async def led_to(db: Session, workspace_id: int, conversation_ids: Collection[int]) -> dict[int, int]:
    """Those that are there, and those that became part of another, with where each leads to."""
    if not conversation_ids:
        return {}
    query = select(Conversation.id, func.coalesce(Conversation.merged_into_id, Conversation.id)).where(
        col(Conversation.id).in_(conversation_ids),
        not_sought_by(col(Conversation.workspace_id)) == workspace_id,
        or_(col(Conversation.emptied_at).is_(None), col(Conversation.merged_into_id).is_not(None)),
    )
    return dict((await db.exec(query)).all())


async def conversations_of_messages(
    db: Session, workspace_id: int, message_ids: Collection[str]
) -> dict[str, Conversation]:
    """Where the newest message with each of these Message-IDs lies."""
    if not message_ids:
        return {}
    query = (
        select(Message.rfc_message_id, Conversation)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(Message.workspace_id == workspace_id, col(Message.rfc_message_id).in_(message_ids))
        .order_by(col(Message.id))
    )
    return {message_id or "": conversation for message_id, conversation in (await db.exec(query)).all()}
