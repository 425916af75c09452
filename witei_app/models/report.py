"""What the Conversation report reads: the log's finished days, packed. All of it can be made again from the log."""

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field

from witei_app.models.base import Id, SQLModel, datetime, id_field, link, moment, word, workspace_link


class ReportSource(SQLModel, table=True):
    """Where conversations come from: a channel, a widget (0 is none) and an origin, by a number that fits in a page."""

    __tablename__ = "report_source"
    __table_args__ = (UniqueConstraint("workspace_id", "channel", "widget_id", "origin"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    channel: str = word(length=16)
    widget_id: int = Field(default=0, sa_type=Id, nullable=False)
    origin: str = word(length=64)


def _packed() -> bytes:
    column: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    return column


class ReportDay(SQLModel, table=True):
    """A day by the clocks of `zone`, from `start` to `until`: what the log says of it, as `reports.facts` packs it.

    That is all of it when it is over, and before that its finished hours. `net` (how many open conversations each user
    had more at `until` than at `start`), `slots` and `daily` are `moved` and `messages` added up: ranges of whole days
    need no more.
    """

    __tablename__ = "report_day"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "day"),
        # Which pages there are, without a look at them: each is tens of kilobytes.
        Index("ix_report_day_until", "workspace_id", "zone", "day", "start", "until"),
    )

    workspace_id: int = workspace_link()
    day: str = word(length=10)
    zone: str = word(length=64)
    start: datetime = moment()
    until: datetime = moment()
    # In this order: SQLite reads a row up to the last column that is asked for.
    net: bytes = _packed()
    slots: bytes = _packed()
    daily: bytes = _packed()
    opened: bytes = _packed()
    assigned: bytes = _packed()
    closed: bytes = _packed()
    answered: bytes = _packed()
    rated: bytes = _packed()
    messages: bytes = _packed()
    moved: bytes = _packed()


class ReportLate(SQLModel, table=True):
    """Something was written down about hours that were over. The day's page does not hold until it was made again."""

    __tablename__ = "report_late"
    __table_args__ = (Index("ix_report_late_workspace", "workspace_id", "at"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    at: datetime = moment()


class ReportMail(SQLModel, table=True):
    """A user gets the report by e-mail, `every` "week" or "month". `sent_for` is the first day of the last one sent."""

    __tablename__ = "report_mail"
    __table_args__ = (Index("ix_report_mail_workspace", "workspace_id"),)

    user_id: int = link("user.id", ondelete="CASCADE", primary_key=True)
    workspace_id: int = workspace_link()
    every: str = word(length=8)
    sent_for: str = word(length=10)
