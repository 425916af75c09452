"""Two contacts that are one person: what each has is shown side by side, then all of it belongs to one of them."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, func, true, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.visible import may_see
from witei_app.crm.contacts import search_text
from witei_app.crm.edit import rename_in_conversations, tell_of_contact
from witei_app.crm.rows import FieldRow, MergeRow
from witei_app.crm.visible import find_contact, may_see_quote, may_see_ticket, see_contact, visible_contacts
from witei_app.db import Session, transaction
from witei_app.errors import Refused
from witei_app.live.events import RecordChanged, announce
from witei_app.models import (
    AuditAction,
    Contact,
    ContactAddress,
    ContactNote,
    Conversation,
    Quote,
    Ticket,
    User,
    metadata,
)
from witei_app.outbox.webhooks.tell import Happening, tell
from witei_app.texts import later, translate
from witei_app.texts.people import language_name
from witei_app.texts.visitors import own_name
from witei_app.texts.when import date_label, local_day

# What a contact has one of, with its English name: chosen from either side.
CHOSEN = {
    "name": later("Name"),
    "surnames": later("Surnames"),
    "email": later("E-mail"),
    "phone": later("Phone"),
    "language": later("Language"),
    "origin": later("Origin"),
    "responsible_id": later("Responsible"),
}


def _all(_actor: Actor) -> ColumnElement[bool]:
    return true()


# All of it moves; how much it is, is told as far as the actor sees it.
_MOVED: dict[str, tuple[Any, Callable[[Actor], ColumnElement[bool]]]] = {
    later("Conversations"): (Conversation, may_see),
    later("Notes"): (ContactNote, _all),
    later("Quotes"): (Quote, may_see_quote),
    later("Tickets"): (Ticket, may_see_ticket),
    later("Addresses"): (ContactAddress, _all),
}


async def merge_preview(db: Session, actor: Actor, kept_id: int, other_id: int) -> MergeRow:
    """What merging would do; where this contact has nothing, or no own name, the other's is chosen. Seven queries."""
    kept, other = await see_contact(db, actor, kept_id), await see_contact(db, actor, other_id)
    ids = [one.responsible_id for one in (kept, other) if one.responsible_id]
    names = dict((await db.exec(select(User.id, User.name).where(col(User.id).in_(ids)))).all())
    fields = []
    for name, label in CHOSEN.items():
        mine, theirs = (_said(getattr(one, name), name, names, actor) for one in (kept, other))
        is_choice = bool(mine and theirs and mine != theirs)
        is_other = not mine or (name == "name" and not own_name(mine) and bool(own_name(theirs)))
        fields.append(FieldRow(name, translate(label, actor.language), mine, theirs, is_choice, is_other))
    moved = []
    for label, (table, seen) in _MOVED.items():
        count = select(func.count(table.contact_id)).join(Contact, col(Contact.id) == table.contact_id)
        quantity = (await db.exec(count.where(Contact.id == other.id, seen(actor)))).one()
        moved += [f"{translate(label, actor.language)}: {quantity}"] if quantity else []
    return MergeRow(kept.id, other.id, kept.full_name, other.full_name, fields, moved)


def _said(value: str | int | None, name: str, names: Mapping[int, str], actor: Actor) -> str:
    if name == "responsible_id":
        return names.get(int(value or 0), "")
    return language_name(str(value), actor.language) if name == "language" else str(value or "")


async def merge_contacts(
    db: Session, actor: Actor, kept_id: int, other_id: int, choices: Mapping[str, bool]
) -> Contact:
    """All that the other has is this contact's; `choices` names the fields that come from the other.

    Both must be within what the actor may see. The other stays as a signpost: its page leads to this contact.
    """
    actor.must(actor.permissions.can_write)
    if kept_id == other_id:
        raise Refused("This is the same contact.")
    both = {one: await find_contact(db, actor, one) for one in sorted((kept_id, other_id))}  # one order for everybody
    kept, other = both[kept_id], both[other_id]
    for name in CHOSEN:
        if choices.get(name) or not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    kept.created_at = min(kept.created_at, other.created_at)
    kept.time_zone = kept.time_zone or other.time_zone
    kept.search_text = search_text(kept)
    note(db, actor, AuditAction.CONTACTS_MERGED, changes={"other": (None, other.id)}, contact_id=kept.id)
    _make_signpost(other, kept, actor)
    await db.flush()
    await _move_all(db, other, kept)
    tell(db, kept.workspace_id, Happening.CONTACT_CHANGED, contact_id=kept.id, user_id=actor.user_id)
    await tell_of_contact(db, kept)
    announce(db, RecordChanged(other.workspace_id, "contacts", other.id))
    return kept


def _make_signpost(other: Contact, kept: Contact, actor: Actor) -> None:
    other.merged_into_id, other.merged_by_id, other.merged_at = kept.id, actor.user_id, now()
    other.name, other.surnames = other.full_name[:255], ""
    other.email = other.phone = other.search_text = ""  # found no more, and nobody's duplicate


async def _move_all(db: Session, other: Contact, kept: Contact) -> None:
    """Whatever points at a contact, in every table that there is; older signposts too."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is _id_of_contact() for key in column.foreign_keys):
                await db.exec(update(table).where(column == other.id).values({column.name: kept.id}))
    await rename_in_conversations(db, kept)


def _id_of_contact() -> object:
    contact: Table = metadata.tables["contact"]
    return contact.c.id


async def merged_into(db: Session, actor: Actor, contact_id: int) -> int:
    """Where the page of a contact that is no more leads to, 0 for nowhere that the actor may see."""
    query = select(Contact.merged_into_id).where(Contact.id == contact_id, Contact.workspace_id == actor.workspace_id)
    goal = (await db.exec(query)).first()
    seen = visible_contacts(actor).where(Contact.id == goal) if goal else None
    return goal or 0 if seen is not None and (await db.exec(seen)).first() else 0


async def merges_of(db: Session, actor: Actor, contact_id: int) -> list[str]:
    """The log: whom this contact was merged with, when, by whom; newest first."""
    contact = await see_contact(db, actor, contact_id)
    query = (
        select(Contact, User.name)
        .outerjoin(User, col(User.id) == col(Contact.merged_by_id))
        .where(Contact.merged_into_id == contact.id)
        .order_by(col(Contact.merged_at).desc())
        .limit(20)
    )
    return [_merge_words(gone, user, actor) for gone, user in (await db.exec(query)).all()]


def _merge_words(gone: Contact, user: str | None, actor: Actor) -> str:
    day = date_label(local_day(gone.merged_at or gone.created_at, actor.time_zone), actor.language)
    return translate("Merged with {name} on {day} by {user}", actor.language, name=gone.name, day=day, user=user or "–")


async def move_late_arrivals() -> int:
    """Mail that came in at the very moment of a merge may have gone to the contact that is no more. Gives how many."""
    async with transaction() as db:
        query = (
            select(Conversation, Contact.merged_into_id)
            .join(Contact, col(Contact.id) == col(Conversation.contact_id))
            .where(col(Contact.merged_into_id) > 0)  # a range of the index, which SQLite does not see in IS NOT NULL
            .limit(100)
        )
        late = (await db.exec(query)).all()
        for conversation, goal in late:
            kept = await db.get_one(Contact, goal)
            conversation.contact_id, conversation.contact_name = kept.id, kept.full_name[:255]
            await tell_of_contact(db, kept)
    return len(late)
