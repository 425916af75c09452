"""Adding a mailbox, changing it, switching it off, taking it away."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from sqlalchemy import func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.turns import take_turn
from witei_app.audit.trail import differences, note
from witei_app.clock import now
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import MailboxChanged, announce
from witei_app.mail.addresses import ascii_domain
from witei_app.mail.imap import Access, is_sent_folder
from witei_app.models import AuditAction, ImapAccount, MailboxSecurity, MailboxState
from witei_app.secrets import seal, unseal

log = structlog.get_logger()
SEALED_AS = "imap"
MOST_MAILBOXES = 100
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:]{2,45}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Wanted:
    """A mailbox as an administrator enters it. An empty password means the one that is kept."""

    address: str
    host: str
    username: str = ""
    password: str = field(default="", repr=False)
    port: int = 993
    security: str = MailboxSecurity.TLS.value
    folder: str = "INBOX"
    marks_read: bool = False


def access_of(account: ImapAccount) -> Access:
    """How to reach the mailbox, its password opened. `Unsealable` when the secret is another one now."""
    return Access(
        host=account.host,
        port=account.port,
        security=account.security,
        username=account.username,
        password=unseal(account.password, SEALED_AS),
        folder=account.folder,
        is_read_only=not account.marks_read,
    )


async def add_mailbox(db: Session, actor: Actor, wanted: Wanted) -> ImapAccount:
    """A mailbox to fetch from, from its next mail on."""
    actor.must_administer()
    wanted = tidy(wanted)
    if not wanted.password:
        raise Refused("Enter the password of the mailbox.")
    await _refuse_double(db, actor, wanted, besides=0)
    await _refuse_more(db, actor)
    account = ImapAccount(workspace_id=actor.workspace_id)
    _write(account, wanted)
    db.add(account)
    await db.flush()
    announce(db, MailboxChanged(account.workspace_id, account.id, is_edit=True))
    note(db, actor, AuditAction.MAILBOX_ADDED, account.address, differences({}, _access(account)))
    log.info("mailbox.added", host=account.host, workspace=actor.workspace_id, user=actor.user_id)
    return account


async def change_mailbox(db: Session, actor: Actor, account_id: int, wanted: Wanted) -> None:
    """Reach it in another way. Another host, user or folder is another mailbox: it begins with its next mail."""
    account = await find_mailbox(db, actor, account_id)
    wanted = tidy(wanted)
    refuse_without_password(account, wanted)
    await _refuse_double(db, actor, wanted, besides=account.id)
    before = _access(account)
    if (account.host, account.username, account.folder) != (wanted.host, wanted.username, wanted.folder):
        account.uid_validity = account.last_uid = 0
        account.looked_at = account.backfill_since = None
    held_sent = account.holds_sent and account.folder == wanted.folder
    _write(account, wanted)
    account.holds_sent = account.holds_sent or held_sent
    changes = differences(before, _access(account)) | ({"password": (None, "•••")} if wanted.password else {})
    note(db, actor, AuditAction.MAILBOX_CHANGED, account.address, changes)
    _begin_anew(db, account)


async def add_sent_folder(db: Session, actor: Actor, account_id: int, folder: str) -> ImapAccount:
    """Fetch this folder of the mailbox as well: what your team sends with other mail programs lies there."""
    account = await find_mailbox(db, actor, account_id)
    wanted = Wanted(account.address, account.host, account.username, folder=folder)
    await _refuse_double(db, actor, wanted, besides=0)
    await _refuse_more(db, actor)
    sent = ImapAccount(
        workspace_id=account.workspace_id,
        address=account.address,
        host=account.host,
        port=account.port,
        security=account.security,
        username=account.username,
        password=account.password,
        folder=folder,
        holds_sent=True,
    )
    db.add(sent)
    await db.flush()
    announce(db, MailboxChanged(sent.workspace_id, sent.id, is_edit=True))
    note(db, actor, AuditAction.MAILBOX_ADDED, sent.address, differences({}, _access(sent)))
    log.info("mailbox.added", host=sent.host, workspace=actor.workspace_id, user=actor.user_id)
    return sent


async def switch_mailbox(db: Session, actor: Actor, account_id: int, is_on: bool) -> None:
    """Fetch from it, or leave it alone. What came meanwhile is fetched when it is on again."""
    account = await find_mailbox(db, actor, account_id)
    note(db, actor, AuditAction.MAILBOX_CHANGED, account.address, {"is_on": (account.is_on, is_on)})
    account.is_on = is_on
    if not is_on:
        account.state, account.fault = MailboxState.NEW, ""
    _begin_anew(db, account)


async def try_again(db: Session, actor: Actor, account_id: int) -> None:
    """Connect now, not at the next try."""
    _begin_anew(db, await find_mailbox(db, actor, account_id))


async def remove_mailbox(db: Session, actor: Actor, account_id: int) -> None:
    """Forget the mailbox. What was fetched from it stays, and so does everything in it."""
    account = await find_mailbox(db, actor, account_id)
    announce(db, MailboxChanged(account.workspace_id, account.id, is_edit=True))
    await db.delete(account)
    note(db, actor, AuditAction.MAILBOX_REMOVED, account.address)
    log.info("mailbox.removed", host=account.host, workspace=actor.workspace_id, user=actor.user_id)


async def find_mailbox(db: Session, actor: Actor, account_id: int) -> ImapAccount:
    """A mailbox of the actor's workspace, locked for a change. Refuses what is not there, and non-administrators."""
    actor.must_administer()
    query = select(ImapAccount).where(ImapAccount.id == account_id, ImapAccount.workspace_id == actor.workspace_id)
    account = (await db.exec(query.with_for_update())).one_or_none()
    if account is None:
        raise NotFound
    return account


def tidy(wanted: Wanted) -> Wanted:
    """As it is kept; refuses what cannot be right."""
    address, folder = wanted.address.strip(), wanted.folder.strip() or "INBOX"
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise Refused("Enter the address of the mailbox, such as info@agency.com.")
    host = ascii_domain(wanted.host.strip().strip("[]"))
    if not _HOST.fullmatch(host):
        raise Refused("Enter the name of the mail server, such as imap.agency.com.")
    if not 1 <= wanted.port <= 65535:
        raise Refused("The port is a number up to 65535; usually it is 993.")
    if wanted.security not in set(MailboxSecurity):
        raise Refused("Choose how the connection is encrypted.")
    if any(_CONTROLS.search(text) for text in (address, wanted.username, wanted.password, folder)):
        raise Refused("User name, password and folder cannot hold line breaks.")
    username = wanted.username.strip() or address
    return replace(wanted, address=address, host=host, username=username, folder=folder)


def refuse_without_password(account: ImapAccount, wanted: Wanted) -> None:
    """A password that is kept is shown to no other server: whoever names one enters it again."""
    before = (account.host, account.port, account.security, account.username)
    if not wanted.password and before != (wanted.host, wanted.port, wanted.security, wanted.username):
        raise Refused(
            "Enter the password again: it is never sent to another server, nor over another kind of connection."
        )


def _write(account: ImapAccount, wanted: Wanted) -> None:
    account.address, account.host, account.port = wanted.address, wanted.host, wanted.port
    account.security, account.username, account.folder = wanted.security, wanted.username, wanted.folder
    account.marks_read = wanted.marks_read
    account.holds_sent = is_sent_folder(wanted.folder)
    if wanted.password:
        account.password = seal(wanted.password, SEALED_AS)


def _access(account: ImapAccount) -> dict[str, Any]:
    """What the audit tells of a mailbox."""
    names = ("host", "port", "security", "username", "folder", "marks_read")
    return {name: getattr(account, name) for name in names}


def _begin_anew(db: Session, account: ImapAccount) -> None:
    account.revision += 1
    account.failures, account.next_try_at = 0, now()
    announce(db, MailboxChanged(account.workspace_id, account.id, is_edit=True))


async def _refuse_more(db: Session, actor: Actor) -> None:
    count = select(func.count()).where(col(ImapAccount.workspace_id) == actor.workspace_id)
    if (await db.exec(count)).one() >= MOST_MAILBOXES:
        raise Refused("More than {most} mailboxes are not possible.", most=MOST_MAILBOXES)


async def _refuse_double(db: Session, actor: Actor, wanted: Wanted, besides: int) -> None:
    await take_turn(db, actor.workspace_id)
    query = select(ImapAccount.id).where(
        ImapAccount.workspace_id == actor.workspace_id,
        ImapAccount.host == wanted.host,
        ImapAccount.username == wanted.username,
        ImapAccount.folder == wanted.folder,
        ImapAccount.id != besides,
    )
    if (await db.exec(query)).first() is not None:
        raise Refused("This folder of {address} is here already.", address=wanted.address)
