"""What was said in a conversation."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text

from witei_app.models.base import (
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
    when it is empty. `invitation` is the calendar invitation that came with it, empty for none.
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
            "ix_message_sender_address",
            "sender_address_id",
            sqlite_where=text("sender_address_id IS NOT NULL"),
            postgresql_where=text("sender_address_id IS NOT NULL"),
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
    invitation: dict[str, Any] = json_field(dict)
    created_at: datetime = moment()

    @property
    def is_internal(self) -> bool:
        return self.direction == Direction.NOTE
