""" "Delete my data": what a visitor wrote, and what is known of them, goes for good.

The conversation with its messages, files and mails as they came; the visitor with all tokens, links and copies. An
empty shell stays for the log that reports read, and a contact without name or address, unless the agency knows the
contact from elsewhere: then that stays the agency's, with a note that the chat was deleted.
"""

from sqlalchemy import delete
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.conversations.bin import erase
from witei_app.crm.anonymous import strip_contact
from witei_app.crm.edit import tell_of_contact
from witei_app.db import Session, transaction
from witei_app.live.events import VisitorGone, announce
from witei_app.models import (
    AuditAction,
    Contact,
    ContactNote,
    Conversation,
    Delivery,
    DemoMail,
    SystemMail,
    UnusedFile,
    Visitor,
    VisitorFile,
    VisitorToken,
    Workspace,
)
from witei_app.texts import translate
from witei_app.texts.when import date_label, local_day
from witei_app.webchat.caller import Caller
from witei_app.webchat.protocol import Outgoing


async def forget_visitor(caller: Caller) -> Outgoing:
    """Do it, once; whoever has nothing here is told the same."""
    async with transaction() as db:
        query = select(Visitor).where(Visitor.token_hash == caller.visitor_hash)
        visitor = (await db.exec(query.with_for_update())).one_or_none()
        if visitor is not None:
            await _forget(db, visitor)
    caller.conversation_id = None
    return {"t": "gone", "why": "forgotten"}


async def _forget(db: Session, visitor: Visitor) -> None:
    system = Actor.system(visitor.workspace_id)
    await _drop_files(db, visitor)
    await _drop_copies(db, visitor)
    if visitor.conversation_id is not None:
        query = select(Conversation).where(Conversation.id == visitor.conversation_id)
        conversation = (await db.exec(query.with_for_update())).one()
        announce(db, VisitorGone(visitor.workspace_id, conversation.id, "forgotten"))  # before it is found empty
        about = f"{conversation.id}, {conversation.opened_at:%Y-%m-%d}"
        await erase(db, system, conversation)
        await _leave_word(db, conversation)
        note(db, system, AuditAction.VISITOR_FORGOTTEN, about)
    await db.delete(visitor)
    await db.flush()


async def _leave_word(db: Session, conversation: Conversation) -> None:
    """The contact, nameless or not, says what happened."""
    workspace = await db.get_one(Workspace, conversation.workspace_id)
    day = date_label(local_day(now(), workspace.time_zone), workspace.language)
    name = translate("Visitor (data deleted)", workspace.language)
    await strip_contact(db, conversation.contact_id, name)
    body = translate("On {day} the visitor had their chat and its data deleted.", workspace.language, day=day)
    db.add(ContactNote(workspace_id=workspace.id, contact_id=conversation.contact_id, body=body))
    await tell_of_contact(db, await db.get_one(Contact, conversation.contact_id))


async def _drop_files(db: Session, visitor: Visitor) -> None:
    """Files that still wait for their message."""
    tokens = select(VisitorToken.token_hash).where(VisitorToken.visitor_id == visitor.id)
    hashes = [visitor.token_hash, *(await db.exec(tokens)).all()]
    mine = col(VisitorFile.token_hash).in_(hashes)
    for sha256 in set((await db.exec(select(VisitorFile.sha256).where(mine))).all()):
        db.add(UnusedFile(workspace_id=visitor.workspace_id, sha256=sha256))
    await db.exec(delete(VisitorFile).where(mine))


async def _drop_copies(db: Session, visitor: Visitor) -> None:
    """Copies by mail, sent or not."""
    mails = select(SystemMail.id).where(SystemMail.visitor_id == visitor.id)
    deliveries = select(Delivery.id).where(col(Delivery.system_mail_id).in_(mails))
    kept = col(DemoMail.delivery_id).in_(deliveries)
    for sha256 in set((await db.exec(select(DemoMail.sha256).where(kept))).all()):
        db.add(UnusedFile(workspace_id=visitor.workspace_id, sha256=sha256))
    await db.exec(delete(DemoMail).where(kept))
    await db.exec(delete(SystemMail).where(col(SystemMail.visitor_id) == visitor.id))
