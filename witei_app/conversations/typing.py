"""Telling that somebody is writing an answer: colleagues who look at it, and the visitor of a web chat."""

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.live.events import ColleagueWriting, UserTyping, announce
from witei_app.models import Channel, Conversation


def tell_typing(db: Session, actor: Actor, conversation: Conversation, *, is_note: bool = False) -> None:
    """Let them see it; notes are no business of the visitor's."""
    if actor.user_id is None:
        return
    announce(db, ColleagueWriting(conversation.workspace_id, conversation.id, actor.user_id))
    if conversation.channel == Channel.WEB_CHAT and not is_note:
        announce(db, UserTyping(conversation.workspace_id, conversation.id, actor.user_id, actor.name))
