"""The states that a quote goes through, by a user, by its contact, by time; each shows in its conversations."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.log import record
from witei_app.crm.quotes import find_quote, must_be_written, tell_of_quote
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.live.events import ConversationChanged, MessageChanged, RecordChanged, announce
from witei_app.models import Attachment, Conversation, EventKind, Message, Quote, QuoteState
from witei_app.outbox.webhooks.tell import Happening, tell

_NEXT = {
    QuoteState.DRAFT: {QuoteState.SENT},
    QuoteState.SENT: {QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.WITHDRAWN},
    QuoteState.ACCEPTED: {QuoteState.SENT},
    QuoteState.DECLINED: {QuoteState.SENT},
    QuoteState.EXPIRED: {QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.WITHDRAWN},
    QuoteState.WITHDRAWN: {QuoteState.SENT},
}
_KINDS = {
    QuoteState.SENT: EventKind.QUOTE_SENT,
    QuoteState.ACCEPTED: EventKind.QUOTE_ACCEPTED,
    QuoteState.DECLINED: EventKind.QUOTE_DECLINED,
    QuoteState.EXPIRED: EventKind.QUOTE_EXPIRED,
    QuoteState.WITHDRAWN: EventKind.QUOTE_WITHDRAWN,
}
_MOST_CONVERSATIONS = 5


async def set_state(db: Session, actor: Actor, quote_id: int, state: str) -> None:
    """Take a quote to its next state; refuses one that does not follow, and a draft that is not written yet."""
    actor.must(actor.permissions.can_write)
    quote = await find_quote(db, actor, quote_id, to_change=True)
    if state == quote.state:
        return
    if state not in _NEXT[QuoteState(quote.state)]:
        raise Refused("This quote cannot go to that state.")
    if quote.state == QuoteState.DRAFT:
        await must_be_written(db, quote)
    await go_to(db, actor, quote, QuoteState(state))


async def go_to(db: Session, actor: Actor, quote: Quote, state: QuoteState, name: str = "", answer: str = "") -> None:
    """The quote, which is locked, is in this state now. `name` is what the contact typed."""
    is_answer = state in {QuoteState.ACCEPTED, QuoteState.DECLINED}
    quote.state = state
    if state == QuoteState.SENT:
        quote.sent_at = quote.sent_at or now()
    quote.answered_at = now() if is_answer else None
    quote.answered_by, quote.answer = name, answer
    await log_quote(db, actor, quote, _KINDS[state], name)


async def mark_sent(db: Session, actor: Actor, quote_ids: Sequence[int]) -> None:
    """These go out with a message, which says so itself: drafts among them are sent now.

    Refuses one that has lost its lines since it was attached.
    """
    if not quote_ids:
        return
    drafts = select(Quote).where(col(Quote.id).in_(quote_ids), Quote.state == QuoteState.DRAFT).with_for_update()
    for quote in (await db.exec(drafts)).all():
        await must_be_written(db, quote)
    went = await db.exec(
        update(Quote)
        .where(
            col(Quote.id).in_(quote_ids),
            col(Quote.workspace_id) == actor.workspace_id,
            col(Quote.state) == QuoteState.DRAFT,
        )
        .values(state=QuoteState.SENT, sent_at=now())
        .returning(col(Quote.id), col(Quote.contact_id))
    )
    for quote_id, contact_id in went.all():
        _tell(db, actor, Happening.QUOTE_SENT, quote_id, contact_id)
        announce(db, RecordChanged(actor.workspace_id, "quotes", quote_id, contact_id))


async def log_quote(db: Session, actor: Actor, quote: Quote, kind: EventKind, name: str = "") -> None:
    """Write down in the conversations that have the quote what happened to it, and show it in open tabs.

    An entry's `data` holds the quote's id, its number, and the name of the contact who answered.
    """
    await db.flush()
    tell_of_quote(db, quote)
    _tell(db, actor, Happening(kind.value.replace("_", ".")), quote.id, quote.contact_id)
    for conversation in await _conversations_of(db, quote):
        record(db, actor, conversation, kind, quote=quote.id, number=quote.number, name=name[:80])
        announce(db, ConversationChanged(quote.workspace_id, conversation.id, conversation.assignee_id))
    query = (
        select(Message.conversation_id, Message.id)
        .join(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(Attachment.quote_id == quote.id)
        .limit(100)
    )
    for conversation_id, message_id in (await db.exec(query)).all():
        announce(db, MessageChanged(quote.workspace_id, conversation_id, message_id))


def _tell(db: Session, actor: Actor, happening: Happening, quote_id: int, contact_id: int) -> None:
    tell(db, actor.workspace_id, happening, quote_id=quote_id, contact_id=contact_id, user_id=actor.user_id)


async def _conversations_of(db: Session, quote: Quote) -> Sequence[Conversation]:
    """Those that it was sent in; else the contact's newest one."""
    sent_in = (
        select(Message.conversation_id)
        .join(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(Attachment.quote_id == quote.id)
    )
    there = select(Conversation).where(
        Conversation.workspace_id == quote.workspace_id, col(Conversation.deleted_at).is_(None)
    )
    newest_first = there.order_by(col(Conversation.last_message_at).desc())
    found = await db.exec(newest_first.where(col(Conversation.id).in_(sent_in)).limit(_MOST_CONVERSATIONS))
    return (
        found.all() or (await db.exec(newest_first.where(Conversation.contact_id == quote.contact_id).limit(1))).all()
    )


def last_day_over() -> date:
    """Days before this one are over everywhere on earth: in the last time zone twelve hours after UTC."""
    return (now() - timedelta(hours=12)).date()


async def expire_quotes() -> int:
    """Sent quotes whose last day is over have expired. Gives how many."""
    async with transaction() as db:
        query = (
            select(Quote)
            .where(Quote.state == QuoteState.SENT, col(Quote.valid_until) < last_day_over())
            .order_by(col(Quote.id))
            .limit(50)
            .with_for_update(skip_locked=True)
        )
        late = (await db.exec(query)).all()
        for quote in late:
            await go_to(db, Actor.system(quote.workspace_id), quote, QuoteState.EXPIRED)
    return len(late)
