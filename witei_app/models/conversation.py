"""Threads with contacts: the conversation, its messages, its log, who has read it, and the counters of the list."""

from typing import Any

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, false, text
from sqlmodel import Field

from witei_app.models.base import (
    Id,
    Json,
    SQLModel,
    StrEnum,
    datetime,
    id_field,
    json_field,
    link,
    moment,
    prose,
    word,
    workspace_link,
)


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
    bin, `emptied_at` that it was deleted for good: only the shell of it is left, for the log. `origin` and `widget_id`
    (0 is none) say where it began; they never change, for reports count by them.
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
    origin: str = word(length=64, sa_column_kwargs={"server_default": ""})
    widget_id: int = Field(default=0, sa_type=Id, nullable=False, sa_column_kwargs={"server_default": text("0")})

    @property
    def is_archived(self) -> bool:
        return self.status == Status.ARCHIVED


class Direction(StrEnum):
    """`withdrawn` was called back before it left: an empty place that keeps the numbers without a gap."""

    IN = "in"
    OUT = "out"
    NOTE = "note"
    WITHDRAWN = "withdrawn"


# Neither notes nor what was taken back: the contact may see these.
PASSED_BETWEEN_US = (Direction.IN, Direction.OUT)


class Message(SQLModel, table=True):
    """One message of a conversation, or an internal note.

    `number` is its place in the conversation, from 1. `client_id` is what its sender's side called it, so that a
    repeated request is recognised; `dedupe_key` recognises a mail that is delivered twice. `address` is where it came
    from, or for an answer where it goes. `text` is what the person wrote, `rest_text` the quoted history and signature
    below it. `html` is sanitised for display in place; when `is_rich`, the mail's own HTML is shown from the raw mail.
    `routed_by` says why it is in this conversation; `points_to_id` is the one that it seems to belong to, when its
    sender takes no part there. `sender_address_id` is which of our addresses an answer goes out from, the default one
    when it is empty.
    """

    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index("ix_message_rfc_id", "workspace_id", "rfc_message_id"),
        # When a conversation is deleted for good, what points at it is found without reading every message.
        Index(
            "ix_message_points_to",
            "points_to_id",
            sqlite_where=text("points_to_id IS NOT NULL"),
            postgresql_where=text("points_to_id IS NOT NULL"),
        ),
        Index(
            "ix_message_inbound_mail",
            "inbound_mail_id",
            sqlite_where=text("inbound_mail_id IS NOT NULL"),
            postgresql_where=text("inbound_mail_id IS NOT NULL"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    number: int = 0
    direction: str = word(Direction.IN, 16)
    user_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    author_name: str = word()
    address: str = word(length=320)
    subject: str = word(length=998)
    text: str = prose()
    html: str = prose()
    signature_html: str = prose()
    rest_text: str = prose()
    rfc_message_id: str | None = word(None, 998)
    in_reply_to: str | None = word(None, 998)
    client_id: str | None = word(None, 64)
    dedupe_key: str | None = word(None, 64)
    inbound_mail_id: int | None = link("inbound_mail.id", optional=True, ondelete="SET NULL")
    sender_address_id: int | None = link("sender_address.id", optional=True, ondelete="SET NULL")
    is_rich: bool = False
    is_automatic: bool = False
    has_files: bool = False
    routed_by: str = word(length=300)
    points_to_id: int | None = link("conversation.id", optional=True, ondelete="SET NULL")
    created_at: datetime = moment()

    @property
    def is_internal(self) -> bool:
        return self.direction == Direction.NOTE


class Attachment(SQLModel, table=True):
    """A file of a message. The bytes lie in the file store under their SHA-256, never under `name`.

    With a `quote_id` it is that quote as PDF, and is shown as a card.
    """

    __table_args__ = (
        Index("ix_attachment_message", "message_id"),
        Index("ix_attachment_sha256", "sha256"),
        Index("ix_attachment_quote", "quote_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    message_id: int = link("message.id", ondelete="CASCADE")
    sha256: str = word(length=64)
    name: str = word()
    content_type: str = word("application/octet-stream", 127)
    content_id: str = word(length=255)
    is_inline: bool = False
    size: int = 0
    quote_id: int | None = link("quote.id", optional=True, ondelete="SET NULL")


class Upload(SQLModel, table=True):
    """A file that a user has attached to an answer not yet sent. Sending turns it into an `Attachment`.

    Without a conversation it waits in the one that the user is about to begin.
    """

    __table_args__ = (
        Index("ix_upload_draft", "user_id", "conversation_id"),
        Index("ix_upload_conversation", "conversation_id"),
        Index("ix_upload_created", "created_at"),
        Index("ix_upload_sha256", "sha256"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    conversation_id: int | None = link("conversation.id", optional=True, ondelete="CASCADE")
    sha256: str = word(length=64)
    name: str = word()
    content_type: str = word("application/octet-stream", 127)
    size: int = 0
    quote_id: int | None = link("quote.id", optional=True, ondelete="CASCADE")
    created_at: datetime = moment()


class UnusedFile(SQLModel, table=True):
    """Bytes of the file store whose rows are gone: the worker removes them where nothing else names them."""

    __tablename__ = "unused_file"
    __table_args__ = (Index("ix_unused_file_created", "created_at"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    sha256: str = word(length=64)
    created_at: datetime = moment()


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


class Draft(SQLModel, table=True):
    """What a user has begun to write in a conversation.

    `recipients` holds what was changed about whom it goes to: "to", "cc" and "bcc", each a list of [name, address].
    Empty, it goes to whoever wrote last. `is_note` is what becomes an internal note.
    """

    __table_args__ = (
        PrimaryKeyConstraint("user_id", "conversation_id"),
        Index("ix_draft_conversation", "conversation_id"),
    )

    user_id: int = link("user.id", ondelete="CASCADE")
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    workspace_id: int = workspace_link()
    html: str = prose()
    recipients: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, nullable=False, sa_column_kwargs={"server_default": text("'{}'")}
    )
    is_note: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    updated_at: datetime = moment()


class MessageTemplate(SQLModel, table=True):
    """A title and text to insert, with {{placeholders}}; `user_id` is empty when the team shares it.

    `channel` and `language` are empty for any. `used` counts how often it was inserted.
    """

    __tablename__ = "message_template"
    __table_args__ = (Index("ix_message_template_workspace", "workspace_id", "title"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int | None = link("user.id", optional=True, ondelete="CASCADE")
    title: str = word()
    subject: str = word(length=998)
    html: str = prose()
    language: str = word("", 8)
    folder: str = word(length=80, sa_column_kwargs={"server_default": text("''")})
    channel: str = word(length=16, sa_column_kwargs={"server_default": text("''")})
    used: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    used_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()


class TemplateFile(SQLModel, table=True):
    """A file that goes with a template: whoever inserts the template has it in the draft."""

    __tablename__ = "template_file"
    __table_args__ = (Index("ix_template_file_template", "template_id"), Index("ix_template_file_sha256", "sha256"))

    id: int = id_field()
    workspace_id: int = workspace_link()
    template_id: int = link("message_template.id", ondelete="CASCADE")
    sha256: str = word(length=64)
    name: str = word()
    content_type: str = word("application/octet-stream", 127)
    size: int = 0
    created_at: datetime = moment()
