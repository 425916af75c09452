"""What users write down about contacts. Everybody who sees the contact reads it, its author changes it."""

from sqlalchemy import Integer, bindparam
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit import trail
from witei_app.clock import now
from witei_app.crm.edit import tell_of_contact
from witei_app.crm.rows import NoteRow
from witei_app.crm.visible import find_contact, see_contact
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import AuditAction, Contact, ContactNote, User
from witei_app.texts.when import when_label

LONGEST = 10_000


async def notes_about(db: Session, actor: Actor, contact_id: int, limit: int = 100) -> list[NoteRow]:
    """The notes about a contact, newest first."""
    contact = await see_contact(db, actor, contact_id)
    return await newest_notes(db, actor, contact, limit)


async def newest_notes(db: Session, actor: Actor, contact: Contact, limit: int) -> list[NoteRow]:
    """The same about a contact whom the actor sees."""
    values = {"contact_id": contact.id, "quantity": limit}
    return [_row(note, author, actor) for note, author in (await db.exec(_NEWEST, params=values)).all()]


_NEWEST = (
    select(ContactNote, User.name)
    .outerjoin(User, col(User.id) == col(ContactNote.author_id))
    .where(col(ContactNote.contact_id) == bindparam("contact_id"))
    .order_by(col(ContactNote.id).desc())
    .limit(bindparam("quantity", type_=Integer))
)


async def add_note(db: Session, actor: Actor, contact_id: int, body: str) -> ContactNote:
    """Write down something."""
    actor.must(actor.permissions.can_write)
    contact = await find_contact(db, actor, contact_id)
    note = ContactNote(
        workspace_id=actor.workspace_id, contact_id=contact.id, author_id=actor.user_id, body=_checked(body)
    )
    db.add(note)
    await db.flush()
    await tell_of_contact(db, contact)
    return note


async def edit_note(db: Session, actor: Actor, note_id: int, body: str) -> None:
    """Write one's own note anew."""
    note = await _own(db, actor, note_id)
    note.body = _checked(body)
    await tell_of_contact(db, await find_contact(db, actor, note.contact_id))


async def delete_note(db: Session, actor: Actor, note_id: int) -> None:
    """Remove one's own note."""
    note = await _own(db, actor, note_id)
    contact = await find_contact(db, actor, note.contact_id)
    await db.delete(note)
    trail.note(db, actor, AuditAction.NOTE_DELETED, contact_id=contact.id)
    await tell_of_contact(db, contact)


async def _own(db: Session, actor: Actor, note_id: int) -> ContactNote:
    actor.must(actor.permissions.can_write)
    query = select(ContactNote).where(
        ContactNote.id == note_id,
        ContactNote.workspace_id == actor.workspace_id,
        ContactNote.author_id == actor.user_id,
    )
    note = (await db.exec(query)).one_or_none()
    if note is None:
        raise NotFound("This note is not here, or somebody else wrote it.")
    await see_contact(db, actor, note.contact_id)
    return note


def _checked(body: str) -> str:
    body = body.strip()
    if not body:
        raise Refused("Write something first.")
    if len(body) > LONGEST:
        raise Refused("This note is too long.")
    return body


def _row(note: ContactNote, author: str | None, actor: Actor) -> NoteRow:
    when = when_label(note.created_at, now(), actor.time_zone, actor.language)
    detail = f"{author}, {when}" if author else when
    is_own = note.author_id == actor.user_id and actor.permissions.can_write
    return NoteRow(note.id, note.body, detail, is_own)
