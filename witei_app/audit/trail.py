"""Noting what was done, in the transaction that does it: what was not done is not noted, and the other way round."""

from collections.abc import Mapping
from typing import Any

from witei_app.accounts.actor import Actor
from witei_app.db import Session
from witei_app.models import AuditAction, AuditEntry, AuditTopic, User

Changes = dict[str, tuple[Any, Any]]

_TOPICS = {
    AuditTopic.SIGN_IN: {
        AuditAction.SIGNED_IN,
        AuditAction.SIGN_IN_REFUSED,
        AuditAction.SIGNED_OUT_EVERYWHERE,
        AuditAction.SESSION_ENDED,
        AuditAction.PASSWORD_CHANGED,
        AuditAction.PASSWORD_REPLACED,
        AuditAction.EMAIL_CHANGED,
        AuditAction.TWO_FACTOR_ON,
        AuditAction.TWO_FACTOR_OFF,
        AuditAction.RECOVERY_CODES_RENEWED,
        AuditAction.TOKEN_CREATED,
        AuditAction.TOKEN_REVOKED,
    },
    AuditTopic.PERMISSIONS: {
        AuditAction.JOINED,
        AuditAction.INVITED,
        AuditAction.INVITED_AGAIN,
        AuditAction.INVITATION_WITHDRAWN,
        AuditAction.ACCESS_CHANGED,
        AuditAction.DEACTIVATED,
        AuditAction.REACTIVATED,
    },
    AuditTopic.SETTINGS: {
        AuditAction.WORKSPACE_CHANGED,
        AuditAction.WEB_CHAT_CHANGED,
        AuditAction.WEB_CHAT_REMOVED,
        AuditAction.WEB_CHAT_SECRET_SHOWN,
        AuditAction.WEB_CHAT_SECRET_CHANGED,
        AuditAction.VISITOR_BLOCKED,
        AuditAction.VISITOR_UNBLOCKED,
        AuditAction.ADDRESS_BLOCKED,
        AuditAction.ADDRESS_UNBLOCKED,
        AuditAction.DOMAIN_ADDED,
        AuditAction.DOMAIN_REMOVED,
        AuditAction.DOMAIN_KEYS_RENEWED,
        AuditAction.SENDER_ADDED,
        AuditAction.SENDER_REMOVED,
        AuditAction.SENDER_CHOSEN,
        AuditAction.SENDER_NAMED,
        AuditAction.MAILBOX_ADDED,
        AuditAction.MAILBOX_CHANGED,
        AuditAction.MAILBOX_REMOVED,
        AuditAction.MAILBOX_BACKFILLED,
        AuditAction.WEBHOOK_ADDED,
        AuditAction.WEBHOOK_CHANGED,
        AuditAction.WEBHOOK_REMOVED,
        AuditAction.WEBHOOK_SECRET_RENEWED,
        AuditAction.REPORT_MAIL_CHOSEN,
        AuditAction.TEMPLATE_ADDED,
        AuditAction.TEMPLATE_CHANGED,
        AuditAction.TEMPLATES_IMPORTED,
    },
    AuditTopic.EXPORT: {
        AuditAction.REPORT_EXPORTED,
        AuditAction.AUDIT_EXPORTED,
        AuditAction.CONTACTS_EXPORTED,
        AuditAction.CONTACT_EXPORTED,
        AuditAction.CONTACTS_IMPORT_BEGUN,
        AuditAction.CONTACTS_IMPORTED,
        AuditAction.TEMPLATES_EXPORTED,
        AuditAction.ALL_EXPORTED,
        AuditAction.ALL_FETCHED,
        AuditAction.ALL_IMPORTED,
    },
    AuditTopic.DELETION: {
        AuditAction.CONVERSATION_DELETED,
        AuditAction.CONVERSATION_RESTORED,
        AuditAction.CONVERSATIONS_MERGED,
        AuditAction.CONVERSATION_EMPTIED,
        AuditAction.TEMPLATE_DELETED,
        AuditAction.CONTACTS_MERGED,
        AuditAction.NOTE_DELETED,
        AuditAction.VISITOR_FORGOTTEN,
        AuditAction.VISITOR_SHUT_OUT,
        AuditAction.CONTACT_ERASED,
    },
}
TOPIC_OF = {action: topic for topic, actions in _TOPICS.items() for action in actions}


def note(
    db: Session,
    actor: Actor,
    action: AuditAction,
    about: str = "",
    changes: Changes | None = None,
    contact_id: int | None = None,
) -> None:
    """Add what the actor did. `changes` are pairs, before and after.

    `about` names what it was done to; of a contact it is `contact_id`, whose name is looked up when it is read.
    """
    db.add(
        AuditEntry(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id,
            user_name=actor.name,
            address=actor.address,
            topic=TOPIC_OF[action],
            action=action,
            about=about[:320],
            contact_id=contact_id,
            changes={name: list(pair) for name, pair in (changes or {}).items()},
        )
    )


def note_of(db: Session, user: User, address: str, action: AuditAction) -> None:
    """Add what a user did about their own sign-in, from this address."""
    note(db, Actor.of(user, address), action)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """The pairs for `note` of two states of one thing: of what is another now."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
