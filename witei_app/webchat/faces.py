"""The pictures of those who answer."""

from collections.abc import Sequence

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.models import Message, User
from witei_app.webchat.look import portrait_address


async def faces_of(db: Session, messages: Sequence[Message]) -> dict[int, str]:
    """Where the picture of each message's author is shown, by the message's id. No query where no user wrote."""
    authors = {message.user_id for message in messages if message.user_id is not None}
    if not authors:
        return {}
    query = select(User.id, User.portrait).where(col(User.id).in_(authors), User.portrait != "")
    portraits = dict((await db.exec(query)).all())
    return {
        message.id: portrait_address(portraits[message.user_id]) for message in messages if message.user_id in portraits
    }
