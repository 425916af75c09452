"""Telling the visitor of a web chat that somebody is writing an answer."""

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.live.events import UserTyping, announce
from witei_app.models import Channel, Conversation


def tell_typing(db: Session, actor: Actor, conversation: Conversation) -> bool:
    """Let the visitor see it. False when there is nobody to see: mail has no such thing."""
    if conversation.channel != Channel.WEB_CHAT or actor.user_id is None:
        return False
    announce(db, UserTyping(conversation.workspace_id, conversation.id, actor.user_id, actor.name))
    return True
