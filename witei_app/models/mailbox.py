"""Mailboxes that agencies keep elsewhere, and that we fetch from (IMAP)."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from witei_app.models.base import (
    Id,
    SQLModel,
    StrEnum,
    datetime,
    id_field,
    json_field,
    moment,
    prose,
    word,
    workspace_link,
)


class MailboxSecurity(StrEnum):
    """TLS from the first byte, TLS asked for in the clear (RFC 2595), or none, for a server of one's own house."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class MailboxState(StrEnum):
    """`new` was never reached, `connected` is watched now, `failing` waits for its next try."""

    NEW = "new"
    CONNECTED = "connected"
    FAILING = "failing"


class ImapAccount(SQLModel, table=True):
    """A mailbox, how to reach it, and how far it was read. `password` is sealed (`witei_app.secrets`).

    `uid_validity` and `last_uid` say which mails we have: everything up to `last_uid` (RFC 3501, 2.3.1.1); 0 before
    the first look. `looked_at` is the last look that succeeded. `fault` is what went wrong, in plain words, with
    `fault_values`; `failures` counts since it last worked, and `next_try_at` grows with it.
    With `holds_sent` its folder is that of sent mail: what lies there the agency wrote.
    Only who holds the lease (`leased_by` until `leased_until`) fetches. `revision` grows with each change by a person:
    whoever is connected by an older one connects anew.
    A backfill takes the mails since `backfill_since` and up to the UID `backfill_end`; `backfill_uid` is how far it is,
    `backfilled_at` when it was done. What came since `loud_from` is news all the same, where that is set.
    """

    __tablename__ = "imap_account"
    __table_args__ = (
        UniqueConstraint("workspace_id", "host", "username", "folder"),
        Index("ix_imap_account_due", "next_try_at", sqlite_where=text("is_on"), postgresql_where=text("is_on")),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    address: str = word(length=320)
    host: str = word(length=253)
    port: int = 993
    security: str = word(MailboxSecurity.TLS, 16)
    username: str = word(length=320)
    password: str = prose()
    folder: str = word("INBOX", 255)
    is_on: bool = True
    marks_read: bool = False
    holds_sent: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    revision: int = 0
    uid_validity: int = Field(default=0, sa_type=Id, nullable=False)
    last_uid: int = Field(default=0, sa_type=Id, nullable=False)
    state: str = word(MailboxState.NEW, 16)
    connected_at: datetime | None = moment(optional=True)
    looked_at: datetime | None = moment(optional=True)
    last_mail_at: datetime | None = moment(optional=True)
    fault: str = prose()
    fault_values: dict[str, Any] = json_field(dict)
    failed_at: datetime | None = moment(optional=True)
    failures: int = 0
    next_try_at: datetime = moment()
    leased_by: str = word(length=64)
    leased_until: datetime | None = moment(optional=True)
    backfill_since: datetime | None = moment(optional=True)
    loud_from: datetime | None = moment(optional=True)
    backfill_end: int = Field(default=0, sa_type=Id, nullable=False)
    backfill_uid: int = Field(default=0, sa_type=Id, nullable=False)
    backfill_total: int = 0
    backfill_done: int = 0
    backfilled_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()
