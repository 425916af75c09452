"""Mail in the agency's own mailbox that no contact wrote: copies of what was sent, answers from a mail program."""

from sqlmodel import select

from witei_app.conversations.own_addresses import own_addresses, plain_address
from witei_app.db import Session
from witei_app.mail.types import Address, ParsedMail
from witei_app.models import Direction, Message


async def author_outside(db: Session, workspace_id: int, parsed: ParsedMail, sender: Address) -> Address | None:
    """Who outside wrote a mail that lay in a mailbox of the agency; None when the agency did.

    The form on an agency's website often writes in the agency's own name; then Reply-To names who filled it in.
    """
    if await _went_out_from_here(db, workspace_id, parsed.message_id):
        return None
    own = await own_addresses(db, workspace_id)
    if plain_address(sender.email) not in own:
        return sender
    return next(
        (address for address in parsed.reply_to if address.email and plain_address(address.email) not in own), None
    )


async def _went_out_from_here(db: Session, workspace_id: int, message_id: str) -> bool:
    query = select(Message.id).where(
        Message.workspace_id == workspace_id,
        Message.rfc_message_id == message_id,
        Message.direction == Direction.OUT,
    )
    return bool(message_id) and (await db.exec(query.limit(1))).first() is not None
