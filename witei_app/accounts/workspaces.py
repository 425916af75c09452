"""Founding a workspace."""

import re

from witei_app.accounts.credentials import check_new_password, checked_email, checked_name, refuse_taken
from witei_app.accounts.hashing import hash_password
from witei_app.accounts.inbound_address import LONGEST_MAILBOX, RESERVED, taken_like
from witei_app.crm.contacts import fold
from witei_app.db import Session
from witei_app.models import Role, User, Workspace


async def found_workspace(db: Session, name: str, email: str, password: str) -> Workspace:
    """A new workspace with its first administrator. Refuses no name, a bad or taken address and a short password."""
    name, address = checked_name(name), checked_email(email)
    check_new_password(password)
    await refuse_taken(db, address)
    workspace = Workspace(name=name, mailbox=await _free_mailbox(db, name))
    db.add(workspace)
    await db.flush()
    user = User(workspace_id=workspace.id, email=address, name=address.split("@")[0], role=Role.ADMIN)
    user.password_hash = hash_password(password)
    db.add(user)
    return workspace


async def _free_mailbox(db: Session, name: str) -> str:
    """ "Inmobiliaria Sol" is "inmobiliaria-sol", with a number when that is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(name))[: LONGEST_MAILBOX - 4].strip("-") or "inbox"
    base = f"{base}-1" if base in RESERVED else base
    taken = await taken_like(db, base)
    return next(box for n in range(1, len(taken) + 3) if (box := base if n == 1 else f"{base}-{n}") not in taken)
