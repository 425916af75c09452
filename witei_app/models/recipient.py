"""Whom a message was written to."""

from sqlalchemy import Index

from witei_app.models.base import SQLModel, StrEnum, id_field, link, word, workspace_link


class RecipientKind(StrEnum):
    """The header it stands in (RFC 5322, 3.6.2 and 3.6.3); `bcc` stands in none and is known to the sender alone."""

    TO = "to"
    CC = "cc"
    BCC = "bcc"
    REPLY_TO = "reply_to"


class MessageRecipient(SQLModel, table=True):
    """One address of a message, in the order of its headers. Of mail that came in, those besides our own inbound one.

    `address` is compared as it is: lower case, the domain in ASCII. How it fares stands in the Delivery to the same
    address. Answers from before there were several recipients have none of these rows: `Message.address` is theirs.
    """

    __tablename__ = "message_recipient"
    __table_args__ = (
        Index("ix_message_recipient_message", "message_id"),
        Index("ix_message_recipient_address", "workspace_id", "address"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    message_id: int = link("message.id", ondelete="CASCADE")
    kind: str = word(RecipientKind.TO, 8)
    name: str = word()
    address: str = word(length=320)
