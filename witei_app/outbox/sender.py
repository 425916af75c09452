"""In whose name a delivery goes out: From, Reply-To, return path and the keys that sign it."""

from dataclasses import dataclass
from functools import lru_cache

import structlog
from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.errors import NotFound
from witei_app.mail.addresses import base_address, reply_address
from witei_app.mail.dkim_keys import SEALED_AS, PrivateKey, load_private_key
from witei_app.mail.sign import SigningKey
from witei_app.mail.types import Address
from witei_app.models import DkimKey, DomainState, Message, SenderAddress, SenderDomain, Workspace
from witei_app.secrets import Unsealable, unseal
from witei_app.settings import settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Sender:
    """`envelope_from` is where bounces go; without `keys` the mail is not signed by us."""

    address: Address
    reply_to: Address
    envelope_from: str
    keys: tuple[SigningKey, ...] = ()


async def sender_of(db: Session, message: Message, workspace: Workspace) -> Sender:
    """The sender of a message: the chosen address or the default one, while its domain is right; else the generic one.

    Answers always come back to us by the signed reply address, except while the agency's domain is failing: then they
    go to the agency's own address, as if it had sent them.
    """
    generic = _generic(message, workspace)
    found = await _address_of(db, message, workspace)
    if found is None:
        return generic
    address, domain = found
    email = f"{address.local_part}@{domain.domain}"
    name = address.display_name or generic.address.name
    keys = await keys_of(db, domain) if domain.state == DomainState.VERIFIED else ()
    if not keys:
        return Sender(generic.address, Address(address.display_name or workspace.name, email), generic.envelope_from)
    # Below the agency's domain, so that SPF speaks of the same organisation as From (RFC 7489, 3.1.2).
    return Sender(Address(name, email), generic.reply_to, _at(generic.envelope_from, domain.return_path), keys)


async def program_sender(db: Session, workspace: Workspace) -> tuple[Address, tuple[SigningKey, ...]]:
    """Who mail of the program to users comes from: the agency's default address, signed, while its domain is right."""
    query = (
        select(SenderAddress, SenderDomain)
        .join(SenderDomain, col(SenderDomain.id) == col(SenderAddress.sender_domain_id))
        .where(SenderAddress.workspace_id == workspace.id, SenderDomain.state == DomainState.VERIFIED)
        .order_by(col(SenderAddress.is_default).desc(), col(SenderAddress.id))
    )
    found = (await db.exec(query.limit(1))).first()
    if found is not None and (keys := await keys_of(db, found[1])):
        return Address(workspace.name, f"{found[0].local_part}@{found[1].domain}"), keys
    return Address(workspace.name, f"{workspace.mailbox}@{settings().mail_domain}"), ()


async def domain_of_next_mail(db: Session, workspace_id: int, address_id: int | None = None) -> str:
    """The domain that a mail written now goes out from, by the default address or this one; for its Message-ID."""
    found = (await db.exec(_ADDRESS, params={"workspace_id": workspace_id, "wanted": address_id or 0})).first()
    if found is None or found[1].state != DomainState.VERIFIED:
        return settings().mail_domain
    return found[1].domain


async def own_address(db: Session, workspace_id: int, address_id: int | None) -> int | None:
    """The chosen address, None for the default one. Refuses other workspaces' addresses."""
    if not address_id:
        return None
    query = select(SenderAddress.id).where(SenderAddress.id == address_id, SenderAddress.workspace_id == workspace_id)
    if (await db.exec(query)).first() is None:
        raise NotFound("The address that you write from was removed. Look at the one that stands there now, and send.")
    return address_id


def _generic(message: Message, workspace: Workspace) -> Sender:
    inbound = f"{workspace.mailbox}@{settings().mail_domain}"
    comes_back_to = reply_address(message.conversation_id, inbound, settings().secret())
    author = Address(f"{message.author_name} · {workspace.name}", base_address(inbound))
    return Sender(author, Address(workspace.name, comes_back_to), comes_back_to)


async def _address_of(db: Session, message: Message, workspace: Workspace) -> tuple[SenderAddress, SenderDomain] | None:
    """The address with its domain; the default one in the place of a chosen one that is gone or not yet verified, and
    while the default one waits for its records, another that does not."""
    values = {"workspace_id": workspace.id, "wanted": message.sender_address_id or 0}
    return (await db.exec(_ADDRESS, params=values)).first()


_is_wanted = col(SenderAddress.id) == bindparam("wanted")
_is_verified = col(SenderDomain.state) == DomainState.VERIFIED
_ADDRESS = (
    select(SenderAddress, SenderDomain)
    .join(SenderDomain, col(SenderDomain.id) == col(SenderAddress.sender_domain_id))
    .where(
        col(SenderAddress.workspace_id) == bindparam("workspace_id"),
        SenderDomain.state != DomainState.PENDING,
    )
    .order_by(_is_wanted.desc(), col(SenderAddress.is_default).desc(), _is_verified.desc(), col(SenderAddress.id))
    .limit(1)
)


async def keys_of(db: Session, domain: SenderDomain) -> tuple[SigningKey, ...]:
    """The keys that sign for a domain now; none when they cannot be opened."""
    found = (await db.exec(_KEYS, params={"domain_id": domain.id})).all()
    try:
        return tuple(SigningKey(domain.domain, key.selector, _opened(key.private_key)) for key in found)
    except Unsealable as fault:  # the secret was changed; unsigned mail from the domain would be taken for forged
        log.error("sender_domain.keys_sealed", domain=domain.domain, reason=str(fault))
        return ()


_KEYS = (
    select(DkimKey)
    .where(col(DkimKey.sender_domain_id) == bindparam("domain_id"), col(DkimKey.is_active))
    .order_by(col(DkimKey.id))
)


@lru_cache(maxsize=256)
def _opened(sealed: str) -> PrivateKey:
    """Opening a key checks its numbers, which takes as long as ten signatures."""
    return load_private_key(unseal(sealed, SEALED_AS))


def _at(address: str, host: str) -> str:
    return f"{address.rpartition('@')[0]}@{host}"
