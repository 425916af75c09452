"""Which contacts, and with them which notes, quotes and tickets, an actor may see."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from witei_app.accounts.actor import Actor
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.models import Contact, Conversation, ConversationScope, Quote, Reach, Ticket


def may_see_contact(actor: Actor) -> ColumnElement[bool]:
    """The condition on Contact: the actor's workspace; a narrower reach means one's own and whom one talks to.

    Who sees only some conversations reads no more about other people than is needed, whatever the other levels say.
    """
    is_here = and_(col(Contact.merged_into_id).is_(None), col(Contact.erased_at).is_(None))
    ours = and_(col(Contact.workspace_id) == actor.workspace_id, is_here)
    responsible = col(Contact.responsible_id)
    talks = exists(select(Conversation.id).where(Conversation.contact_id == Contact.id, may_see(actor)))
    if actor.permissions.contact_scope == Reach.NONE:
        return and_(ours, talks)
    if actor.permissions.contact_scope == Reach.ALL and actor.scope == ConversationScope.ALL:
        return ours
    own = or_(responsible == actor.user_id, talks)
    if actor.scope == ConversationScope.OWN_AND_UNASSIGNED:
        own = or_(own, responsible.is_(None))
    return and_(ours, own)


def may_see_quote(actor: Actor) -> ColumnElement[bool]:
    """The condition on Quote, joined with its Contact; a narrower reach means those that one wrote."""
    return and_(
        col(Quote.workspace_id) == actor.workspace_id,
        may_see_contact(actor),
        _reach(actor.permissions.quote_scope, col(Quote.author_id) == actor.user_id),
    )


def may_see_ticket(actor: Actor) -> ColumnElement[bool]:
    """The condition on Ticket, joined with its Contact; a narrower reach means those that one has."""
    return and_(
        col(Ticket.workspace_id) == actor.workspace_id,
        may_see_contact(actor),
        _reach(actor.permissions.ticket_scope, col(Ticket.assignee_id) == actor.user_id),
    )


def _reach(level: str, own: ColumnElement[bool]) -> ColumnElement[bool]:
    match level:
        case Reach.ALL:
            return true()
        case Reach.OWN:
            return own
        case _:
            return false()


def visible_contacts(actor: Actor) -> SelectOfScalar[Contact]:
    """The query for all contacts that the actor may see."""
    return select(Contact).where(may_see_contact(actor))


async def find_contact(db: Session, actor: Actor, contact_id: int) -> Contact:
    """A contact to act on, locked until the transaction ends, or NotFound."""
    query = visible_contacts(actor).where(Contact.id == contact_id).with_for_update()
    return _found((await db.exec(query)).one_or_none())


async def see_contact(db: Session, actor: Actor, contact_id: int) -> Contact:
    """A contact to look at, or NotFound."""
    return _found((await db.exec(visible_contacts(actor).where(Contact.id == contact_id))).one_or_none())


def _found(contact: Contact | None) -> Contact:
    if contact is None:
        raise NotFound("This contact is not here, or you may not see it.")
    return contact
