"""People outside, and what the CRM records about them."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Numeric, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field

from witei_app.models.base import SQLModel, StrEnum, datetime, id_field, link, moment, prose, word, workspace_link


class Contact(SQLModel, table=True):
    """A person outside. `search_text` is name, e-mail and phone without case and accents, kept by `crm.contacts`.

    One that was merged into another stays as a signpost: `merged_into_id`, when, by whom, and the name it had. One that
    was erased stays empty while shells of conversations are left for the log that reports read: `erased_at`.
    """

    __table_args__ = (
        Index("ix_contact_workspace_created", "workspace_id", "created_at"),
        Index("ix_contact_list", "workspace_id", "id"),
        Index("ix_contact_responsible", "responsible_id"),
        Index("ix_contact_phone", "workspace_id", "phone"),
        Index("ix_contact_merged_into", "merged_into_id"),
        Index(
            "ix_contact_erased",
            "id",
            sqlite_where=text("erased_at IS NOT NULL"),
            postgresql_where=text("erased_at IS NOT NULL"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    name: str = word()
    surnames: str = word()
    email: str = word(length=320)
    phone: str = word(length=32)
    language: str = word("", 8)
    origin: str = word(length=64)
    time_zone: str = word("", 64)
    responsible_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    search_text: str = word(length=900)
    merged_into_id: int | None = link("contact.id", optional=True, ondelete="CASCADE")
    merged_by_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    merged_at: datetime | None = moment(optional=True)
    erased_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()

    @property
    def full_name(self) -> str:
        """Name and surnames, else the e-mail address, else the phone."""
        return f"{self.name} {self.surnames}".strip() or self.email or self.phone


class ContactAddress(SQLModel, table=True):
    """An address that a contact writes from: one address, one contact. Lower-case.

    `bounce_cause` is why mail to it came back last (a cause of `mail.bounce`), empty when it works.
    """

    __tablename__ = "contact_address"
    __table_args__ = (
        UniqueConstraint("workspace_id", "address"),
        Index("ix_contact_address_contact", "contact_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    contact_id: int = link("contact.id", ondelete="CASCADE")
    address: str = word(length=320)
    bounce_cause: str = word(length=32)
    created_at: datetime = moment()


class ContactNote(SQLModel, table=True):
    """What a user wrote down about a contact; plain text."""

    __tablename__ = "contact_note"
    __table_args__ = (Index("ix_contact_note_contact", "contact_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    contact_id: int = link("contact.id", ondelete="CASCADE")
    author_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    body: str = prose()
    created_at: datetime = moment()


class TicketState(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class TicketPriority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Ticket(SQLModel, table=True):
    """An incident or request of a contact; `number` counts up in its workspace."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        Index("ix_ticket_contact", "contact_id", "workspace_id", "id"),
        Index("ix_ticket_list", "workspace_id", "id"),
        Index("ix_ticket_conversation", "conversation_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    number: int
    contact_id: int = link("contact.id", ondelete="CASCADE")
    conversation_id: int | None = link("conversation.id", optional=True, ondelete="SET NULL")
    assignee_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    title: str = word()
    state: str = word(TicketState.OPEN, 16)
    priority: str = word(TicketPriority.MEDIUM, 16)
    created_at: datetime = moment()


class TicketEntryKind(StrEnum):
    OPENED = "opened"
    TITLE = "title"
    STATE = "state"
    PRIORITY = "priority"
    ASSIGNEE = "assignee"
    LINKED = "linked"
    UNLINKED = "unlinked"
    COMMENT = "comment"


class TicketEntry(SQLModel, table=True):
    """A line of a ticket's history: what was changed from what to what, or a comment (`body`, for the team alone)."""

    __tablename__ = "ticket_entry"
    __table_args__ = (Index("ix_ticket_entry_ticket", "ticket_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    ticket_id: int = link("ticket.id", ondelete="CASCADE")
    user_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    kind: str = word(length=16)
    before: str = word()
    after: str = word()
    body: str = prose()
    at: datetime = moment()


class TicketConversation(SQLModel, table=True):
    """A conversation that a ticket is linked with, besides the one that it was opened from."""

    __tablename__ = "ticket_conversation"
    __table_args__ = (
        PrimaryKeyConstraint("ticket_id", "conversation_id"),
        Index("ix_ticket_conversation_conversation", "conversation_id"),
    )

    ticket_id: int = link("ticket.id", ondelete="CASCADE")
    conversation_id: int = link("conversation.id", ondelete="CASCADE")
    workspace_id: int = workspace_link()


class QuoteState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Quote(SQLModel, table=True):
    """An offer to a contact; `number` is "2026-0142", `total` euros with VAT. An older one may have no lines.

    `read_at` is when the contact first opened its link; `answered_by` the name that the contact typed when accepting or
    declining there, `answer` what they wrote with it.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        Index("ix_quote_contact", "contact_id", "workspace_id", "id"),
        Index("ix_quote_list", "workspace_id", "id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    number: str = word(length=16)
    contact_id: int = link("contact.id", ondelete="CASCADE")
    author_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    title: str = word()
    total: Decimal = Field(default=Decimal(0), sa_type=Numeric(14, 2), nullable=False)
    state: str = word(QuoteState.DRAFT, 16)
    valid_until: date | None = Field(default=None, sa_type=Date, nullable=True)
    sent_at: datetime | None = moment(optional=True)
    read_at: datetime | None = moment(optional=True)
    answered_at: datetime | None = moment(optional=True)
    answered_by: str = word("", 255, sa_column_kwargs={"server_default": ""})
    answer: str = word("", 1000, sa_column_kwargs={"server_default": ""})
    created_at: datetime = moment()


class QuoteLine(SQLModel, table=True):
    """What is offered, in order of `position`. `price` is for one, without VAT; `vat` is a percentage."""

    __tablename__ = "quote_line"
    __table_args__ = (Index("ix_quote_line_quote", "quote_id", "position"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    quote_id: int = link("quote.id", ondelete="CASCADE")
    position: int = 0
    description: str = word(length=500)
    quantity: Decimal = Field(default=Decimal(1), sa_type=Numeric(12, 3), nullable=False)
    price: Decimal = Field(default=Decimal(0), sa_type=Numeric(14, 2), nullable=False)
    vat: Decimal = Field(default=Decimal(21), sa_type=Numeric(5, 2), nullable=False)
