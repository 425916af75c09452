"""Mail on its way in and out."""

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from witei_app.models.base import Id, SQLModel, StrEnum, datetime, id_field, link, moment, prose, word, workspace_link


class InboundState(StrEnum):
    """`asked` is to be fetched from its mailbox once more; `unvouched` names one of us as its author, and is read once
    it is known whether that is so.
    """

    WAITING = "waiting"
    DONE = "done"
    UNREADABLE = "unreadable"
    ASKED = "asked"
    UNVOUCHED = "unvouched"


class InboundMail(SQLModel, table=True):
    """A mail as it came, stored before it was acknowledged. The bytes lie in the file store under `sha256`.

    A small mail has them in `raw` until it is read: so there is one flush to the disk before it is acknowledged.

    `verdict` says whether its sender's domain vouches for it: "verified", "failed", "unknown", or "" before it was
    looked at; "sent" is what lay in a folder of sent mail. `checked_domain` is that domain, `checks` the results of
    SPF, DKIM and DMARC in the words of RFC 8601.
    At `recheck_at` name servers that did not answer are asked again.
    `imap_account_id` is the mailbox that it was fetched from, with its number there; `imap_validity` is the numbering
    (UIDVALIDITY) of one that could not be had whole, else 0. `is_history` came long before it
    was fetched: nobody is told of it and nothing answers it; `is_seen` then means that it was read there.
    """

    __tablename__ = "inbound_mail"
    __table_args__ = (
        Index(
            "ix_inbound_mail_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_inbound_mail_sha256", "sha256"),
        Index("ix_inbound_mail_workspace", "workspace_id", "state", "id"),
        Index(
            "ix_inbound_mail_account",
            "imap_account_id",
            sqlite_where=text("imap_account_id IS NOT NULL"),
            postgresql_where=text("imap_account_id IS NOT NULL"),
        ),
        Index(
            "ix_inbound_mail_unchecked",
            "id",
            sqlite_where=text("state = 'done' AND verdict = ''"),
            postgresql_where=text("state = 'done' AND verdict = ''"),
        ),
        Index(
            "ix_inbound_mail_unvouched",
            "id",
            sqlite_where=text("state = 'unvouched'"),
            postgresql_where=text("state = 'unvouched'"),
        ),
        Index(
            "ix_inbound_mail_recheck",
            "recheck_at",
            sqlite_where=text("recheck_at IS NOT NULL"),
            postgresql_where=text("recheck_at IS NOT NULL"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    sha256: str = word(length=64)
    raw: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    size: int = 0
    envelope_from: str = word(length=320)
    envelope_to: str = word(length=320)
    peer: str = word(length=64)
    helo: str = word(length=255)
    state: str = word(InboundState.WAITING, 16)
    attempts: int = 0
    fault: str = prose()
    verdict: str = word(length=16)
    checked_domain: str = word(length=255)
    checks: str = word(length=100)
    imap_account_id: int | None = link("imap_account.id", optional=True, ondelete="SET NULL")
    imap_uid: int = Field(default=0, sa_type=Id, nullable=False)
    imap_validity: int = Field(default=0, sa_type=Id, nullable=False)
    is_history: bool = False
    is_seen: bool = False
    recheck_at: datetime | None = moment(optional=True)
    received_at: datetime = moment()


class DeliveryState(StrEnum):
    """`deferred` is tried again, `failed` is not, `unknown` lost the connection after DATA and waits for a person."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"


# Nobody knows that it arrived, and no more is done about it by itself.
NOT_ARRIVED = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.UNKNOWN)


class SystemMail(SQLModel, table=True):
    """Mail of the program to a user: an invitation, a new password; or to the visitor of a web chat, a copy of it.

    `body` is sealed: links in it open doors.

    `unsubscribe` is the address that stops mail of this kind (RFC 8058), where that may be: digests and reports
    have it.
    """

    __tablename__ = "system_mail"
    __table_args__ = (
        Index(
            "ix_system_mail_visitor",
            "visitor_id",
            sqlite_where=text("visitor_id IS NOT NULL"),
            postgresql_where=text("visitor_id IS NOT NULL"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    recipient_name: str = word()
    subject: str = word(length=998)
    body: str = prose()
    language: str = word(length=8)
    unsubscribe: str = word(length=500)
    visitor_id: int | None = link("visitor.id", optional=True, ondelete="CASCADE")
    created_at: datetime = moment()


class Delivery(SQLModel, table=True):
    """One message, or one system mail, on its way to one address.

    `reason` is the plain-words outcome, `response` the server's answer. `handed_at` is written just before the text
    goes over the wire: from there on, only the server's answer tells.
    """

    __table_args__ = (
        Index(
            "ix_delivery_due",
            "due_at",
            "id",
            sqlite_where=text("state IN ('queued', 'deferred')"),
            postgresql_where=text("state IN ('queued', 'deferred')"),
        ),
        Index(
            "ix_delivery_claimed",
            "claimed_at",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        Index("ix_delivery_message", "message_id"),
        # When a letter of the program is deleted, its delivery is found without reading those of all messages.
        Index(
            "ix_delivery_system_mail",
            "system_mail_id",
            sqlite_where=text("system_mail_id IS NOT NULL"),
            postgresql_where=text("system_mail_id IS NOT NULL"),
        ),
        Index("ix_delivery_recipient", "workspace_id", "recipient", "created_at"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    message_id: int | None = link("message.id", optional=True, ondelete="CASCADE")
    system_mail_id: int | None = link("system_mail.id", optional=True, ondelete="CASCADE")
    recipient: str = word(length=320)
    state: str = word(DeliveryState.QUEUED, 16)
    attempts: int = 0
    due_at: datetime = moment()
    claimed_by: str = word(length=64)
    claimed_at: datetime | None = moment(optional=True)
    handed_at: datetime | None = moment(optional=True)
    sent_at: datetime | None = moment(optional=True)
    reason: str = word(length=500)
    response: str = prose()
    created_at: datetime = moment()


class DemoMail(SQLModel, table=True):
    """What went out without a relay: the mail as the contact would receive it, shown at /demo/mailbox."""

    __tablename__ = "demo_mail"
    __table_args__ = (
        Index("ix_demo_mail_workspace", "workspace_id", "id"),
        Index("ix_demo_mail_sha256", "sha256"),
        Index("ix_demo_mail_delivery", "delivery_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    delivery_id: int | None = link("delivery.id", optional=True, ondelete="SET NULL")
    sha256: str = word(length=64)
    sender: str = word(length=320)
    recipient: str = word(length=320)
    subject: str = word(length=998)
    sent_at: datetime = moment()
