"""Who fetches from a mailbox: one process at a time, by a lease in its row that ends by itself some time after it."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import col, select

from witei_app.clock import now
from witei_app.db import Session
from witei_app.models import ImapAccount

LEASE = timedelta(seconds=60)


class LeaseLost(Exception):
    """Another process fetches now, or nobody shall: what was being done is not kept."""


async def claim_due(db: Session, holder: str) -> int | None:
    """Take a mailbox that is due and nobody's. Gives its id, None when there is none."""
    moment = now()
    is_free = or_(col(ImapAccount.leased_until).is_(None), col(ImapAccount.leased_until) < moment)
    is_due = col(ImapAccount.is_on) & (col(ImapAccount.next_try_at) <= moment) & is_free
    due = (select(ImapAccount.id).where(is_due).order_by(col(ImapAccount.next_try_at)).limit(1)).with_for_update(
        skip_locked=True
    )
    claimed = await db.exec(
        update(ImapAccount)
        .where(col(ImapAccount.id) == due.scalar_subquery(), is_due)
        .values(leased_by=holder, leased_until=moment + LEASE)
        .returning(col(ImapAccount.id))
    )
    return claimed.scalar_one_or_none()


async def renew(db: Session, holder: str, account_ids: Collection[int]) -> set[int]:
    """Keep the leases for longer. Gives those that are still ours and still wanted."""
    renewed = await db.exec(
        update(ImapAccount)
        .where(col(ImapAccount.id).in_(account_ids), col(ImapAccount.leased_by) == holder, col(ImapAccount.is_on))
        .values(leased_until=now() + LEASE)
        .returning(col(ImapAccount.id))
    )
    return set(renewed.scalars().all())


async def release(db: Session, holder: str, account_id: int | None = None) -> None:
    """Give one back, or all of ours."""
    query = update(ImapAccount).where(col(ImapAccount.leased_by) == holder)
    if account_id is not None:
        query = query.where(col(ImapAccount.id) == account_id)
    await db.exec(query.values(leased_by="", leased_until=None))


async def end_leases(db: Session) -> None:
    """Where no other worker can exist (SQLite, at the start) every lease is a dead one's."""
    await db.exec(update(ImapAccount).values(leased_by="", leased_until=None))


async def held(db: Session, holder: str, account_id: int) -> ImapAccount:
    """The account, locked, while its lease is ours: what is written now, no other process writes too."""
    query = select(ImapAccount).where(ImapAccount.id == account_id, ImapAccount.leased_by == holder)
    account = (await db.exec(query.with_for_update())).one_or_none()
    if account is None or not account.is_on or (account.leased_until or now()) < now():
        raise LeaseLost
    return account
