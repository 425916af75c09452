"""How programs ask: tokens of users, and what was answered under a key."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from witei_app.models.base import SQLModel, datetime, id_field, json_field, link, moment, prose, word, workspace_link


class ApiToken(SQLModel, table=True):
    """A key to the API for programs that act for a user. The program holds the token, this row its SHA-256 alone.

    `hint` is how the token begins, so that its user recognises it. Without `expires_at` it is valid until revoked.
    """

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user", "user_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    name: str = word(length=80)
    hint: str = word(length=16)
    token_hash: str = word(length=64, unique=True)
    scopes: list[str] = json_field(list)
    created_at: datetime = moment()
    expires_at: datetime | None = moment(optional=True)
    last_used_at: datetime | None = moment(optional=True)
    last_address: str = word(length=64)
    revoked_at: datetime | None = moment(optional=True)


class KeptAnswer(SQLModel, table=True):
    """What a POST with an Idempotency-Key was answered, for a day: the same request again gets it again.

    `fingerprint` is the SHA-256 of method, path and body.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("user_id", "key"), Index("ix_kept_answer_created", "created_at"))

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    key: str = word(length=255)
    fingerprint: str = word(length=64)
    status: int = Field(default=0)
    location: str = word(length=255)
    body: str = prose()
    created_at: datetime = moment()
