"""Who is called in an internal note."""

from sqlalchemy import Index, PrimaryKeyConstraint

from witei_app.models.base import SQLModel, datetime, link, moment, workspace_link


class MessageMention(SQLModel, table=True):
    """A colleague whom a note names with @; told once, by the notification that goes with it."""

    __tablename__ = "message_mention"
    __table_args__ = (
        PrimaryKeyConstraint("message_id", "user_id"),
        Index("ix_message_mention_user", "user_id", "message_id"),
    )

    workspace_id: int = workspace_link()
    message_id: int = link("message.id", ondelete="CASCADE")
    user_id: int = link("user.id", ondelete="CASCADE")
    created_at: datetime = moment()
