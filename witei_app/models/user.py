"""People of a workspace, and their sign-in sessions."""

from sqlalchemy import Index
from sqlmodel import Field

from witei_app.models.base import Id, SQLModel, StrEnum, datetime, id_field, link, moment, prose, word, workspace_link


class Role(StrEnum):
    ADMIN = "admin"
    USER = "user"


class ConversationScope(StrEnum):
    """Which conversations a user may see."""

    NONE = "none"
    OWN = "own"
    OWN_AND_UNASSIGNED = "own_and_unassigned"
    ALL = "all"


class User(SQLModel, table=True):
    """A person who signs in. `email` is lower-case and unique on this installation.

    `language` "" follows the browser. In conversations
    that the user never opened, messages up to `read_up_to_id` count as read: what came before the user did.
    """

    __table_args__ = (Index("ix_user_workspace", "workspace_id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    email: str = word(length=320, unique=True)
    name: str = word()
    password_hash: str = word()
    role: str = word(Role.USER, 16)
    conversation_scope: str = word(ConversationScope.ALL, 24)
    language: str = word("", 8)
    time_zone: str = word("Europe/Madrid", 64)
    signature_html: str = prose()
    is_active: bool = True
    read_up_to_id: int = Field(default=0, sa_type=Id, nullable=False)
    created_at: datetime = moment()


class SignInSession(SQLModel, table=True):
    """A signed-in browser. The cookie holds the token, this row its SHA-256 alone."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_user", "user_id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    token_hash: str = word(length=64, unique=True)
    address: str = word(length=64)
    device: str = word(length=300)
    created_at: datetime = moment()
    last_used_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(optional=True)
