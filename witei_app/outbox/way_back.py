"""What stands below an answer to a visitor of a web chat: how to go on, by mail or in the chat."""

from html import escape

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.mail.chat_link import chat_link
from witei_app.models import Channel, Conversation, Message, Visitor, Widget
from witei_app.texts.visitors import language, words


async def way_back(db: Session, conversation: Conversation, message: Message, recipient: str) -> str:
    """A line of HTML with the link that opens the chat again; "" where this address is no visitor's."""
    if conversation.channel != Channel.WEB_CHAT:
        return ""
    query = (
        select(Visitor, Widget.key)
        .join(Widget, col(Widget.id) == col(Visitor.widget_id))
        .where(Visitor.conversation_id == conversation.id, Visitor.email == recipient, col(Widget.is_enabled))
    )
    found = (await db.exec(query)).first()
    if found is None:
        return ""
    visitor, key = found
    texts = words(language(visitor.language))
    address = escape(chat_link(key, visitor, message.created_at), quote=True)
    return f'<p>{escape(texts["mail_back"])} <a href="{address}">{escape(texts["mail_open"])}</a></p>'
