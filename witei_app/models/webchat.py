"""The chat on the agency's website."""

from typing import Any

from sqlalchemy import Index

from witei_app.models.base import SQLModel, datetime, id_field, json_field, link, moment, word, workspace_link


class Widget(SQLModel, table=True):
    """A chat for one site. `key` is public; `sites` are the origins where it may run, none means all.

    `texts` may hold "welcome" and "title" for each language: {"es": {"welcome": "…"}}.
    """

    __table_args__ = (Index("ix_widget_workspace", "workspace_id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    key: str = word(length=32, unique=True)
    name: str = word()
    is_enabled: bool = True
    colour: str = word("#1d5fe0", 7)
    sites: list[str] = json_field(list)
    texts: dict[str, Any] = json_field(dict)
    created_at: datetime = moment()


class Visitor(SQLModel, table=True):
    """A browser on an agency's site. Its token is kept as SHA-256 alone; it opens this visitor's conversation only."""

    __table_args__ = (
        Index("ix_visitor_workspace", "workspace_id"),
        Index("ix_visitor_conversation", "conversation_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    widget_id: int = link("widget.id", ondelete="CASCADE")
    token_hash: str = word(length=64, unique=True)
    contact_id: int | None = link("contact.id", optional=True, ondelete="SET NULL")
    conversation_id: int | None = link("conversation.id", optional=True, ondelete="SET NULL")
    read_number: int = 0
    language: str = word("", 16)
    browser: str = word(length=300)
    page_url: str = word(length=2000)
    page_title: str = word(length=300)
    referrer: str = word(length=2000)
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
