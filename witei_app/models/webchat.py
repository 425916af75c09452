"""The chat on the agency's website."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text

from witei_app.models.base import SQLModel, datetime, id_field, json_field, link, moment, prose, word, workspace_link


class Widget(SQLModel, table=True):
    """A chat for one site. `key` is public; `sites` are the origins where it may run, none means all.

    `texts` may hold words of its own for each language: {"es": {"welcome": "…"}}. `position` is the side of the page,
    "right" or "left"; `language` that of the chat, the page's when empty. `assignee_id` gets new chats, with
    `is_in_turn` each of those present in turn. `file_kinds` are "all", "pictures" or "documents", of at most
    `most_file_mb` (0: the installation's). `form` says what is asked first, `hours` when somebody is there ("follows"
    in it: when the workspace says), `nudge` when it speaks first: `webchat.form`, `accounts.office_hours` and
    `webchat.nudge` read them. `identity_secret` is sealed; the site signs with it who is signed in there, the one
    before is right for a day more. `last_seen_at` and `last_seen_site` tell where it last was. Who waits for an
    answer for `patience_minutes` is asked for an address.
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
    position: str = word("right", 8)
    button_text: str = word(length=40)
    language: str = word("", 8)
    assignee_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    takes_files: bool = True
    file_kinds: str = word("all", 16)
    most_file_mb: int = 0
    is_in_turn: bool = False
    shows_logo: bool = True
    nudge: dict[str, Any] = json_field(dict)
    form: dict[str, Any] = json_field(dict)
    hours: dict[str, Any] = json_field(dict)
    patience_minutes: int = 2
    identity_secret: str = prose()
    identity_secret_before: str = prose()
    identity_changed_at: datetime | None = moment(optional=True)
    last_seen_at: datetime | None = moment(optional=True)
    last_seen_site: str = word(length=300)
    created_at: datetime = moment()


class Visitor(SQLModel, table=True):
    """A browser on an agency's site. Its token is kept as SHA-256 alone; it opens this visitor's conversation only.

    `email` and `phone` are what was typed, never checked, so they identify nobody. `claimed` is what the site says of
    its user ("id", "name", "email"), `external_id` that id once a signature proves it. Answers up to `mailed_number`
    went to `email` too; at `mail_due_at` those that were not read by then follow. `address` is where the last visit
    came from (an IPv4 address or an IPv6 /64), forgotten after a month; `country` its country, where the operator has a
    database for it. Who is blocked finds no chat.
    """

    __table_args__ = (
        Index("ix_visitor_workspace", "workspace_id"),
        Index("ix_visitor_conversation", "conversation_id"),
        Index("ix_visitor_contact", "contact_id"),
        Index(
            "ix_visitor_mail_due",
            "mail_due_at",
            sqlite_where=text("mail_due_at IS NOT NULL"),
            postgresql_where=text("mail_due_at IS NOT NULL"),
        ),
        Index(
            "ix_visitor_external",
            *("widget_id", "external_id"),
            unique=True,
            sqlite_where=text("external_id <> ''"),
            postgresql_where=text("external_id <> ''"),
        ),
        Index(
            "ix_visitor_blocked",
            *("workspace_id", "blocked_at"),
            sqlite_where=text("blocked_at IS NOT NULL"),
            postgresql_where=text("blocked_at IS NOT NULL"),
        ),
        Index(
            "ix_visitor_address_seen",
            "last_seen_at",
            sqlite_where=text("address <> ''"),
            postgresql_where=text("address <> ''"),
        ),
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
    path: list[Any] = json_field(list)
    page_title: str = word(length=300)
    referrer: str = word(length=2000)
    time_zone: str = word("", 64)
    claimed: dict[str, Any] = json_field(dict)
    external_id: str = word(length=200)
    email: str = word(length=320)
    phone: str = word(length=32)
    consented_at: datetime | None = moment(optional=True)
    address: str = word(length=45)
    country: str = word(length=2)
    blocked_at: datetime | None = moment(optional=True)
    blocked_by_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    mailed_number: int = 0
    mail_due_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()
    last_seen_at: datetime = moment()


class VisitorToken(SQLModel, table=True):
    """One more browser of a visitor: it came by the link in a mail, or its page proved who is there.

    The token itself is in that browser; here only its SHA-256.
    """

    __tablename__ = "visitor_token"
    __table_args__ = (
        Index("ix_visitor_token_workspace", "workspace_id"),
        Index("ix_visitor_token_visitor", "visitor_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    visitor_id: int = link("visitor.id", ondelete="CASCADE")
    token_hash: str = word(length=64, unique=True)
    created_at: datetime = moment()


class VisitorFile(SQLModel, table=True):
    """A file that a visitor has sent and that waits for its message, for a day at most."""

    __tablename__ = "visitor_file"
    __table_args__ = (
        Index("ix_visitor_file_token", "token_hash"),
        Index("ix_visitor_file_created", "created_at"),
        Index("ix_visitor_file_sha256", "sha256"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    widget_id: int = link("widget.id", ondelete="CASCADE")
    token_hash: str = word(length=64)
    sha256: str = word(length=64)
    name: str = word()
    content_type: str = word("application/octet-stream", 127)
    size: int = 0
    created_at: datetime = moment()


class BlockedAddress(SQLModel, table=True):
    """A network whose browsers find no chat: "203.0.113.7/32", "2001:db8:1:2::/64". `about` says whose it was."""

    __tablename__ = "blocked_address"
    __table_args__ = (UniqueConstraint("workspace_id", "network"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    network: str = word(length=45)
    about: str = word()
    user_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    created_at: datetime = moment()
