"""People of a workspace, and their sign-in sessions."""

from sqlalchemy import Index, UniqueConstraint, false
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


class Reach(StrEnum):
    """Whose contacts, quotes, tickets or figures a user may see."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


class TemplateLevel(StrEnum):
    """Whether a user writes the templates that the team shares. Everybody has templates of their own."""

    USE = "use"
    MANAGE = "manage"


class User(SQLModel, table=True):
    """A person who signs in. `email` is lower-case and unique on this installation.

    `language` "" follows the browser; `has_single_keys` lets j, k, r and the like act (WCAG 2.1.4). In conversations
    that the user never opened, messages up to `read_up_to_id` count as read: what came before the user did. From
    `conversation_scope` to `can_export` stand the permissions of whoever is no administrator
    (accounts/permissions.py). `is_invited` until a password is set; only then `is_active`.
    `two_factor_secret` is sealed, `two_factor_step` the last time step whose code was used (RFC 6238, 5.2).
    `portrait` is the SHA-256 of the user's picture in the file store, `signature_picture_id` what stands below the
    signature. Who `is_away` gets nothing handed out in turn.
    """

    __table_args__ = (Index("ix_user_workspace", "workspace_id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    email: str = word(length=320, unique=True)
    name: str = word()
    portrait: str = word(length=64)
    password_hash: str = word()
    role: str = word(Role.USER, 16)
    conversation_scope: str = word(ConversationScope.ALL, 24)
    can_write: bool = True
    can_assign_others: bool = True
    can_delete: bool = True
    contact_scope: str = word(Reach.ALL, 8)
    quote_scope: str = word(Reach.ALL, 8)
    ticket_scope: str = word(Reach.ALL, 8)
    report_scope: str = word(Reach.OWN, 8)
    template_level: str = word(TemplateLevel.USE, 8)
    can_manage_web_chat: bool = False
    can_manage_sender_domains: bool = False
    can_export: bool = False
    language: str = word("", 8)
    time_zone: str = word("Europe/Madrid", 64)
    signature_html: str = prose()
    signature_picture_id: int | None = link("signature_picture.id", optional=True, ondelete="SET NULL")
    has_single_keys: bool = True
    is_away: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    is_active: bool = True
    is_invited: bool = False
    two_factor_secret: str = prose()
    two_factor_step: int = Field(default=0, sa_type=Id, nullable=False)
    read_up_to_id: int = Field(default=0, sa_type=Id, nullable=False)
    created_at: datetime = moment()


class SignaturePicture(SQLModel, table=True):
    """A picture below signatures: a PNG in the file store, shown so many CSS pixels large.

    It stays when its user takes another: mails that went out with it are shown with it.
    """

    __tablename__ = "signature_picture"
    __table_args__ = (UniqueConstraint("workspace_id", "sha256"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    sha256: str = word(length=64)
    width: int = 0
    height: int = 0
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


class LinkKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"
    EMAIL = "email"


class OneTimeLink(SQLModel, table=True):
    """A link sent by mail that opens one thing once. The mail holds the token, this row its SHA-256 alone.

    `email` is the new address that it confirms, of a link for that.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (Index("ix_one_time_link_user", "user_id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    kind: str = word(length=16)
    token_hash: str = word(length=64, unique=True)
    email: str = word(length=320, sa_column_kwargs={"server_default": ""})
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(optional=True)


class RecoveryCode(SQLModel, table=True):
    """A way in without the authenticator app, once; its SHA-256 alone."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_user", "user_id", "code_hash", unique=True),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    user_id: int = link("user.id", ondelete="CASCADE")
    code_hash: str = word(length=64)
    used_at: datetime | None = moment(optional=True)
