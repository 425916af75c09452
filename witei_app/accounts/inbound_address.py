"""The address at which a workspace's mail comes in: another one can be chosen, and the former ones go on receiving."""

import re
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.office import changing_workspace, own_workspace
from witei_app.audit.trail import note
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import AuditAction, FormerMailbox, Workspace
from witei_app.settings import settings

# A reply address puts "+c", the conversation's number and a signature of 16 letters behind it, and a local part has 64
# octets at most (RFC 5321 4.5.3.1.1).
LONGEST_MAILBOX = 32
MOST_FORMER = 20
# Without "+", which begins what is behind it; nothing that a web form or an old server stumbles over.
_MAILBOX = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*", re.ASCII)
# Those belong to the domain (RFC 2142, RFC 5321 4.5.1), and nobody reads answers to the others.
RESERVED = {"abuse", "hostmaster", "mailer-daemon", "postmaster", "root", "security", "webmaster"}
RESERVED |= {"bounce", "bounces", "no-reply", "noreply", "nobody"}


async def change_inbound_address(db: Session, actor: Actor, typed: str) -> None:
    """Mail is taken at this address from now on, and at the former one still. `typed` may leave out the domain."""
    mailbox = _checked(typed)
    workspace = await own_workspace(db, actor)
    if mailbox == workspace.mailbox:
        return
    former = await former_mailboxes(db, workspace.id)
    again = next((one for one in former if one.mailbox == mailbox), None)
    if again is not None:
        await db.delete(again)
    elif mailbox in await taken_like(db, mailbox):
        raise _taken(mailbox)
    elif len(former) >= MOST_FORMER:
        raise Refused(
            "More than {most} former addresses are not possible. Give one of them up, or choose it again.",
            most=MOST_FORMER,
        )
    async with changing_workspace(db, actor) as changed:
        db.add(FormerMailbox(workspace_id=workspace.id, mailbox=changed.mailbox))
        changed.mailbox = mailbox
    try:
        await db.flush()
    except IntegrityError as fault:  # another workspace has chosen it in this moment
        raise _taken(mailbox) from fault


async def give_up_former(db: Session, actor: Actor, address: str) -> None:
    """Mail to a former address is refused from now on, answers to what went out under it too; others may take it."""
    workspace = await own_workspace(db, actor)
    former = await former_mailboxes(db, workspace.id)
    given_up = next((one for one in former if f"{one.mailbox}@{settings().mail_domain}" == address), None)
    if given_up is None:
        raise Refused("This address receives nothing any more.")
    await db.delete(given_up)
    note(db, actor, AuditAction.WORKSPACE_CHANGED, changes={"former_mailbox": (address, None)})


async def former_mailboxes(db: Session, workspace_id: int) -> Sequence[FormerMailbox]:
    """What it had before, the last one first."""
    query = select(FormerMailbox).where(FormerMailbox.workspace_id == workspace_id)
    return (await db.exec(query.order_by(col(FormerMailbox.until).desc(), col(FormerMailbox.id).desc()))).all()


async def taken_like(db: Session, beginning: str) -> set[str]:
    """The mailboxes that begin so, of all workspaces, those of before too: their mail still comes in."""
    columns = (col(Workspace.mailbox), col(FormerMailbox.mailbox))
    found = [select(column).where(column.startswith(beginning, autoescape=True)) for column in columns]
    return {mailbox for query in found for mailbox in (await db.exec(query)).all()}


def _checked(typed: str) -> str:
    """The local part. Refuses what cannot be one, and what is not this workspace's to take."""
    domain = settings().mail_domain
    mailbox, at, rest = typed.strip().lower().partition("@")
    if at and rest != domain:
        raise Refused("Mail comes in at {domain}. Enter what comes before the @.", domain=domain)
    if not _MAILBOX.fullmatch(mailbox):
        raise Refused("Use letters without accents and digits, with a point, hyphen or underscore between them.")
    if len(mailbox) > LONGEST_MAILBOX:
        raise Refused("{most} characters at most: in answers a signature comes after it.", most=LONGEST_MAILBOX)
    if mailbox in RESERVED:
        raise Refused("{address} is reserved. Choose another one.", address=f"{mailbox}@{domain}")
    return mailbox


def _taken(mailbox: str) -> Refused:
    return Refused("{address} is taken. Choose another one.", address=f"{mailbox}@{settings().mail_domain}")
