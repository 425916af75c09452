"""Files of messages, those on their way up, and those that nothing uses any more."""

from sqlalchemy import Index

from witei_app.models.base import SQLModel, datetime, id_field, link, moment, word, workspace_link


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
