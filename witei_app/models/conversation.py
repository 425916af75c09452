"""Threads with contacts, who has read them, and the counters of the list."""

from sqlalchemy import Index, PrimaryKeyConstraint, text
from sqlmodel import Field

from witei_app.models.base import Id, SQLModel, StrEnum, datetime, id_field, link, moment, word, workspace_link


class Channel(StrEnum):
    """How a conversation travels."""

    EMAIL = "email"
    WEB_CHAT = "web_chat"


class Status(StrEnum):
    """Archiving is what reports call closing. What is snoozed is open for them: it comes back by itself."""

    OPEN = "open"
    ARCHIVED = "archived"
    SNOOZED = "snoozed"


class Conversation(SQLModel, table=True):
    """One thread with one contact on one channel, with everything that its line in the list shows.

    `last_number` is the number of its newest message: numbers count 1, 2, 3 … in each conversation without a gap.
    `last_inbound_id` is the id of the newest message from the contact: greater than a user's cursor means unread.
    `last_user_id` wrote the newest message, nobody when the contact did. `waiting_since` is when the contact's first
    unanswered message came, `snoozed_until` when it comes back into the open list. `deleted_at` means that it is in the
    bin, `emptied_at` that it was deleted for good: only the shell of it is left, for the log, and as a signpost where
    it became part of another (`merged_into_id`). `origin` and `widget_id` (0 is none) say where it began; they never
    change, for reports count by them.
    """

    __table_args__ = (
        Index("ix_conversation_list", "workspace_id", "status", "last_message_at", "id"),
        Index("ix_conversation_assignee_list", "workspace_id", "assignee_id", "status", "last_message_at", "id"),
        Index("ix_conversation_channel_list", "workspace_id", "channel", "status", "last_message_at", "id"),
        Index(
            "ix_conversation_waiting",
            *("workspace_id", "waiting_since", "id"),
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_conversation_assignee_waiting",
            *("workspace_id", "assignee_id", "waiting_since", "id"),
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_conversation_snoozed",
            *("snoozed_until", "id"),
            sqlite_where=text("snoozed_until IS NOT NULL"),
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
        Index(
            "ix_conversation_bin",
            *("workspace_id", "deleted_at", "id"),
            sqlite_where=text("deleted_at IS NOT NULL AND emptied_at IS NULL"),
            postgresql_where=text("deleted_at IS NOT NULL AND emptied_at IS NULL"),
        ),
        Index("ix_conversation_unread", "workspace_id", "status", "last_inbound_id"),
        Index("ix_conversation_contact", "contact_id", "last_message_at"),
        Index(
            "ix_conversation_merged_into",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    contact_id: int = link("contact.id", ondelete="CASCADE")
    assignee_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    channel: str = word(Channel.EMAIL, 16)
    status: str = word(Status.OPEN, 16)
    subject: str = word(length=998)
    contact_name: str = word()
    preview: str = word(length=300)
    last_number: int = 0
    last_inbound_id: int = Field(default=0, sa_type=Id, nullable=False)
    last_user_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    last_message_at: datetime = moment()
    needs_reply: bool = False
    has_failed: bool = False
    waiting_since: datetime | None = moment(optional=True)
    opened_at: datetime = moment()
    first_replied_at: datetime | None = moment(optional=True)
    archived_at: datetime | None = moment(optional=True)
    snoozed_until: datetime | None = moment(optional=True)
    deleted_at: datetime | None = moment(optional=True)
    emptied_at: datetime | None = moment(optional=True)
    merged_into_id: int | None = link("conversation.id", optional=True, ondelete="SET NULL")
    origin: str = word(length=64, sa_column_kwargs={"server_default": ""})
    widget_id: int = Field(default=0, sa_type=Id, nullable=False, sa_column_kwargs={"server_default": text("0")})

    @property
    def is_archived(self) -> bool:
        return self.status == Status.ARCHIVED


class ReadCursor(SQLModel, table=True):
    """How far a user has read a conversation: the id of the newest message seen."""

    __tablename__ = "read_cursor"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "conversation_id"),
        Index("ix_read_cursor_conversation", "conversation_id"),
    )

    user_id: int = link("user.id", ondelete="CASCADE")
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    workspace_id: int = workspace_link()
    message_id: int = Field(default=0, sa_type=Id, nullable=False)


class ConversationCount(SQLModel, table=True):
    """How many conversations there are, kept as they change: `assignee_id` 0 is unassigned.

    `status` "bin" counts what is in the bin, whatever its status; "needs_reply" those of the open ones a second time
    whose contact waits for an answer.
    """

    __tablename__ = "conversation_count"
    __table_args__ = (PrimaryKeyConstraint("workspace_id", "assignee_id", "status", "channel"),)

    workspace_id: int = workspace_link()
    assignee_id: int = Field(default=0, sa_type=Id, nullable=False)
    status: str = word(length=16)
    channel: str = word(Channel.EMAIL, 16)
    quantity: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
