"""What was done that an administrator may be asked about later."""

from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from witei_app.models.base import (
    Id,
    SQLModel,
    StrEnum,
    datetime,
    id_field,
    json_field,
    link,
    moment,
    word,
    workspace_link,
)


class AuditTopic(StrEnum):
    """What an administrator filters by."""

    SIGN_IN = "sign_in"
    PERMISSIONS = "permissions"
    SETTINGS = "settings"
    EXPORT = "export"
    DELETION = "deletion"


class AuditAction(StrEnum):
    """One kind of act. The sentence of each stands in audit/worded.py, its topic in audit/trail.py."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (the name of an act)
    PASSWORD_REPLACED = "password_replaced"  # noqa: S105
    EMAIL_CHANGED = "email_changed"
    TWO_FACTOR_ON = "two_factor_on"
    TWO_FACTOR_OFF = "two_factor_off"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    JOINED = "joined"
    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    ACCESS_CHANGED = "access_changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    WORKSPACE_CHANGED = "workspace_changed"
    WEB_CHAT_CHANGED = "web_chat_changed"
    WEB_CHAT_REMOVED = "web_chat_removed"
    WEB_CHAT_SECRET_SHOWN = "web_chat_secret_shown"  # noqa: S105
    WEB_CHAT_SECRET_CHANGED = "web_chat_secret_changed"  # noqa: S105
    VISITOR_FORGOTTEN = "visitor_forgotten"
    VISITOR_SHUT_OUT = "visitor_shut_out"
    VISITOR_BLOCKED = "visitor_blocked"
    VISITOR_UNBLOCKED = "visitor_unblocked"
    ADDRESS_BLOCKED = "address_blocked"
    ADDRESS_UNBLOCKED = "address_unblocked"
    DOMAIN_ADDED = "domain_added"
    DOMAIN_REMOVED = "domain_removed"
    DOMAIN_KEYS_RENEWED = "domain_keys_renewed"
    SENDER_ADDED = "sender_added"
    SENDER_REMOVED = "sender_removed"
    SENDER_CHOSEN = "sender_chosen"
    SENDER_NAMED = "sender_named"
    MAILBOX_ADDED = "mailbox_added"
    MAILBOX_CHANGED = "mailbox_changed"
    MAILBOX_REMOVED = "mailbox_removed"
    MAILBOX_BACKFILLED = "mailbox_backfilled"
    TOKEN_CREATED = "token_created"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_SECRET_RENEWED = "webhook_secret_renewed"  # noqa: S105
    REPORT_MAIL_CHOSEN = "report_mail_chosen"
    TEMPLATE_ADDED = "template_added"
    TEMPLATE_CHANGED = "template_changed"
    TEMPLATE_DELETED = "template_deleted"
    TEMPLATES_IMPORTED = "templates_imported"
    TEMPLATES_EXPORTED = "templates_exported"
    REPORT_EXPORTED = "report_exported"
    AUDIT_EXPORTED = "audit_exported"
    CONTACTS_EXPORTED = "contacts_exported"
    CONTACTS_IMPORT_BEGUN = "contacts_import_begun"
    CONTACTS_IMPORTED = "contacts_imported"
    ALL_EXPORTED = "all_exported"
    ALL_FETCHED = "all_fetched"
    ALL_IMPORTED = "all_imported"
    CONTACT_EXPORTED = "contact_exported"
    CONTACT_ERASED = "contact_erased"
    CONTACTS_MERGED = "contacts_merged"
    NOTE_DELETED = "note_deleted"
    CONVERSATION_DELETED = "conversation_deleted"
    CONVERSATIONS_MERGED = "conversations_merged"
    CONVERSATION_RESTORED = "conversation_restored"
    CONVERSATION_EMPTIED = "conversation_emptied"


class AuditEntry(SQLModel, table=True):
    """One act. Added to, never changed: triggers of the database refuse an UPDATE or DELETE.

    `user_name` and `about` are as they were then. What was done to a contact names it by `contact_id` alone: nothing of
    a person who is erased may stay in what cannot be changed. `changes` maps what was changed to a pair, before and
    after. `user_id` is nobody's when the program did it; of a refused sign-in it is the user that somebody claimed to
    be.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_workspace", "workspace_id", "id"),
        Index("ix_audit_entry_workspace_topic", "workspace_id", "topic", "id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    at: datetime = moment()
    user_id: int | None = link("user.id", optional=True)
    user_name: str = word()
    address: str = word(length=64)
    topic: str = word(length=16)
    action: str = word(length=32)
    about: str = word(length=320)
    contact_id: int | None = Field(default=None, sa_type=Id, nullable=True)
    changes: dict[str, Any] = json_field(dict)
