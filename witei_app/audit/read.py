"""Reading the audit: a page at a time for the screen, all of it for a file. For administrators alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.audit.worded import AuditRow, audit_row
from witei_app.db import Session
from witei_app.models import AuditEntry, AuditTopic, Contact
from witei_app.reports.span import midnight, zone_of

PAGE = 50


@dataclass(frozen=True)
class Days:
    """From the first to the last of these days, both with; None is open. Days are those of whoever reads."""

    first: date | None = None
    last: date | None = None


ALL_DAYS = Days()


async def audit_page(
    db: Session, actor: Actor, topic: str = "", user_id: int = 0, before: int = 0, days: Days = ALL_DAYS
) -> tuple[list[AuditRow], int]:
    """The newest entries of one topic and one user (or all) in these days, and the id to go on from (0: that was all).

    One query.
    """
    query = _entries(actor, topic, user_id, days)
    if before:
        query = query.where(col(AuditEntry.id) < before)
    entries = list((await db.exec(query.limit(PAGE + 1))).all())
    rows = [audit_row(entry, contact, actor) for entry, contact in entries[:PAGE]]
    return rows, rows[-1].id if len(entries) > PAGE else 0


async def every_entry(
    db: Session, actor: Actor, topic: str = "", user_id: int = 0, days: Days = ALL_DAYS
) -> AsyncIterator[AuditRow]:
    """All of them, newest first, page by page: the memory does not grow with the file."""
    before = 0
    while True:
        rows, before = await audit_page(db, actor, topic, user_id, before, days)
        for row in rows:
            yield row
        if not before:
            return


def _entries(actor: Actor, topic: str, user_id: int, days: Days) -> Any:
    actor.must_administer()
    is_theirs = col(Contact.workspace_id) == col(AuditEntry.workspace_id)
    about = and_(col(Contact.id) == col(AuditEntry.contact_id), is_theirs)
    query = select(AuditEntry, Contact).outerjoin(Contact, about)
    query = query.where(AuditEntry.workspace_id == actor.workspace_id)
    if topic in set(AuditTopic):
        query = query.where(AuditEntry.topic == topic)
    if user_id:
        query = query.where(AuditEntry.user_id == user_id)
    zone = zone_of(actor.time_zone)
    if days.first:
        query = query.where(col(AuditEntry.at) >= midnight(days.first, zone))
    if days.last:
        query = query.where(col(AuditEntry.at) < midnight(days.last + timedelta(days=1), zone))
    return query.order_by(col(AuditEntry.id).desc())
