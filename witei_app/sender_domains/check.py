"""Looking at a domain's records, now and every day, and what follows from what is found."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

import structlog
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.db import Session, reading, transaction
from witei_app.mail.addresses import ascii_domain
from witei_app.mail.dns_check import Finding, Level, check_records
from witei_app.mail.dns_records import PublicKey, Record, records_for
from witei_app.models import DkimKey, DomainState, SenderDomain
from witei_app.sender_domains.domains import find_domain, is_taken
from witei_app.settings import settings

log = structlog.get_logger()
AGAIN_AFTER = timedelta(days=1)
AGAIN_WHILE_WAITING = timedelta(hours=1)  # somebody has just published records, and would like to see it end
WAITING_FOR = timedelta(days=3)
# Mail waits at most five days on its way (RFC 5321 4.5.4.1); until then its signature must be checkable.
OLD_KEYS_STAY = timedelta(days=14)


async def check_now(actor: Actor, domain_id: int) -> None:
    """Look at a domain's records and keep what was found. Refuses like every rule; takes as long as the DNS does."""
    async with transaction() as db:
        await find_domain(db, actor, domain_id)
    await _check(domain_id)


async def check_next_due() -> bool:
    """Look at one domain that is due, however many workers ask at once. False when none is."""
    async with transaction() as db:
        domain_id = await _claim_due(db)
    if domain_id is None:
        return False
    await _check(domain_id)
    return True


def _our_domain() -> str:
    return ascii_domain(settings().mail_domain)


async def _claim_due(db: Session) -> int | None:
    due = (
        select(SenderDomain.id)
        .where(SenderDomain.check_at <= now())
        .order_by(col(SenderDomain.check_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = await db.exec(
        update(SenderDomain)
        .where(col(SenderDomain.id) == due.scalar_subquery(), col(SenderDomain.check_at) <= now())
        .values(check_at=now() + AGAIN_WHILE_WAITING)
        .returning(col(SenderDomain.id))
    )
    return claimed.scalar_one_or_none()


async def _check(domain_id: int) -> None:
    async with reading() as db:
        domain = await db.get(SenderDomain, domain_id)
        records = await expected_records(db, domain) if domain else []
    findings = await check_records(records, _our_domain())  # outside any transaction: it may take seconds
    for is_last in (False, True):
        try:
            async with transaction() as db:
                domain = await db.get(SenderDomain, domain_id, with_for_update=True)
                if domain is not None:
                    await _take_in(db, domain, findings)
            return
        except IntegrityError:  # another workspace's was verified in this moment: then this one is taken
            if is_last:
                raise


async def expected_records(db: Session, domain: SenderDomain) -> list[Record]:
    """What has to be published for a domain: the records of its keys, waiting ones too, and the others."""
    public = [PublicKey(key.selector, key.algorithm, key.public_value) for key in await keys_in_use(db, domain.id)]
    return records_for(domain.domain, domain.return_path, _our_domain(), public)


async def keys_in_use(db: Session, domain_id: int) -> Sequence[DkimKey]:
    """The keys that are not retired, in the order in which they were made."""
    query = select(DkimKey).where(DkimKey.sender_domain_id == domain_id, col(DkimKey.retired_at).is_(None))
    return (await db.exec(query.order_by(col(DkimKey.id)))).all()


async def _take_in(db: Session, domain: SenderDomain, findings: Sequence[Finding]) -> None:
    domain.findings = [asdict(finding) for finding in findings]
    domain.checked_at = now()
    await _use_new_keys(db, domain, findings)
    state = await _state_after(db, domain, findings)
    if state != domain.state:
        log.warning("sender_domain.state", domain=domain.domain, workspace=domain.workspace_id, state=str(state))
        domain.is_told = DomainState.FAILING not in {state, domain.state}
        domain.state, domain.changed_at = state, now()
    domain.check_at = now() + (AGAIN_WHILE_WAITING if await _is_waiting(db, domain) else AGAIN_AFTER)
    old = col(DkimKey.retired_at) < now() - OLD_KEYS_STAY
    await db.exec(delete(DkimKey).where(col(DkimKey.sender_domain_id) == domain.id, old))


async def _is_waiting(db: Session, domain: SenderDomain) -> bool:
    """Whether records are about to be published: of the domain, or of its new keys."""
    if domain.state != DomainState.VERIFIED and now() - domain.changed_at < WAITING_FOR:
        return True
    keys = await keys_in_use(db, domain.id)
    return any(not key.is_active and now() - key.created_at < WAITING_FOR for key in keys)


async def _use_new_keys(db: Session, domain: SenderDomain, findings: Sequence[Finding]) -> None:
    """Change over to a waiting pair once both its records are seen; the old pair's may stay as long as they like."""
    seen = {finding.selector for finding in findings if finding.level == Level.GOOD}
    keys = await keys_in_use(db, domain.id)
    waiting = [key for key in keys if not key.is_active]
    if not waiting or any(key.selector not in seen for key in waiting):
        return
    for key in keys:
        if key.is_active:
            key.is_active, key.retired_at = False, now()
        else:
            key.is_active = True


async def _state_after(db: Session, domain: SenderDomain, findings: Sequence[Finding]) -> DomainState:
    keys = await keys_in_use(db, domain.id)
    active = {key.selector for key in keys if key.is_active}
    counts = [f for f in findings if not f.selector or not active or f.selector in active]
    if any(finding.is_broken for finding in counts):
        return DomainState.PENDING if domain.state == DomainState.PENDING else DomainState.FAILING
    if any(finding.level == Level.UNSURE for finding in counts):
        return DomainState(domain.state)  # name servers that are away say nothing about the records
    if domain.state == DomainState.PENDING and await is_taken(db, domain.workspace_id, domain.domain):
        return DomainState.PENDING
    return DomainState.VERIFIED
