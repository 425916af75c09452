"""Why a mail is in its conversation, and who vouches for its sender: what the thread shows when asked."""

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.move import has_others
from witei_app.conversations.own_mail import SENT_HERE
from witei_app.conversations.rows import WhyRow
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.mail.authenticate import verdict_sentence
from witei_app.models import Conversation, Direction, InboundMail, Message
from witei_app.texts import later, translate

UNCHECKED = "Who really sent it has not been checked."
OURS = later("Nobody outside had to vouch for it: only your agency puts mails into its folder of sent mail.")
FETCHED = later("It was fetched from a mailbox, and bears no signature by which its sender could be checked.")


async def why_here(db: Session, actor: Actor, message_id: int) -> WhyRow:
    """Everything about one mail that the actor may see."""
    query = (
        select(Message, InboundMail)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(InboundMail, col(InboundMail.id) == col(Message.inbound_mail_id))
        .where(Message.id == message_id, may_see(actor))
    )
    found = (await db.exec(query)).one_or_none()
    if found is None:
        raise NotFound
    message, mail = found
    title = await _title(db, actor, message.points_to_id)
    return WhyRow(
        message_id=message.id,
        reason=reason_words(message.routed_by, actor.language),
        points_to=message.points_to_id or 0 if title else 0,
        points_to_title=title,
        sender=mail.envelope_from,
        recipient=mail.envelope_to,
        verdict=mail.verdict,
        verdict_words=verdict_words(mail, actor.language),
        checks=mail.checks,
        source_url=f"/messages/{message.id}/source",
        can_split=message.direction == Direction.IN and await has_others(db, message),
    )


def reason_words(routed_by: str, language: str) -> str:
    """The stored reason: a sentence, and below it what its placeholder stands for."""
    sentence, _, value = routed_by.partition("\n")
    return translate(sentence, language, id=value, name=value) if sentence else ""


def verdict_words(mail: InboundMail | None, language: str) -> str:
    """Who vouches for the sender, as a sentence."""
    if mail is None or not mail.verdict or (mail.verdict == "unknown" and "temperror" in mail.checks):
        return translate(UNCHECKED, language)
    if mail.verdict == SENT_HERE:
        return translate(OURS, language)
    if mail.verdict == "unknown" and mail.imap_account_id is not None:
        return translate(FETCHED, language)
    return verdict_sentence(mail.verdict, mail.checked_domain, language)


async def _title(db: Session, actor: Actor, conversation_id: int | None) -> str:
    """What the conversation is called, "" when the actor may not see it."""
    if conversation_id is None:
        return ""
    query = select(Conversation).where(Conversation.id == conversation_id, may_see(actor))
    conversation = (await db.exec(query)).one_or_none()
    return f"{conversation.contact_name} · {conversation.subject}" if conversation else ""
