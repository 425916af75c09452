"""Mail in the agency's own mailbox that no contact wrote: copies of what was sent, answers from a mail program."""

from sqlmodel import col, select

from witei_app.db import Session
from witei_app.mail.addresses import base_address, normalise_address
from witei_app.mail.types import Address, ParsedMail
from witei_app.models import Direction, ImapAccount, Message, SenderAddress, SenderDomain, Workspace
from witei_app.settings import settings


async def author_outside(db: Session, workspace_id: int, parsed: ParsedMail, sender: Address) -> Address | None:
    """Who outside wrote a mail that lay in a mailbox of the agency; None when the agency did.

    The form on an agency's website often writes in the agency's own name; then Reply-To names who filled it in.
    """
    if await _went_out_from_here(db, workspace_id, parsed.message_id):
        return None
    own = await own_addresses(db, workspace_id)
    if _plain(sender.email) not in own:
        return sender
    return next((address for address in parsed.reply_to if address.email and _plain(address.email) not in own), None)


async def own_addresses(db: Session, workspace_id: int) -> set[str]:
    """Every address that the workspace writes from or receives at, without what follows a "+"."""
    workspace = await db.get_one(Workspace, workspace_id)
    query = (
        select(SenderAddress.local_part, SenderDomain.domain)
        .join(SenderDomain, col(SenderDomain.id) == col(SenderAddress.sender_domain_id))
        .where(SenderAddress.workspace_id == workspace_id)
    )
    found = {f"{local_part}@{domain}" for local_part, domain in (await db.exec(query)).all()}
    mailboxes = select(ImapAccount.address, ImapAccount.username).where(ImapAccount.workspace_id == workspace_id)
    found.update(*(await db.exec(mailboxes)).all())
    found.add(f"{workspace.mailbox}@{settings().mail_domain}")
    return {_plain(address) for address in found if "@" in address}


async def _went_out_from_here(db: Session, workspace_id: int, message_id: str) -> bool:
    query = select(Message.id).where(
        Message.workspace_id == workspace_id,
        Message.rfc_message_id == message_id,
        Message.direction == Direction.OUT,
    )
    return bool(message_id) and (await db.exec(query.limit(1))).first() is not None


def _plain(address: str) -> str:
    return base_address(normalise_address(address))
