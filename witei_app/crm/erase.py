"""Erasing a person: everything that we have of them goes, after a look at how much that is (GDPR, article 17).

Reports keep their figures: they read the log, which holds numbers and ids alone, and the empty shells of conversations
that it points at. Those need a contact, so an empty one stays where there were conversations, seen by nobody.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, or_, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.bin import delete_for_good
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.erased_words import forget_words
from witei_app.conversations.log import record
from witei_app.crm.rows import EraseRow
from witei_app.crm.visible import find_contact, see_contact
from witei_app.db import Session, transaction
from witei_app.jobs.queue import start_job
from witei_app.live.events import RecordChanged, announce
from witei_app.models import (
    Attachment,
    AuditAction,
    BlockedAddress,
    Contact,
    ContactAddress,
    ContactNote,
    Conversation,
    ConversationEvent,
    DemoMail,
    EventKind,
    FirstDraft,
    InboundMail,
    Job,
    Message,
    Quote,
    Ticket,
    UnusedFile,
    Visitor,
    VisitorFile,
    VisitorToken,
)
from witei_app.texts import later

KIND = "erase"
AT_ONCE = 10  # more conversations are the worker's
REST = 20


async def erase_preview(db: Session, actor: Actor, contact_id: int) -> EraseRow:
    """How much would go. For administrators."""
    actor.must_administer()
    contact = await see_contact(db, actor, contact_id)
    talks = select(Conversation.id).where(Conversation.contact_id == contact.id, col(Conversation.emptied_at).is_(None))
    messages = select(Message.id).where(col(Message.conversation_id).in_(talks))
    rated = col(ConversationEvent.conversation_id).in_(talks) & (col(ConversationEvent.kind) == EventKind.RATED)
    counted = [
        talks,
        messages,
        select(Attachment.id).where(col(Attachment.message_id).in_(messages)),
        select(Message.inbound_mail_id).where(
            col(Message.conversation_id).in_(talks), col(Message.inbound_mail_id).is_not(None)
        ),
        select(ContactNote.id).where(ContactNote.contact_id == contact.id),
        select(Ticket.id).where(Ticket.contact_id == contact.id),
        select(Quote.id).where(Quote.contact_id == contact.id),
        select(Visitor.id).where(_visits(contact.id)),
        select(ConversationEvent.id).where(rated),
    ]
    quantities = (await db.exec(select(*(_count(one) for one in counted)))).one()
    return EraseRow(contact.id, contact.full_name, *quantities)


async def erase_contact(db: Session, actor: Actor, contact_id: int) -> Job | None:
    """All of it goes; nobody sees the contact from now on. Many conversations are the worker's job, which is given."""
    actor.must_administer()
    contact = await find_contact(db, actor, contact_id)
    note(db, actor, AuditAction.CONTACT_ERASED, contact_id=contact.id)
    forget_words(db)
    await _take_records(db, contact)
    talks = await _left(db, contact.id, limit=AT_ONCE + 1)
    if len(talks) > AT_ONCE:
        total = (await db.exec(select(_count(select(Conversation.id).where(*_to_empty(contact.id)))))).one()
        return await start_job(db, actor, KIND, later("Erasing a contact"), {"contact": contact.id}, total=total)
    for conversation in talks:
        await _empty(db, actor, conversation)
    await _take_row(db, contact)
    return None


async def erase_some(db: Session, actor: Actor, job: Job) -> bool:
    """One conversation more; at last the contact, where nothing is left."""
    contact_id = job.request["contact"]
    for conversation in await _left(db, contact_id, limit=1):
        await _empty(db, actor, conversation)
        job.done += 1
        return True
    contact = await db.get(Contact, contact_id)
    if contact is not None:
        await _take_row(db, contact)
    return False


async def erase_rest() -> int:
    """What a job left that was stopped, or that came in just then. Gives how many conversations."""
    async with transaction() as db:
        erased = select(Contact.id).where(col(Contact.erased_at).is_not(None))
        query = select(Conversation).where(col(Conversation.contact_id).in_(erased))
        left = (await db.exec(query.where(col(Conversation.emptied_at).is_(None)).limit(REST))).all()
        for conversation in left:
            await _empty(db, Actor.system(conversation.workspace_id), conversation)
    return len(left)


async def _take_records(db: Session, contact: Contact) -> None:
    """Everything but the conversations."""
    own = select(ContactAddress.address).where(ContactAddress.contact_id == contact.id)
    addresses = sorted({*(await db.exec(own)).all(), contact.email} - {""})
    await _take_visits(db, contact)
    await _take_mails(db, contact.workspace_id, addresses)
    for draft in (await db.exec(select(FirstDraft).where(FirstDraft.workspace_id == contact.workspace_id))).all():
        if any(address in str(draft.recipients).lower() for address in addresses):
            await db.delete(draft)
    await db.exec(delete(Contact).where(col(Contact.merged_into_id) == contact.id))
    for table in (ContactAddress, ContactNote, Ticket, Quote):
        await db.exec(delete(table).where(col(table.contact_id) == contact.id))
    blocked = update(BlockedAddress).where(col(BlockedAddress.workspace_id) == contact.workspace_id)
    await db.exec(blocked.where(col(BlockedAddress.about) == contact.full_name[:255]).values(about=""))
    for name in ("name", "surnames", "email", "phone", "language", "origin", "time_zone", "search_text"):
        setattr(contact, name, "")
    contact.responsible_id, contact.erased_at = None, now()
    announce(db, RecordChanged(contact.workspace_id, "contacts", contact.id))
    for kind in ("tickets", "quotes"):
        announce(db, RecordChanged(contact.workspace_id, kind))


async def _take_visits(db: Session, contact: Contact) -> None:
    visits = (await db.exec(select(Visitor.id, Visitor.token_hash).where(_visits(contact.id)))).all()
    ids, tokens = [one for one, _ in visits], [token for _, token in visits]
    more = select(VisitorToken.token_hash).where(col(VisitorToken.visitor_id).in_(ids))
    files = col(VisitorFile.token_hash).in_([*tokens, *(await db.exec(more)).all()])
    await _forget_files(db, contact.workspace_id, (await db.exec(select(VisitorFile.sha256).where(files))).all())
    await db.exec(delete(VisitorFile).where(files))
    await db.exec(delete(Visitor).where(col(Visitor.id).in_(ids)))


async def _take_mails(db: Session, workspace_id: int, addresses: list[str]) -> None:
    """Mails of theirs that belong to no message (unreadable ones, say), and the demo's copies of ours to them."""
    used = select(Message.id).where(col(Message.inbound_mail_id) == col(InboundMail.id)).exists()
    theirs = func.lower(col(InboundMail.envelope_from)).in_(addresses)
    for table, condition in ((InboundMail, theirs & ~used), (DemoMail, col(DemoMail.recipient).in_(addresses))):
        mine = (col(table.workspace_id) == workspace_id) & condition
        await _forget_files(db, workspace_id, (await db.exec(select(table.sha256).where(mine))).all())
        await db.exec(delete(table).where(mine))


async def _empty(db: Session, actor: Actor, conversation: Conversation) -> None:
    """Out of the list as by deleting it, then for good; without the name of the contact in the audit."""
    if conversation.deleted_at is None:
        before = places_of(conversation)
        conversation.deleted_at = now()
        recount(db, conversation, before)
        record(db, actor, conversation, EventKind.DELETED)
    await delete_for_good(db, Actor.system(conversation.workspace_id), conversation)


async def _take_row(db: Session, contact: Contact) -> None:
    """Without conversations nothing needs the empty row."""
    talks = select(Conversation.id).where(Conversation.contact_id == contact.id).limit(1)
    await db.flush()
    if (await db.exec(talks)).first() is None:
        await db.delete(contact)


async def _left(db: Session, contact_id: int, limit: int) -> Sequence[Conversation]:
    query = select(Conversation).where(*_to_empty(contact_id)).order_by(col(Conversation.id))
    return (await db.exec(query.limit(limit).with_for_update())).all()


def _to_empty(contact_id: int) -> tuple[Any, ...]:
    return col(Conversation.contact_id) == contact_id, col(Conversation.emptied_at).is_(None)


def _visits(contact_id: int) -> Any:
    talks = select(Conversation.id).where(Conversation.contact_id == contact_id)
    return or_(col(Visitor.contact_id) == contact_id, col(Visitor.conversation_id).in_(talks))


def _count(query: Any) -> Any:
    return select(func.count()).select_from(query.subquery()).scalar_subquery()


async def _forget_files(db: Session, workspace_id: int, hashes: Sequence[str]) -> None:
    db.add_all(UnusedFile(workspace_id=workspace_id, sha256=sha256) for sha256 in sorted(set(hashes)))
