"""What the CRM knows of the contact, beside the thread: a query for the history, one for each kind that there is."""

from typing import Any

from sqlalchemy import bindparam, or_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.clock import now
from witei_app.conversations.head import Head
from witei_app.conversations.rows import CardRow, DetailsRow
from witei_app.conversations.visible import visible_conversations
from witei_app.conversations.visit import local_time, visit_row
from witei_app.crm.addresses import addresses_besides
from witei_app.crm.local_time import zone_of
from witei_app.crm.money import euros
from witei_app.crm.notes import newest_notes
from witei_app.crm.quotes import quotes_of_contact
from witei_app.crm.visible import may_see_ticket
from witei_app.db import Session
from witei_app.mail.encrypted import in_readers_words
from witei_app.models import (
    Channel,
    Contact,
    Conversation,
    Status,
    Ticket,
    TicketConversation,
)
from witei_app.texts import translate
from witei_app.texts.people import initials, language_name, tint
from witei_app.texts.when import moment_label, when_label

CARDS = 5
MOST_NOTES = 20


async def contact_details(db: Session, actor: Actor, conversation: Conversation, head: Head) -> DetailsRow:
    """The contact of a conversation that the actor sees."""
    contact = head.contact
    return DetailsRow(
        contact_id=contact.id,
        name=contact.full_name,
        initials=initials(contact.full_name),
        tint=tint(contact.id),
        place="",
        responsible=head.responsible,
        email=contact.email,
        phone=contact.phone,
        language=language_name(contact.language, actor.language),
        origin=translate(contact.origin, actor.language) if contact.origin else "",
        created=moment_label(contact.created_at, actor.time_zone, actor.language),
        local_time=local_time(zone_of(contact, actor.time_zone), actor.language),
        addresses=await addresses_besides(db, contact) if head.has_addresses else [],
        notes=await newest_notes(db, actor, contact, MOST_NOTES) if head.has_notes else [],
        history=await history_with(db, actor, contact.id, besides=conversation.id),
        tickets=await _tickets(db, actor, contact.id, conversation.id) if head.has_tickets else [],
        quotes=await _quotes(db, actor, contact.id) if head.has_quotes else [],
        visit=await visit_row(db, actor, conversation),
    )


async def history_with(db: Session, actor: Actor, contact_id: int, *, besides: int = 0) -> list[CardRow]:
    """The latest conversations with a contact that the actor sees, but for one."""
    values = asked_by(actor, of=contact_id, besides=besides)
    found = (await db.exec(_history(actor), params=values)).all()
    return [conversation_card(conversation, actor) for conversation in found]


def conversation_card(conversation: Conversation, actor: Actor) -> CardRow:
    """A conversation as a link: what it is about, its state, when it last moved."""
    return CardRow(
        conversation.id,
        conversation.subject
        or in_readers_words(conversation.preview, actor.language)
        or translate("Web chat", actor.language),
        _state(conversation.status, conversation.last_message_at, actor),
        f"/conversations/{conversation.id}",
        conversation.channel == Channel.EMAIL,
    )


async def _tickets(db: Session, actor: Actor, contact_id: int, conversation_id: int) -> list[CardRow]:
    """The contact's newest tickets; of those that are linked with the open conversation it is said."""
    asked = asked_by(actor, of=contact_id, here=conversation_id)
    return [
        CardRow(
            ticket.id,
            f"#{ticket.number} {ticket.title}",
            _ticket_detail(ticket, is_linked, actor),
            f"/tickets/{ticket.id}",
        )
        for ticket, is_linked in (await db.exec(_newest_tickets(actor), params=asked)).all()
    ]


def _ticket_detail(ticket: Ticket, is_linked: bool | None, actor: Actor) -> str:
    words = [translate(ticket.state, actor.language), translate(ticket.priority, actor.language)]
    return " · ".join([*words, *([translate("this conversation", actor.language)] if is_linked else [])])


async def _quotes(db: Session, actor: Actor, contact_id: int) -> list[CardRow]:
    return [
        CardRow(
            quote.id,
            f"{quote.number} {quote.title}",
            f"{euros(quote.total, actor.language)} · {translate(quote.state, actor.language)}",
            f"/quotes/{quote.id}",
        )
        for quote in await quotes_of_contact(db, actor, contact_id, CARDS)
    ]


@prepared
def _history(actor: Actor) -> Any:
    return (
        visible_conversations(actor)
        .where(col(Conversation.contact_id) == bindparam("of"), col(Conversation.id) != bindparam("besides"))
        .order_by(col(Conversation.last_message_at).desc())
        .limit(CARDS)
    )


@prepared
def _newest_tickets(actor: Actor) -> Any:
    links = select(TicketConversation.ticket_id).where(col(TicketConversation.conversation_id) == bindparam("here"))
    is_here = or_(col(Ticket.conversation_id) == bindparam("here"), col(Ticket.id).in_(links))
    return (
        select(Ticket, is_here)
        .join(Contact, col(Contact.id) == col(Ticket.contact_id))
        .where(col(Ticket.contact_id) == bindparam("of"), may_see_ticket(actor))
        .order_by(col(Ticket.id).desc())
        .limit(CARDS)
    )


def _state(status: str, at: object, actor: Actor) -> str:
    return f"{translate('archived' if status == Status.ARCHIVED else 'open', actor.language)} · {_when(at, actor)}"


def _when(at: object, actor: Actor) -> str:
    return when_label(at, now(), actor.time_zone, actor.language)  # type: ignore[arg-type]
