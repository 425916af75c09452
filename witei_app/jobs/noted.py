"""What the audit has of long work: how far it came, also where it was stopped or failed halfway."""

from witei_app.accounts.actor import Actor
from witei_app.audit.trail import note
from witei_app.db import Session
from witei_app.models import AuditAction, Job

_NOTED = {"contacts_import": AuditAction.CONTACTS_IMPORTED}


def note_end(db: Session, actor: Actor, job: Job) -> None:
    """Add it, where the audit has its beginning; what was done stays done, however it ended."""
    if job.kind in _NOTED:
        changes = {"added": (None, job.checkpoint.get("added", 0)), "refused": (None, job.refused)}
        note(db, actor, _NOTED[job.kind], job.request["file"], changes)
