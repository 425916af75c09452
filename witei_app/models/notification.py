"""What users are told besides what they look at, how each wants to be told, and what waits to be mailed."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field

from witei_app.models.base import Id, SQLModel, StrEnum, datetime, id_field, link, moment, word, workspace_link


class NoticeKind(StrEnum):
    """What there is to tell: a contact wrote to me, I was given a conversation, named in a note; nobody has it yet."""

    MESSAGE = "message"
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    UNASSIGNED = "unassigned"


class Notification(SQLModel, table=True):
    """Something that a user is told of a conversation, once for each kind: what comes again moves it to the top.

    `quantity` is how often it came since it was last read, `by_id` the colleague whose doing it is, `message_id` the
    newest message that it is about (0: none).
    """

    __table_args__ = (
        UniqueConstraint("user_id", "conversation_id", "kind"),
        Index("ix_notification_list", "user_id", "at", "id"),
        Index(
            "ix_notification_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notification_conversation", "conversation_id"),
        Index("ix_notification_at", "at"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    kind: str = word(length=16)
    message_id: int = Field(default=0, sa_type=Id, nullable=False)
    by_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    quantity: int = 1
    at: datetime = moment()
    read_at: datetime | None = moment(optional=True)


class NotificationChoice(SQLModel, table=True):
    """How a user is told of one kind; without a row, as notifications/choices.py has it."""

    __tablename__ = "notification_choice"
    __table_args__ = (PrimaryKeyConstraint("user_id", "kind"),)

    user_id: int = link("user.id", ondelete="CASCADE")
    kind: str = word(length=16)
    workspace_id: int = workspace_link()
    in_app: bool = True
    by_browser: bool = True
    by_sound: bool = True
    by_mail: bool = True


class Attention(SQLModel, table=True):
    """When a user last did something here, in which language, and what was mailed since.

    `mails` counts the digests since then: each is a longer pause than the one before.
    """

    __table_args__ = (PrimaryKeyConstraint("user_id"),)

    user_id: int = link("user.id", ondelete="CASCADE")
    workspace_id: int = workspace_link()
    language: str = word(length=8)
    mails: int = 0
    seen_at: datetime = moment()
    mailed_at: datetime | None = moment(optional=True)
