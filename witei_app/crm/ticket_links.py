"""Comments on a ticket, and the conversations that it is linked with."""

from sqlalchemy import delete
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.details import conversation_card
from witei_app.conversations.rows import CardRow
from witei_app.conversations.visible import see_conversation, visible_conversations
from witei_app.crm.ticket_history import linked_with, log_ticket, note_entry
from witei_app.crm.tickets import find_ticket, must_write_tickets
from witei_app.db import Session, insert_missing
from witei_app.errors import Refused
from witei_app.models import Conversation, EventKind, Ticket, TicketConversation, TicketEntryKind

LONGEST = 10_000
MOST_CARDS = 30


async def comment_on_ticket(db: Session, actor: Actor, ticket_id: int, body: str) -> None:
    """Write something down for the team."""
    must_write_tickets(actor)
    ticket = await find_ticket(db, actor, ticket_id, to_change=True)
    body = body.strip()
    if not body:
        raise Refused("Write something first.")
    if len(body) > LONGEST:
        raise Refused("This note is too long.")
    note_entry(db, actor, ticket, TicketEntryKind.COMMENT, body=body)


async def link_conversation(db: Session, actor: Actor, ticket_id: int, conversation_id: int) -> None:
    """Link a ticket with one more conversation of its contact."""
    must_write_tickets(actor)
    ticket = await find_ticket(db, actor, ticket_id, to_change=True)
    conversation = await see_conversation(db, actor, conversation_id)
    if conversation.contact_id != ticket.contact_id:
        raise Refused("This conversation is with somebody else.")
    if conversation.id == ticket.conversation_id:
        return
    values = {"ticket_id": ticket.id, "conversation_id": conversation.id, "workspace_id": actor.workspace_id}
    added = insert_missing(db, TicketConversation).values(values)
    if (await db.exec(added.returning(col(TicketConversation.ticket_id)))).first() is None:
        return
    note_entry(db, actor, ticket, TicketEntryKind.LINKED, after=str(conversation.id))
    await log_ticket(db, actor, ticket, EventKind.TICKET_CHANGED)


async def unlink_conversation(db: Session, actor: Actor, ticket_id: int, conversation_id: int) -> None:
    """They have nothing to do with each other any more."""
    must_write_tickets(actor)
    ticket = await find_ticket(db, actor, ticket_id, to_change=True)
    conversation = await see_conversation(db, actor, conversation_id)
    if ticket.conversation_id == conversation.id:
        ticket.conversation_id = None
    else:
        gone = await db.exec(
            delete(TicketConversation).where(
                col(TicketConversation.ticket_id) == ticket.id,
                col(TicketConversation.conversation_id) == conversation.id,
            )
        )
        if not gone.rowcount:
            return  # a double click, or a colleague was faster
    note_entry(db, actor, ticket, TicketEntryKind.UNLINKED, before=str(conversation.id))


async def linked_conversations(db: Session, actor: Actor, ticket: Ticket) -> list[CardRow]:
    """The conversations of a ticket that the actor sees, newest first."""
    query = visible_conversations(actor).where(linked_with(ticket))
    found = (await db.exec(query.order_by(col(Conversation.last_message_at).desc()).limit(MOST_CARDS))).all()
    return [conversation_card(one, actor) for one in found]


async def linkable_conversations(db: Session, actor: Actor, ticket: Ticket) -> list[CardRow]:
    """Other conversations of its contact that the actor sees."""
    linked = select(Conversation.id).where(linked_with(ticket))
    query = visible_conversations(actor).where(
        Conversation.contact_id == ticket.contact_id, col(Conversation.id).not_in(linked)
    )
    found = (await db.exec(query.order_by(col(Conversation.last_message_at).desc()).limit(MOST_CARDS))).all()
    return [conversation_card(one, actor) for one in found]
