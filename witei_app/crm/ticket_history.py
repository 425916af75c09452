"""What happened to a ticket: lines of its history, comments, and entries in the conversations linked with it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.log import record
from witei_app.crm.rows import TicketEntryRow
from witei_app.db import Session
from witei_app.live.events import ConversationChanged, RecordChanged, announce
from witei_app.models import (
    Conversation,
    EventKind,
    Ticket,
    TicketConversation,
    TicketEntry,
    TicketEntryKind,
    User,
)
from witei_app.texts import later, translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import moment_label, when_label

MOST_SHOWN = 200
_SENTENCES = {
    TicketEntryKind.OPENED: later("{who} opened this ticket"),
    TicketEntryKind.TITLE: later("{who} changed the title from “{before}” to “{after}”"),
    TicketEntryKind.STATE: later("{who} changed the state from {before} to {after}"),
    TicketEntryKind.PRIORITY: later("{who} changed the priority from {before} to {after}"),
    TicketEntryKind.ASSIGNEE: later("{who} gave it from {before} to {after}"),
    TicketEntryKind.LINKED: later("{who} linked the conversation “{after}”"),
    TicketEntryKind.UNLINKED: later("{who} unlinked the conversation “{before}”"),
    TicketEntryKind.COMMENT: later("{who} commented"),
}
_WORDS = {TicketEntryKind.STATE, TicketEntryKind.PRIORITY}


def note_entry(
    db: Session,
    actor: Actor,
    ticket: Ticket,
    kind: TicketEntryKind,
    before: str = "",
    after: str = "",
    body: str = "",
) -> None:
    """Add a line to the history of a ticket, which is stored already; open tabs show the ticket anew."""
    announce(db, RecordChanged(ticket.workspace_id, "tickets", ticket.id, ticket.contact_id))
    db.add(
        TicketEntry(
            workspace_id=ticket.workspace_id,
            ticket_id=ticket.id,
            user_id=actor.user_id,
            kind=kind,
            before=before[:255],
            after=after[:255],
            body=body,
        )
    )


def linked_with(ticket: Ticket) -> ColumnElement[bool]:
    """The condition on Conversation: the ticket was opened from it, or linked with it later."""
    links = select(TicketConversation.conversation_id).where(TicketConversation.ticket_id == ticket.id)
    return or_(col(Conversation.id) == ticket.conversation_id, col(Conversation.id).in_(links))


async def log_ticket(db: Session, actor: Actor, ticket: Ticket, kind: EventKind) -> None:
    """Write down in its conversations what happened. An entry's `data` has the ticket's id, number and state."""
    there = select(Conversation).where(linked_with(ticket), col(Conversation.deleted_at).is_(None))
    for conversation in (await db.exec(there.limit(MOST_SHOWN))).all():
        record(db, actor, conversation, kind, ticket=ticket.id, number=ticket.number, state=ticket.state)
        announce(db, ConversationChanged(ticket.workspace_id, conversation.id, conversation.assignee_id))


async def ticket_history(db: Session, actor: Actor, ticket: Ticket) -> list[TicketEntryRow]:
    """The newest lines of the history of a ticket that the actor sees, oldest first. Two queries."""
    query = (
        select(TicketEntry, User.name)
        .outerjoin(User, col(User.id) == col(TicketEntry.user_id))
        .where(TicketEntry.ticket_id == ticket.id)
        .order_by(col(TicketEntry.id).desc())
        .limit(MOST_SHOWN)
    )
    found = list(reversed((await db.exec(query)).all()))
    names = await _names(db, [entry for entry, _ in found])
    return [_row(entry, user or "", names, actor) for entry, user in found]


async def _names(db: Session, entries: Sequence[TicketEntry]) -> dict[str, str]:
    ids = {int(one) for entry in entries if entry.kind == "assignee" for one in (entry.before, entry.after) if one}
    if not ids:
        return {}
    query = select(User.id, User.name).where(col(User.id).in_(ids))
    return {str(user_id): name for user_id, name in (await db.exec(query)).all()}


def _row(entry: TicketEntry, who: str, names: dict[str, str], actor: Actor) -> TicketEntryRow:
    def said(value: str) -> str:
        if entry.kind == TicketEntryKind.ASSIGNEE:
            return names.get(value) or translate("nobody", actor.language)
        return translate(value, actor.language) if entry.kind in _WORDS else value

    sentence = _SENTENCES[TicketEntryKind(entry.kind)]
    words = {"who": who or "–", "before": said(entry.before), "after": said(entry.after)}
    return TicketEntryRow(
        id=entry.id,
        text=translate(sentence, actor.language, **words),
        body=entry.body,
        when=when_label(entry.at, now(), actor.time_zone, actor.language),
        at=moment_label(entry.at, actor.time_zone, actor.language),
        initials=initials(who),
        tint=tint(entry.user_id or 0),
        is_comment=entry.kind == TicketEntryKind.COMMENT,
    )
