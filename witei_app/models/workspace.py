"""An agency."""

from typing import Any

from sqlalchemy import Column, Index, false, text
from sqlmodel import Field

from witei_app.models.base import Id, Json, SQLModel, StrEnum, datetime, id_field, moment, prose, word, workspace_link


class NewGoTo(StrEnum):
    """Who gets a new conversation whose contact has no responsible user."""

    NOBODY = "nobody"
    COORDINATOR = "coordinator"
    IN_TURN = "in_turn"


class Workspace(SQLModel, table=True):
    """An agency: everything else belongs to one.

    `mailbox` is the local part of its inbound address ("sol" of sol@localhost.test), unique on this installation.
    `is_demo` marks made-up data, which /demo pages may show to anybody. `coordinator_id` and `last_in_turn_id` (who
    got the last new conversation in turn) are users; no foreign keys, because users point here already. `bin_days` is
    how long a deleted conversation waits in the bin.
    `allows_duplicates` lets two contacts have the same address or number.
    `accounts.office_hours` reads `office_hours`. `logo` is the SHA-256 of its logo, a PNG in
    the file store. New users begin with `signature_html`. `undo_seconds` is how long an answer can be called back;
    empty, it is as the installation says.
    """

    id: int = id_field()
    name: str = word()
    mailbox: str = word(length=64, unique=True)
    language: str = word("es", 8)
    time_zone: str = word("Europe/Madrid", 64)
    is_demo: bool = False
    new_go_to: str = word(NewGoTo.NOBODY, 16)
    coordinator_id: int | None = Field(default=None, sa_type=Id, nullable=True)
    last_in_turn_id: int = Field(default=0, sa_type=Id, nullable=False)
    requires_two_factor: bool = False
    bin_days: int = Field(default=30, sa_column_kwargs={"server_default": text("30")})
    allows_duplicates: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    office_hours: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}")
    )
    logo: str = word(length=64, sa_column_kwargs={"server_default": ""})
    signature_html: str = prose(sa_column_kwargs={"server_default": ""})
    undo_seconds: int | None = None
    created_at: datetime = moment()


class FormerMailbox(SQLModel, table=True):
    """The local part of an inbound address that a workspace had `until` then: mail to it comes in as before."""

    __tablename__ = "former_mailbox"
    __table_args__ = (Index("ix_former_mailbox_workspace_id", "workspace_id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    mailbox: str = word(length=64, unique=True)
    until: datetime = moment()
