"""`python -m witei_app export` and `import`: what they ask of the database, and what they say."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.links import make_link
from witei_app.archive.check import Manifest
from witei_app.archive.load import NotEmpty, load_archive
from witei_app.archive.values import Damaged
from witei_app.archive.write import write_archive
from witei_app.audit.trail import note
from witei_app.db import Session, connect, dispose, reading, transaction
from witei_app.models import AuditAction, LinkKind, Role, SenderDomain, User, Workspace
from witei_app.sender_domains.domains import add_keys
from witei_app.settings import settings

_NICE = 10
OPERATOR = "python -m witei_app export"  # who did it, in the audit


def export_to(path: Path, mailbox: str = "", tells: bool = False) -> str:
    """Write all workspaces, or the one with this mailbox, and note it in the audit.

    `tells` is the worker's: it prints how far it is, a line of JSON each time, and whoever asked is noted already.
    """
    workspace_ids = asyncio.run(_workspaces(mailbox))
    if not workspace_ids:
        sys.exit("There is no such workspace." if mailbox else "There is nothing here yet.")
    if tells:
        os.nice(_NICE)  # in the background: whoever works goes first
    write_archive(settings().database, path, workspace_ids, _tell if tells else lambda _done, _total: None)
    if not tells:
        asyncio.run(_note(workspace_ids))
    return f"{path} has everything ({path.stat().st_size // 1024 + 1} KB). Keep it where nobody else reads it."


def import_from(path: Path) -> str:
    """Fill the empty installation, then say what is left to do. Ends with a reason when it was refused."""
    try:
        manifest = load_archive(settings().database, path)
    except Damaged as fault:
        sys.exit(f"Nothing was written: {fault}.")
    except NotEmpty:
        sys.exit("Nothing was written: this installation is not empty. Import into one without any workspace.")
    return asyncio.run(_afterwards(manifest))


def _tell(done: int, total: int) -> None:
    print(json.dumps([done, total]), flush=True)


async def _workspaces(mailbox: str) -> list[int]:
    connect(settings().database)
    async with reading() as db:
        query = select(Workspace.id).order_by(col(Workspace.id))
        found = list((await db.exec(query.where(Workspace.mailbox == mailbox) if mailbox else query)).all())
    await dispose()
    return found


async def _note(workspace_ids: list[int]) -> None:
    connect(settings().database)
    async with transaction() as db:
        for workspace_id in workspace_ids:
            note(db, replace(Actor.system(workspace_id), name=OPERATOR), AuditAction.ALL_EXPORTED)
    await dispose()


async def _afterwards(manifest: Manifest) -> str:
    connect(settings().database)
    async with transaction() as db:
        domains = (await db.exec(select(SenderDomain))).all()
        for domain in domains:
            await add_keys(db, domain)
        links = await _links(db)
    await dispose()
    said = [f"Imported: {', '.join(workspace['name'] for workspace in manifest.workspaces)}."]
    if manifest.missing_files:
        said.append(f"{len(manifest.missing_files)} files were missing where it was exported.")
    if domains:
        said.append("Sender domains have new keys: publish the records that Settings, Sender domains shows.")
    said.append("Passwords of mailboxes must be typed again. Everybody chooses a new password, by /forgot.")
    said.append("For administrators, within one hour, once:")
    return "\n".join([*said, *links])


async def _links(db: Session) -> list[str]:
    query = select(User).where(User.role == Role.ADMIN, col(User.is_active)).order_by(col(User.id))
    return [f"  {user.email}  {await make_link(db, user, LinkKind.RESET)}" for user in (await db.exec(query)).all()]
