"""Domains that mail goes out from: their keys, their addresses, and what the last look at their records found."""

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


class DomainState(StrEnum):
    """`pending` was never right, `failing` was once and is not now: mail then goes out from the generic domain."""

    PENDING = "pending"
    VERIFIED = "verified"
    FAILING = "failing"


class SenderDomain(SQLModel, table=True):
    """A domain that mail goes out from. Several workspaces may try for one; the first whose records are right has it.

    `return_path` is the host below it that bounces come back to. `findings` is what the last look found, one entry
    for each record, as `mail.dns_check.Finding` has it. `changed_at` is when it came into its present state, `is_told`
    whether administrators have been written to about it. `test_result` is how the test mail of `tested_at` was judged.
    """

    __tablename__ = "sender_domain"
    __table_args__ = (
        UniqueConstraint("workspace_id", "domain"),
        Index(
            "uq_sender_domain_owner",
            "domain",
            unique=True,
            sqlite_where=text("state <> 'pending'"),
            postgresql_where=text("state <> 'pending'"),
        ),
        Index("ix_sender_domain_due", "check_at"),
        Index("ix_sender_domain_return_path", "return_path"),
        Index("ix_sender_domain_untold", "id", sqlite_where=text("NOT is_told"), postgresql_where=text("NOT is_told")),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    domain: str = word(length=253)
    return_path: str = word(length=253)
    state: str = word(DomainState.PENDING, 16)
    findings: list[dict[str, Any]] = json_field(list)
    checked_at: datetime | None = moment(optional=True)
    check_at: datetime = moment()
    changed_at: datetime = moment()
    is_told: bool = True
    tested_at: datetime | None = moment(optional=True)
    test_result: dict[str, Any] = json_field(dict)
    created_at: datetime = moment()


class DkimKey(SQLModel, table=True):
    """A key of a domain. `private_key` is sealed (`witei_app.secrets`), `public_value` is the p= of its record.

    Waiting for its record (neither active nor retired), active, or retired: no longer used, its record still there for
    mail on its way.
    """

    __tablename__ = "dkim_key"
    __table_args__ = (UniqueConstraint("sender_domain_id", "selector"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    sender_domain_id: int = link("sender_domain.id", ondelete="CASCADE")
    selector: str = word(length=63)
    algorithm: str = word(length=16)
    private_key: str = prose()
    public_value: str = prose()
    is_active: bool = False
    created_at: datetime = moment()
    retired_at: datetime | None = moment(optional=True)


class SenderAddress(SQLModel, table=True):
    """An address to send from. With an empty `display_name` contacts see the name of who wrote. One is the default."""

    __tablename__ = "sender_address"
    __table_args__ = (
        UniqueConstraint("sender_domain_id", "local_part"),
        Index(
            "uq_sender_address_default",
            "workspace_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    sender_domain_id: int = link("sender_domain.id", ondelete="CASCADE")
    local_part: str = word(length=64)
    display_name: str = word()
    is_default: bool = False
    created_at: datetime = moment()
