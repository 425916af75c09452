"""Adding a domain and taking it away."""

import asyncio

import structlog
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.turns import take_turn
from witei_app.audit.trail import note
from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.mail.dkim_keys import SEALED_AS, new_pair
from witei_app.mail.dns_records import RETURN_PATH_LABEL
from witei_app.mail.providers import GROUPS, provider_of
from witei_app.mail.registrable import registrable_part, tidy_domain
from witei_app.models import AuditAction, DkimKey, DomainState, SenderAddress, SenderDomain
from witei_app.secrets import seal
from witei_app.sender_domains.addresses import new_address
from witei_app.settings import settings

log = structlog.get_logger()
MOST_DOMAINS = 20


def administrators_only(actor: Actor) -> None:
    """Refuses whoever may not manage sender domains."""
    actor.must(actor.permissions.can_manage_sender_domains)


async def add_domain(db: Session, actor: Actor, text: str, local_part: str = "info") -> SenderDomain:
    """A domain to set up, with keys and a first address. Refuses domains that cannot be the agency's own."""
    administrators_only(actor)
    name = _own_domain(text)
    await take_turn(db, actor.workspace_id)
    await _refuse_taken(db, actor, name)
    domain = SenderDomain(workspace_id=actor.workspace_id, domain=name, return_path=f"{RETURN_PATH_LABEL}.{name}")
    db.add(domain)
    await db.flush()
    db.add(await new_address(db, domain, local_part, ""))
    await add_keys(db, domain)
    note(db, actor, AuditAction.DOMAIN_ADDED, name)
    log.info("sender_domain.added", domain=name, workspace=actor.workspace_id, user=actor.user_id)
    return domain


async def remove_domain(db: Session, actor: Actor, domain_id: int) -> None:
    """Forget a domain with its keys and addresses. Mail goes out from another one, or from the generic domain."""
    await take_turn(db, actor.workspace_id)
    domain = await find_domain(db, actor, domain_id)
    await db.delete(domain)
    await db.flush()
    await _give_default_away(db, actor.workspace_id)
    note(db, actor, AuditAction.DOMAIN_REMOVED, domain.domain)
    log.info("sender_domain.removed", domain=domain.domain, workspace=actor.workspace_id, user=actor.user_id)


async def find_domain(db: Session, actor: Actor, domain_id: int) -> SenderDomain:
    """A domain of the actor's workspace, locked for a change. Refuses what is not there, and non-administrators."""
    administrators_only(actor)
    query = select(SenderDomain).where(SenderDomain.id == domain_id, SenderDomain.workspace_id == actor.workspace_id)
    domain = (await db.exec(query.with_for_update())).one_or_none()
    if domain is None:
        raise NotFound
    return domain


async def add_keys(db: Session, domain: SenderDomain) -> list[DkimKey]:
    """A new pair of keys that waits for its records."""
    pair = await asyncio.to_thread(new_pair)  # finding primes takes a tenth of a second
    keys = [
        DkimKey(
            workspace_id=domain.workspace_id,
            sender_domain_id=domain.id,
            selector=key.selector,
            algorithm=key.algorithm,
            private_key=seal(key.private_pem, SEALED_AS),
            public_value=key.public_value,
        )
        for key in pair
    ]
    db.add_all(keys)
    return keys


async def rotate_keys(db: Session, actor: Actor, domain_id: int) -> None:
    """Make new keys. The old ones go on signing until a check finds the new records. Refuses a second pair waiting."""
    domain = await find_domain(db, actor, domain_id)
    query = select(DkimKey).where(DkimKey.sender_domain_id == domain.id, col(DkimKey.retired_at).is_(None))
    if any(not key.is_active for key in (await db.exec(query)).all()):
        raise Refused("New keys are waiting for their records already.")
    await add_keys(db, domain)
    domain.check_at = now()
    note(db, actor, AuditAction.DOMAIN_KEYS_RENEWED, domain.domain)
    log.info("sender_domain.new_keys", domain=domain.domain, workspace=actor.workspace_id, user=actor.user_id)


async def add_address(db: Session, actor: Actor, domain_id: int, local_part: str, display_name: str) -> SenderAddress:
    """One more address of a domain of the actor's workspace."""
    await take_turn(db, actor.workspace_id)
    domain = await find_domain(db, actor, domain_id)
    address = await new_address(db, domain, local_part, display_name)
    db.add(address)
    note(db, actor, AuditAction.SENDER_ADDED, f"{address.local_part}@{domain.domain}")
    return address


def _own_domain(text: str) -> str:
    name = tidy_domain(text)
    if not name:
        raise Refused("Enter the domain of your agency, such as agency.com.")
    provider = provider_of(name)
    if provider in GROUPS:
        reason = (
            "{domain} belongs to a public mail provider, where you cannot publish the records that your mail needs. "
            "Add a domain of your own."
        )
        raise Refused(reason, domain=name)
    if provider:
        reason = (
            "{domain} belongs to {provider}, where you cannot publish the records that your mail needs. "
            "Add a domain of your own."
        )
        raise Refused(reason, domain=name, provider=provider)
    if name == settings().mail_domain:
        raise Refused("{domain} is the generic domain: mail goes out from it without being set up here.", domain=name)
    registrable = registrable_part(name)
    if not registrable:
        raise Refused("{domain} is not a domain that can be registered. Enter one such as agency.com.", domain=name)
    if registrable != name:
        raise Refused("{domain} is a part of {whole}. Add {whole} itself.", domain=name, whole=registrable)
    return name


async def _refuse_taken(db: Session, actor: Actor, name: str) -> None:
    own = select(SenderDomain.domain).where(SenderDomain.workspace_id == actor.workspace_id)
    names = (await db.exec(own)).all()
    if name in names:
        raise Refused("{domain} is here already.", domain=name)
    if len(names) >= MOST_DOMAINS:
        raise Refused("More than {most} domains are not possible.", most=MOST_DOMAINS)
    if await is_taken(db, actor.workspace_id, name):
        raise Refused("Another workspace has verified {domain}.", domain=name)


async def is_taken(db: Session, workspace_id: int, name: str) -> bool:
    """Whether another workspace has shown that the domain is its own."""
    query = select(func.count()).where(
        col(SenderDomain.domain) == name,
        col(SenderDomain.workspace_id) != workspace_id,
        col(SenderDomain.state) != DomainState.PENDING,
    )
    return bool((await db.exec(query)).one())


async def _give_default_away(db: Session, workspace_id: int) -> None:
    query = select(SenderAddress).where(SenderAddress.workspace_id == workspace_id).order_by(col(SenderAddress.id))
    addresses = (await db.exec(query)).all()
    if addresses and not any(address.is_default for address in addresses):
        addresses[0].is_default = True
