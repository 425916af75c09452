"""What is being written."""

from typing import Any

from sqlalchemy import Index, PrimaryKeyConstraint, false, text
from sqlmodel import Field

from witei_app.models.base import Json, SQLModel, datetime, json_field, link, moment, prose, word, workspace_link


class Draft(SQLModel, table=True):
    """What a user has begun to write in a conversation.

    `recipients` holds what was changed about whom it goes to: "to", "cc" and "bcc", each a list of [name, address];
    without them it goes to whoever wrote last. "from" is the address of ours that was chosen. `is_note` is what becomes
    an internal note.
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


class FirstDraft(SQLModel, table=True):
    """What a user has begun to write to somebody new; one for each user. `recipients` is as in Draft."""

    __tablename__ = "first_draft"

    user_id: int = link("user.id", ondelete="CASCADE", primary_key=True)
    workspace_id: int = workspace_link()
    subject: str = word(length=998)
    html: str = prose()
    recipients: dict[str, Any] = json_field(dict)
    updated_at: datetime = moment()
