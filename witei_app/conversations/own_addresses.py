"""The addresses that are ours: what is sent to them comes to us, what comes from them we wrote."""

from typing import Any

from sqlalchemy import bindparam, union_all
from sqlmodel import col, select

from witei_app.db import Session
from witei_app.mail.addresses import base_address, normalise_address
from witei_app.models import FormerMailbox, ImapAccount, SenderAddress, SenderDomain, Workspace
from witei_app.settings import settings


async def own_addresses(db: Session, workspace_id: int) -> set[str]:
    """Every address that the workspace writes from or receives at, in the form of `plain_address`."""
    values = {"workspace_id": workspace_id, "generic": f"@{settings().mail_domain}"}
    found = (await db.exec(_OWN, params=values)).scalars()  # type: ignore[call-overload]
    return {plain_address(address) for address in found if "@" in address}


def plain_address(address: str) -> str:
    """The form by which our own are compared, without what follows a "+": signed reply addresses are subaddresses."""
    return base_address(normalise_address(address))


_HERE: Any = bindparam("workspace_id")
_OWN = union_all(
    select(col(Workspace.mailbox) + bindparam("generic")).where(col(Workspace.id) == _HERE),
    select(col(FormerMailbox.mailbox) + bindparam("generic")).where(col(FormerMailbox.workspace_id) == _HERE),
    select(col(SenderAddress.local_part) + "@" + col(SenderDomain.domain))
    .join(SenderDomain, col(SenderDomain.id) == col(SenderAddress.sender_domain_id))
    .where(col(SenderAddress.workspace_id) == _HERE),
    # Below its return path a domain takes the inbound address: bounces go there, and some programs answer it.
    select(col(Workspace.mailbox) + "@" + col(SenderDomain.return_path))
    .join(SenderDomain, col(SenderDomain.workspace_id) == col(Workspace.id))
    .where(col(Workspace.id) == _HERE),
    select(col(FormerMailbox.mailbox) + "@" + col(SenderDomain.return_path))
    .join(SenderDomain, col(SenderDomain.workspace_id) == col(FormerMailbox.workspace_id))
    .where(col(FormerMailbox.workspace_id) == _HERE),
    select(col(ImapAccount.address)).where(col(ImapAccount.workspace_id) == _HERE),
    select(col(ImapAccount.username)).where(col(ImapAccount.workspace_id) == _HERE),
)
