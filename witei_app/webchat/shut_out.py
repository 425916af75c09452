"""The agency closes a chat to its visitor: no token and no link opens it any more."""

import secrets

from sqlalchemy import delete
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.conversations.visible import find_conversation
from witei_app.db import Session
from witei_app.live.events import VisitorGone, announce
from witei_app.models import AuditAction, Visitor, VisitorToken
from witei_app.webchat.visitors import token_hash


async def shut_out(db: Session, actor: Actor, conversation_id: int) -> None:
    """Each browser that has it open loses it, mailed links are dead. The conversation stays as it is."""
    actor.must(actor.permissions.can_delete)
    conversation = await find_conversation(db, actor, conversation_id)
    query = select(Visitor).where(Visitor.conversation_id == conversation.id).with_for_update()
    for visitor in (await db.exec(query)).all():
        visitor.token_hash = token_hash(secrets.token_urlsafe(32))
        visitor.external_id = ""
        db.add(visitor)
        await db.exec(delete(VisitorToken).where(col(VisitorToken.visitor_id) == visitor.id))
    note(db, actor, AuditAction.VISITOR_SHUT_OUT, contact_id=conversation.contact_id)
    announce(db, VisitorGone(actor.workspace_id, conversation.id, "closed"))
