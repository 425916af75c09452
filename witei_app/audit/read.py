"""Reading the audit: a page at a time for the screen, all of it for a file. For administrators alone."""

from collections.abc import AsyncIterator
from typing import Any

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.worded import AuditRow, audit_row
from witei_app.db import Session
from witei_app.models import AuditEntry, AuditTopic

PAGE = 50


async def audit_page(
    db: Session, actor: Actor, topic: str = "", user_id: int = 0, before: int = 0
) -> tuple[list[AuditRow], int]:
    """The newest entries of one topic and one user (or all), and the id to go on from (0: that was all). One query."""
    query = _entries(actor, topic, user_id)
    if before:
        query = query.where(col(AuditEntry.id) < before)
    entries = list((await db.exec(query.limit(PAGE + 1))).all())
    rows = [audit_row(entry, actor) for entry in entries[:PAGE]]
    return rows, rows[-1].id if len(entries) > PAGE else 0


async def every_entry(db: Session, actor: Actor, topic: str = "", user_id: int = 0) -> AsyncIterator[AuditRow]:
    """All of them, newest first, page by page: the memory does not grow with the file."""
    before = 0
    while True:
        rows, before = await audit_page(db, actor, topic, user_id, before)
        for row in rows:
            yield row
        if not before:
            return


def _entries(actor: Actor, topic: str, user_id: int) -> Any:
    actor.must_administer()
    query = select(AuditEntry).where(AuditEntry.workspace_id == actor.workspace_id)
    if topic in set(AuditTopic):
        query = query.where(AuditEntry.topic == topic)
    if user_id:
        query = query.where(AuditEntry.user_id == user_id)
    return query.order_by(col(AuditEntry.id).desc())
