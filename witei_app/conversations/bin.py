"""The bin: what was deleted waits there, administrators take it out or delete it for good, time empties it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, false, func, update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.counts import places_of, recount
from witei_app.conversations.erased_words import forget_words
from witei_app.conversations.files import discard_unused
from witei_app.conversations.log import record
from witei_app.conversations.visible import WORKSPACE, may_see
from witei_app.db import Session, reading, transaction
from witei_app.errors import NotFound
from witei_app.files import UNNAMED_SECONDS
from witei_app.live.events import ConversationChanged, announce
from witei_app.models import (
    Attachment,
    AuditAction,
    Conversation,
    ConversationEvent,
    Delivery,
    DemoMail,
    Direction,
    Draft,
    EventKind,
    InboundMail,
    Message,
    Notification,
    ReadCursor,
    Ticket,
    UnusedFile,
    Upload,
    Visitor,
    Workspace,
)
from witei_app.texts import translate


@dataclass(frozen=True)
class Contents:
    """What goes when a conversation is deleted for good."""

    messages: int
    files: int
    drafts: int


def is_in_bin(actor: Actor, workspace_id: Any = WORKSPACE) -> ColumnElement[bool]:
    """The condition on Conversation: in the bin of the workspace, for administrators alone."""
    if not actor.is_admin:
        return false()
    in_bin = and_(col(Conversation.deleted_at).is_not(None), col(Conversation.emptied_at).is_(None))
    return and_(workspace_id == actor.workspace_id, in_bin)


def may_look(actor: Actor) -> ColumnElement[bool]:
    """What the actor may see, and for administrators what is in the bin."""
    return may_see(actor) | is_in_bin(actor) if actor.is_admin else may_see(actor)


async def find_in_bin(db: Session, actor: Actor, conversation_id: int) -> Conversation:
    """A deleted conversation to act on, locked until the transaction ends, or NotFound."""
    query = select(Conversation).where(is_in_bin(actor), Conversation.id == conversation_id)
    conversation = (await db.exec(query.with_for_update())).one_or_none()
    if conversation is None:
        raise NotFound("This conversation is not in the bin.")
    return conversation


async def look_at(db: Session, actor: Actor, conversation_id: int) -> Conversation:
    """A conversation to look at, in the bin too for administrators, or NotFound."""
    values = asked_by(actor, conversation_id=conversation_id)
    conversation: Conversation | None = (await db.exec(_looked_at(actor), params=values)).one_or_none()
    if conversation is None:
        raise NotFound("This conversation is not here, or you may not see it.")
    return conversation


@prepared
def _looked_at(actor: Actor) -> Any:
    return select(Conversation).where(may_look(actor), col(Conversation.id) == bindparam("conversation_id"))


async def due_at(db: Session, conversation: Conversation) -> datetime:
    """When it is deleted for good."""
    days = (await db.exec(select(Workspace.bin_days).where(Workspace.id == conversation.workspace_id))).one()
    return (conversation.deleted_at or now()) + timedelta(days=days)


async def contents_of(db: Session, conversation_id: int) -> Contents:
    """How much there is in it. One query."""
    mine = (Message.conversation_id == conversation_id) & (Message.direction != Direction.WITHDRAWN)
    files = select(func.count(col(Attachment.id))).join(Message, col(Message.id) == Attachment.message_id).where(mine)
    drafts = select(func.count()).where(col(Draft.conversation_id) == conversation_id)
    messages = select(func.count()).where(mine)
    return Contents(*(await db.exec(select(*(one.scalar_subquery() for one in (messages, files, drafts))))).one())


def contents_words(contents: Contents, language: str) -> str:
    """The same in a few words."""
    messages, files, drafts = contents.messages, contents.files, contents.drafts
    return translate(
        "Messages: {messages}. Files: {files}. Drafts: {drafts}.",
        language,
        messages=messages,
        files=files,
        drafts=drafts,
    )


async def delete_for_good(db: Session, actor: Actor, conversation: Conversation) -> None:
    """Messages, mails as they came, files and drafts go; an empty shell stays, for the log that reports read."""
    if actor.user_id is not None:
        actor.must_administer()
    if conversation.deleted_at is None or conversation.emptied_at is not None:
        return
    if actor.user_id is not None:
        note(db, actor, AuditAction.CONVERSATION_EMPTIED, contact_id=conversation.contact_id)
    before = places_of(conversation)
    for sha256 in sorted(await _take_contents(db, conversation.id)):
        db.add(UnusedFile(workspace_id=conversation.workspace_id, sha256=sha256))
    for table, to_nothing in ((Visitor, {"conversation_id": None}), (Ticket, {"conversation_id": None})):
        await db.exec(update(table).where(col(table.conversation_id) == conversation.id).values(**to_nothing))
    conversation.subject = conversation.contact_name = conversation.preview = ""
    conversation.last_user_id, conversation.last_inbound_id = None, 0
    conversation.needs_reply, conversation.waiting_since, conversation.snoozed_until = False, None, None
    conversation.emptied_at = now()
    signposts = update(Conversation).where(col(Conversation.merged_into_id) == conversation.id)
    await db.exec(signposts.values(merged_into_id=None))
    forget_words(db)
    recount(db, conversation, before)
    record(db, actor, conversation, EventKind.EMPTIED)
    announce(db, ConversationChanged(conversation.workspace_id, conversation.id, conversation.assignee_id))


async def erase(db: Session, actor: Actor, conversation: Conversation) -> None:
    """Delete it for good at once, without naming anybody in the log: whose data it is wants that."""
    if conversation.deleted_at is None:
        before = places_of(conversation)
        conversation.deleted_at = now()
        recount(db, conversation, before)
        record(db, actor, conversation, EventKind.DELETED)
    await delete_for_good(db, actor, conversation)


# Entries of the log with what the contact said: a comment beside the stars, the name under an answer to a quote.
_WORDED = (EventKind.RATED, EventKind.QUOTE_ACCEPTED, EventKind.QUOTE_DECLINED)


async def _take_contents(db: Session, conversation_id: int) -> set[str]:
    """Remove the rows; gives the files that they named. Deliveries and attachments go with their messages."""
    mine = select(Message.id).where(Message.conversation_id == conversation_id)
    query = select(Message.inbound_mail_id).where(Message.conversation_id == conversation_id)
    mails = {mail_id for mail_id in (await db.exec(query)).all() if mail_id is not None}
    deliveries = select(Delivery.id).where(col(Delivery.message_id).in_(mine))
    named = await _named(db, select(Attachment.sha256).where(col(Attachment.message_id).in_(mine)))
    named |= await _named(db, select(Upload.sha256).where(Upload.conversation_id == conversation_id))
    named |= await _named(db, select(DemoMail.sha256).where(col(DemoMail.delivery_id).in_(deliveries)))
    await db.exec(delete(DemoMail).where(col(DemoMail.delivery_id).in_(deliveries)))
    for table in (Message, Upload, Draft, ReadCursor, Notification):
        await db.exec(delete(table).where(col(table.conversation_id) == conversation_id))
    entries = update(ConversationEvent).where(col(ConversationEvent.conversation_id) == conversation_id)
    await db.exec(entries.where(col(ConversationEvent.kind).in_(_WORDED)).values(data={}))
    return named | await _take_mails(db, mails)


async def _take_mails(db: Session, ids: set[int]) -> set[str]:
    """Mails as they came that no message was made of any more."""
    used = select(Message.id).where(col(Message.inbound_mail_id) == col(InboundMail.id)).exists()
    unused = select(InboundMail.id, InboundMail.sha256).where(col(InboundMail.id).in_(ids), ~used)
    found = (await db.exec(unused)).all()
    await db.exec(delete(InboundMail).where(col(InboundMail.id).in_([mail_id for mail_id, _ in found])))
    return {sha256 for _, sha256 in found}


async def _named(db: Session, query: Any) -> set[str]:
    return set((await db.exec(query)).all())


async def empty_next_due() -> bool:
    """Delete one conversation for good whose days in the bin are over. False: there is none."""
    async with transaction() as db:
        conversation = await _next_due(db)
        if conversation is None:
            return False
        await delete_for_good(db, Actor.system(conversation.workspace_id), conversation)
    return True


async def _next_due(db: Session) -> Conversation | None:
    """Workspace by workspace: each has its own number of days, and the index of its bin."""
    for workspace_id, days in (await db.exec(select(Workspace.id, Workspace.bin_days))).all():
        query = (
            select(Conversation)
            .where(
                Conversation.workspace_id == workspace_id,
                col(Conversation.deleted_at) < now() - timedelta(days=days),
                col(Conversation.emptied_at).is_(None),
            )
            .order_by(col(Conversation.deleted_at))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        conversation = (await db.exec(query)).first()
        if conversation is not None:
            return conversation
    return None


async def drop_unused_files() -> int:
    """Remove the bytes that deleted conversations named, where nothing else does. Gives how many were looked at.

    A little later than the rows: somebody may be storing the same bytes just now.
    """
    async with reading() as db:
        query = select(UnusedFile).where(UnusedFile.created_at < now() - timedelta(seconds=2 * UNNAMED_SECONDS))
        waiting: Sequence[UnusedFile] = (await db.exec(query.limit(200))).all()
    await discard_unused({one.sha256 for one in waiting})
    async with transaction() as db:
        await db.exec(delete(UnusedFile).where(col(UnusedFile.id).in_([one.id for one in waiting])))
    return len(waiting)
