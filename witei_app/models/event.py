"""The log of a conversation, which is only added to."""

from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from witei_app.models.base import (
    Id,
    SQLModel,
    StrEnum,
    datetime,
    id_field,
    json_field,
    link,
    moment,
    word,
    workspace_link,
)
from witei_app.models.conversation import Channel
from witei_app.models.message import Direction


class EventKind(StrEnum):
    """What can happen to a conversation. `emptied`: it was deleted for good, and what was in it is gone."""

    OPENED = "opened"
    MESSAGE_IN = "message_in"
    MESSAGE_OUT = "message_out"
    NOTE = "note"
    ASSIGNED = "assigned"
    ARCHIVED = "archived"
    REOPENED = "reopened"
    DELETED = "deleted"
    RESTORED = "restored"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    EMPTIED = "emptied"
    RATED = "rated"
    QUOTE_SENT = "quote_sent"
    QUOTE_READ = "quote_read"
    QUOTE_ACCEPTED = "quote_accepted"
    QUOTE_DECLINED = "quote_declined"
    QUOTE_EXPIRED = "quote_expired"
    QUOTE_WITHDRAWN = "quote_withdrawn"
    TICKET_OPENED = "ticket_opened"
    TICKET_CHANGED = "ticket_changed"


# What a message is in the log, by its direction.
KINDS_OF_MESSAGES = {
    Direction.IN: EventKind.MESSAGE_IN,
    Direction.OUT: EventKind.MESSAGE_OUT,
    Direction.NOTE: EventKind.NOTE,
}
DIRECTIONS_OF_MESSAGES = {kind: direction for direction, kind in KINDS_OF_MESSAGES.items()}
# Most of the log is how it began, and messages. The rest has an index, which serves queries with this very condition.
BESIDES_MESSAGES = "kind NOT IN ('opened', 'message_in', 'message_out', 'note')"


class ConversationEvent(SQLModel, table=True):
    """The append-only log that reports read. `data` holds ids alone: message, assignee before and after; of a rating
    also the visitor's sentence, which goes with the conversation.

    Each entry says for itself what reports add up, so that no later change of the conversation moves a past figure:
    `assignee_id` had the conversation after it (0 is nobody), `previous_id` before an assignment; `seconds` is the
    closing time on an archiving, the first response time on the message that is the first reply; `backlog` is how many
    open conversations came to the assignee by it (an assignment takes as many from the previous one); `stars` are those
    of a rating, 1 to 5.
    """

    __tablename__ = "conversation_event"
    __table_args__ = (
        Index("ix_conversation_event_conversation", "conversation_id", "id"),
        Index(
            "ix_conversation_event_besides",
            *("conversation_id", "id"),
            sqlite_where=text(BESIDES_MESSAGES),
            postgresql_where=text(BESIDES_MESSAGES),
        ),
        Index(
            "ix_conversation_event_report",
            *("workspace_id", "kind", "at", "assignee_id", "user_id", "channel", "seconds", "backlog", "is_automatic"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    kind: str = word(length=24)
    user_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    after_number: int = 0
    data: dict[str, Any] = json_field(dict)
    channel: str = word(Channel.EMAIL, 16)
    origin: str = word(length=64)
    assignee_id: int = Field(default=0, sa_type=Id, nullable=False)
    previous_id: int = Field(default=0, sa_type=Id, nullable=False)
    is_automatic: bool = False
    seconds: int | None = None
    stars: int | None = None
    backlog: int = 0
    opened_at: datetime = moment()
    at: datetime = moment()
