"""Texts to insert into an answer."""

from sqlalchemy import Index, text
from sqlmodel import Field

from witei_app.models.base import SQLModel, datetime, id_field, link, moment, prose, word, workspace_link


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
