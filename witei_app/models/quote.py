"""Offers to contacts."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Numeric, UniqueConstraint
from sqlmodel import Field

from witei_app.models.base import SQLModel, StrEnum, datetime, id_field, link, moment, word, workspace_link


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
