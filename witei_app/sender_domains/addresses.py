"""The addresses of a domain: info@, ventas@, one of them the default."""

import re

from sqlalchemy import update
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.turns import take_turn
from witei_app.audit.trail import note
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import AuditAction, SenderAddress, SenderDomain

MOST_ADDRESSES = 50
# What every mail program and server takes without quotes (RFC 5321 4.1.2, Dot-string), lower case.
_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*/=?^_`{|}~-]+)*")


async def new_address(db: Session, domain: SenderDomain, local_part: str, display_name: str) -> SenderAddress:
    """One more address of a domain, the default when it is the workspace's first. Refuses what is no address."""
    local = local_part.strip().lower().partition("@")[0]
    if not _LOCAL_PART.fullmatch(local) or len(local) > 64:
        raise Refused("This cannot stand before the @ of an address.")
    query = select(SenderAddress).where(SenderAddress.workspace_id == domain.workspace_id)
    others = (await db.exec(query)).all()
    here = [other for other in others if other.sender_domain_id == domain.id]
    if any(other.local_part == local for other in here):
        raise Refused("{address} is here already.", address=f"{local}@{domain.domain}")
    if len(here) >= MOST_ADDRESSES:
        raise Refused("More than {most} addresses are not possible.", most=MOST_ADDRESSES)
    return SenderAddress(
        workspace_id=domain.workspace_id,
        sender_domain_id=domain.id,
        local_part=local,
        display_name=_tidy_name(display_name),
        is_default=not any(other.is_default for other in others),
    )


async def remove_address(db: Session, actor: Actor, address_id: int) -> None:
    """Forget an address. Refuses the default one: choose another first."""
    address = await _find_address(db, actor, address_id)
    if address.is_default:
        raise Refused("This is the default address. Choose another default first.")
    await db.delete(address)
    note(db, actor, AuditAction.SENDER_REMOVED, await _written(db, address))


async def name_address(db: Session, actor: Actor, address_id: int, display_name: str) -> None:
    """Send under another name from this address; without one contacts see who writes, and the agency."""
    address = await _find_address(db, actor, address_id)
    before, address.display_name = address.display_name, _tidy_name(display_name)
    changes = {"name": (before, address.display_name)} if before != address.display_name else {}
    note(db, actor, AuditAction.SENDER_NAMED, await _written(db, address), changes)


async def make_default(db: Session, actor: Actor, address_id: int) -> None:
    """Send from this address unless another one is chosen."""
    address = await _find_address(db, actor, address_id)
    ours = col(SenderAddress.workspace_id) == actor.workspace_id
    await db.exec(update(SenderAddress).where(ours).values(is_default=False))
    await db.exec(update(SenderAddress).where(ours, col(SenderAddress.id) == address.id).values(is_default=True))
    note(db, actor, AuditAction.SENDER_CHOSEN, await _written(db, address))


def _tidy_name(text: str) -> str:
    return " ".join(text.split())[:100]


async def _written(db: Session, address: SenderAddress) -> str:
    domain = await db.get_one(SenderDomain, address.sender_domain_id)
    return f"{address.local_part}@{domain.domain}"


async def _find_address(db: Session, actor: Actor, address_id: int) -> SenderAddress:
    actor.must(actor.permissions.can_manage_sender_domains)
    await take_turn(db, actor.workspace_id)
    query = select(SenderAddress).where(
        SenderAddress.id == address_id, SenderAddress.workspace_id == actor.workspace_id
    )
    address = (await db.exec(query.with_for_update())).one_or_none()
    if address is None:
        raise NotFound
    return address
