"""What many visitors say at the same time in conversations that there are: one transaction for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import tuple_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.receive import Incoming, receive_messages
from witei_app.db import Session
from witei_app.mail.sanitize import text_to_html
from witei_app.models import Conversation, Message, Visitor
from witei_app.together import Together
from witei_app.webchat.recent import remember


@dataclass(frozen=True)
class MoreSaid:
    """A message without files, of a visitor who has a conversation."""

    workspace_id: int
    visitor_hash: str
    client_id: str
    text: str


Key = tuple[int, str]


async def _store(db: Session, said: Sequence[MoreSaid]) -> list[Message | None]:
    """Each one's message; None for a visitor who has no conversation any more. Sent twice, it is stored once."""
    conversations = await _locked(db, {one.visitor_hash for one in said})
    keys = [_key(one, conversations) for one in said]
    messages = await _known(db, {key for key in keys if key is not None})
    new: dict[Key, tuple[Conversation, MoreSaid]] = {}
    for one, key in zip(said, keys, strict=True):
        if key is not None and key not in messages:
            new.setdefault(key, (conversations[one.visitor_hash], one))
    for workspace_id in {one.workspace_id for _, one in new.values()}:
        ours = {key: pair for key, pair in new.items() if pair[1].workspace_id == workspace_id}
        arriving = [(conversation, _incoming(conversation, one)) for conversation, one in ours.values()]
        stored = await receive_messages(db, Actor.system(workspace_id), arriving)
        messages |= dict(zip(ours, stored, strict=True))
        for message in stored:
            remember(message)
    return [messages[key] if key is not None else None for key in keys]


def _key(one: MoreSaid, conversations: dict[str, Conversation]) -> Key | None:
    conversation = conversations.get(one.visitor_hash)
    return (conversation.id, one.client_id) if conversation else None


async def _locked(db: Session, visitor_hashes: set[str]) -> dict[str, Conversation]:
    """In one order, so that no two processes wait for each other."""
    query = (
        select(Visitor.token_hash, Conversation)
        .join(Conversation, col(Conversation.id) == col(Visitor.conversation_id))
        .where(col(Visitor.token_hash).in_(visitor_hashes))
        .order_by(col(Conversation.id))
        .with_for_update(of=Conversation)
    )
    return dict((await db.exec(query)).all())


async def _known(db: Session, keys: set[Key]) -> dict[Key, Message]:
    if not keys:
        return {}
    query = select(Message).where(tuple_(col(Message.conversation_id), col(Message.client_id)).in_(keys))
    return {(one.conversation_id, one.client_id or ""): one for one in (await db.exec(query)).all()}


def _incoming(conversation: Conversation, one: MoreSaid) -> Incoming:
    name, html = conversation.contact_name, text_to_html(one.text)
    return Incoming(author_name=name, text=one.text, html=html, client_id=one.client_id)


say_more = Together(_store)
