"""What happened to a ticket: lines of its history, comments, and entries in the conversations linked with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.details import conversation_card
from witei_app.conversations.log import record
from witei_app.conversations.visible import visible_conversations
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
# Of a conversation that the reader may not see, or that is no more.
_UNSEEN = {
    TicketEntryKind.LINKED: later("{who} linked a conversation"),
    TicketEntryKind.UNLINKED: later("{who} unlinked a conversation"),
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
    """The newest lines of the history of a ticket that the actor sees, oldest first.

    Two queries, and one where conversations were linked: of those that the actor does not see no title is told.
    """
    query = (
        select(TicketEntry, User.name)
        .outerjoin(User, col(User.id) == col(TicketEntry.user_id))
        .where(TicketEntry.ticket_id == ticket.id)
        .order_by(col(TicketEntry.id).desc())
        .limit(MOST_SHOWN)
    )
    found = list(reversed((await db.exec(query)).all()))
    entries = [entry for entry, _ in found]
    known = Known(await _names(db, entries), await _titles(db, actor, entries))
    return [_row(entry, user or "", known, actor) for entry, user in found]


@dataclass(frozen=True)
class Known:
    """What the ids in the entries stand for: names of users, titles of the conversations that the actor sees."""

    names: dict[str, str]
    titles: dict[str, str]


async def _names(db: Session, entries: Sequence[TicketEntry]) -> dict[str, str]:
    ids = {int(one) for entry in entries if entry.kind == "assignee" for one in (entry.before, entry.after) if one}
    if not ids:
        return {}
    query = select(User.id, User.name).where(col(User.id).in_(ids))
    return {str(user_id): name for user_id, name in (await db.exec(query)).all()}


async def _titles(db: Session, actor: Actor, entries: Sequence[TicketEntry]) -> dict[str, str]:
    ids = {int(one) for one in map(_linked, entries) if one.isdecimal() and len(one) < 19}
    if not ids:
        return {}
    found = (await db.exec(visible_conversations(actor).where(col(Conversation.id).in_(ids)))).all()
    return {str(one.id): conversation_card(one, actor).title for one in found}


def _linked(entry: TicketEntry) -> str:
    """The id of the conversation that the entry is about. Older entries have its title, as it was then."""
    return entry.before or entry.after if entry.kind in _UNSEEN else ""


def _row(entry: TicketEntry, who: str, known: Known, actor: Actor) -> TicketEntryRow:
    kind = TicketEntryKind(entry.kind)

    def said(value: str) -> str:
        if kind == TicketEntryKind.ASSIGNEE:
            return known.names.get(value) or translate("nobody", actor.language)
        if kind in _UNSEEN:
            return known.titles.get(value, "")
        return translate(value, actor.language) if kind in _WORDS else value

    is_seen = kind not in _UNSEEN or _linked(entry) in known.titles
    sentence = _SENTENCES[kind] if is_seen else _UNSEEN[kind]
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
