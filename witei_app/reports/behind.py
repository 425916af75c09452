"""What is behind a number: exactly the conversations that made it, with the moments that did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, false, func, true
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.models import Conversation, ConversationEvent, EventKind
from witei_app.reports.asked import NOBODY, Asked, happened, of_user
from witei_app.reports.new import opened_for

FIGURES = ("new", "closed", "sent", "received", "first_response", "rated")
MOST = 200


@dataclass(frozen=True)
class Evidence:
    """One entry of the log that a figure counted. `contact_name` is "" when the actor may not see the conversation."""

    conversation_id: int
    contact_name: str
    channel: str
    opened_at: datetime
    at: datetime
    seconds: int | None
    user_id: int
    stars: int | None = None


async def evidence(db: Session, actor: Actor, asked: Asked, figure: str, most: int | None = MOST) -> Sequence[Evidence]:
    """The entries behind a figure, in the order of time; at most `most` of them, all when None."""
    event = ConversationEvent
    name = case((may_see(actor), col(Conversation.contact_name)), else_="")
    query = (
        select(  # type: ignore[call-overload]
            event.conversation_id,
            name,
            event.channel,
            event.opened_at,
            event.at,
            event.seconds,
            _whose(figure, asked),
            event.stars,
        )
        .join(Conversation, col(Conversation.id) == col(event.conversation_id))
        .where(*_counted(asked, figure))
        .order_by(col(event.at), col(event.id))
        .limit(most)
    )
    return [Evidence(*row) for row in (await db.exec(query)).all()]


def _whose(figure: str, asked: Asked) -> Any:
    if figure in ("sent", "first_response"):
        return func.coalesce(ConversationEvent.user_id, NOBODY)
    return col(ConversationEvent.assignee_id)


def _counted(asked: Asked, figure: str) -> list[Any]:
    event, by_people = ConversationEvent, col(ConversationEvent.is_automatic) == false()
    match figure:
        case "new":
            return opened_for(asked)
        case "closed":
            return [happened(asked, EventKind.ARCHIVED), *of_user(asked, col(event.assignee_id))]
        case "rated":
            return [happened(asked, EventKind.RATED), *of_user(asked, col(event.assignee_id))]
        case "received":
            return [happened(asked, EventKind.MESSAGE_IN), by_people, *of_user(asked, col(event.assignee_id))]
        case _:
            is_first = col(event.seconds).is_not(None) if figure == "first_response" else true()
            author = func.coalesce(event.user_id, NOBODY)
            return [happened(asked, EventKind.MESSAGE_OUT), and_(by_people, is_first), *of_user(asked, author)]
