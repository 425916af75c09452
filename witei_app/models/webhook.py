"""Programs elsewhere that are told what happens, and what each of them was told."""

from sqlalchemy import Index, text
from sqlmodel import Field

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


class Webhook(SQLModel, table=True):
    """An address that is told of `events`. Both secrets are sealed; the previous one signs too until `previous_until`.

    `failing_since` is when it last began to fail, without a success since. `fault` says why the program switched it
    off.
    """

    __table_args__ = (Index("ix_webhook_workspace", "workspace_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    url: str = word(length=1000)
    events: list[str] = json_field(list)
    secret: str = prose()
    previous_secret: str = prose()
    previous_until: datetime | None = moment(optional=True)
    is_on: bool = True
    failures: int = 0
    failing_since: datetime | None = moment(optional=True)
    fault: str = word()
    created_at: datetime = moment()


class HookState(StrEnum):
    """`failed` is given up; somebody may send it again."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(SQLModel, table=True):
    """One event on its way to one webhook. `body` is what is posted, ids and no contents; `response` the HTTP status,
    0 for none. `event_id` is the same for all webhooks that are told, and each time that they are.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_webhook", "webhook_id", "id"),
        Index(
            "ix_webhook_delivery_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_delivery_next",
            "webhook_id",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_delivery_claimed",
            "webhook_id",
            "claimed_at",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        Index("ix_webhook_delivery_created", "created_at"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    webhook_id: int = link("webhook.id", ondelete="CASCADE")
    event: str = word(length=40)
    event_id: str = word(length=40)
    body: str = prose()
    state: str = word(HookState.WAITING, 16)
    attempts: int = 0
    due_at: datetime = moment()
    claimed_by: str = word(length=64)
    claimed_at: datetime | None = moment(optional=True)
    response: int = Field(default=0)
    reason: str = word(length=255)
    ended_at: datetime | None = moment(optional=True)
    asked_at: datetime = moment()
    created_at: datetime = moment()
