"""The secret that a site signs with who its user is: shown when asked for, and replaced by a new one."""

import secrets

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import AuditAction
from witei_app.secrets import seal, unseal
from witei_app.webchat.identity import SEALED_AS
from witei_app.webchat.manage import find_widget


async def show_secret(db: Session, actor: Actor, widget_id: int) -> str:
    """The widget's secret, made the first time. That it was looked at is noted."""
    widget = await find_widget(db, actor, widget_id)
    if not widget.identity_secret:
        widget.identity_secret = seal(_new(), SEALED_AS)
    note(db, actor, AuditAction.WEB_CHAT_SECRET_SHOWN, widget.name)
    return unseal(widget.identity_secret, SEALED_AS)


async def new_secret(db: Session, actor: Actor, widget_id: int) -> str:
    """Another one. The one before is right for a day more (`identity.OVERLAP`), so that the site can be changed."""
    widget = await find_widget(db, actor, widget_id)
    widget.identity_secret_before, widget.identity_secret = widget.identity_secret, seal(_new(), SEALED_AS)
    widget.identity_changed_at = now()
    note(db, actor, AuditAction.WEB_CHAT_SECRET_CHANGED, widget.name)
    return unseal(widget.identity_secret, SEALED_AS)


def _new() -> str:
    return secrets.token_urlsafe(32)
