"""To whom an answer goes: worked out from the message that is answered, or said by its author."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import padded
from witei_app.conversations.own_addresses import own_addresses, plain_address
from witei_app.conversations.typed_addresses import typed_addresses
from witei_app.crm.contacts import matching
from witei_app.crm.edit import checked_email
from witei_app.crm.visible import visible_contacts
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.addresses import normalise_address
from witei_app.mail.types import Address
from witei_app.models import (
    Contact,
    ContactAddress,
    Conversation,
    Direction,
    Message,
    MessageRecipient,
    RecipientKind,
)

MOST = 50
MOST_KEPT = 100  # of mail that comes in; longer lists are newsletters
_ANSWERED = (Direction.IN, Direction.OUT)
# A mail, and whom it names.
Answered = tuple[Message, Sequence[MessageRecipient]]
KINDS = (RecipientKind.TO, RecipientKind.CC, RecipientKind.BCC)


@dataclass(frozen=True)
class Recipients:
    """Whom a message goes to, each address once and in the form by which addresses are compared."""

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()

    def of(self, kind: str) -> tuple[Address, ...]:
        """Those of one header."""
        found: tuple[Address, ...] = getattr(self, RecipientKind(kind))
        return found

    def each(self) -> list[tuple[RecipientKind, Address]]:
        """All of them, To first."""
        return [(kind, address) for kind in KINDS for address in self.of(kind)]

    def emails(self) -> list[str]:
        """Where it is delivered."""
        return [address.email for _, address in self.each()]

    def plus(self, kind: str, addresses: Iterable[Address]) -> "Recipients":
        """With these in a header, unless they are among the recipients already. Refuses too many."""
        known = set(self.emails())
        fresh = [one for one in {one.email: one for one in addresses}.values() if one.email not in known]
        if len(known) + len(fresh) > MOST:
            raise Refused("A message goes to {most} addresses at most.", most=MOST)
        return replace(self, **{RecipientKind(kind).value: (*self.of(kind), *fresh)})

    def without(self, email: str) -> "Recipients":
        """The same but for one address."""
        left = {kind.value: tuple(one for one in self.of(kind) if one.email != email) for kind in KINDS}
        return Recipients(**left)


async def reply_recipients(db: Session, conversation: Conversation, *, to_all: bool = False) -> Recipients:
    """Whom an answer to the newest mail goes to: its author, with `to_all` everybody else whom it names, but not us.

    It is the newest that a person wrote. After an answer of ours, the next one goes to the same people. Before anything
    was written: the contact.
    """
    to_author, everybody = await reply_choices(db, conversation)
    return everybody if to_all else to_author


async def reply_choices(
    db: Session, conversation: Conversation, shown: Answered | None = None
) -> tuple[Recipients, Recipients]:
    """Both: the author alone, and everybody. `shown` is the mail that would be answered, if it is known."""
    answered, others = shown or await _newest(db, conversation)
    contact = await _contact(db, conversation)
    if answered is None:
        return Recipients(to=contact), Recipients(to=contact)
    own = await own_addresses(db, conversation.workspace_id) if others else set()
    to_author = Recipients(to=_author(answered, [one for one in others if not _is_ours(one, own)], contact))
    try:
        return to_author, _with_others(to_author, others, own)
    except Refused:  # more than we write to at once: the author can be answered all the same
        return to_author, to_author


def _is_ours(one: MessageRecipient, own: set[str]) -> bool:
    """Whether answers are wanted at one of our own addresses: a list that we read has them sent to itself."""
    return one.kind == RecipientKind.REPLY_TO and plain_address(one.address) in own


def _with_others(to_author: Recipients, others: Sequence[MessageRecipient], own: set[str]) -> Recipients:
    found = to_author
    for kind in (RecipientKind.TO, RecipientKind.CC):
        usable = (usable_address(one.name, one.address) for one in others if one.kind == kind)
        found = found.plus(kind, [one for one in usable if one is not None and plain_address(one.email) not in own])
    return found


async def add_typed(db: Session, actor: Actor, recipients: Recipients, kind: str, typed: str) -> Recipients:
    """With what somebody typed or pasted. Refuses what is no address, and our own: such mail would come back to us."""
    actor.must(actor.permissions.can_write)
    own = await own_addresses(db, actor.workspace_id)
    try:
        addresses = typed_addresses(typed)
    except Refused:
        await _refuse_without_address(db, actor, typed)
        raise
    for address in addresses:
        if plain_address(address.email) in own:
            raise Refused("{email} is our own address.", email=address.email)
    return recipients.plus(kind, addresses)


async def _refuse_without_address(db: Session, actor: Actor, typed: str) -> None:
    """Who types the name of a contact that has only a phone is told just that."""
    name = typed.strip()[:255]
    if not name or "@" in name:
        return
    query = visible_contacts(actor).where(Contact.email == "", *matching(db, name)).limit(2)
    found = [contact.full_name for contact in (await db.exec(query)).all()]
    if len(found) == 1:
        raise Refused("{name} has no e-mail address here. Write the address itself.", name=found[0])


async def participants(db: Session, conversation: Conversation) -> set[str]:
    """Who takes part: the contact's addresses, who wrote here, and whom these messages name."""
    contacts = select(ContactAddress.address).where(ContactAddress.contact_id == conversation.contact_id)
    wrote = select(Message.address).where(Message.conversation_id == conversation.id)
    named = (
        select(MessageRecipient.address)
        .join(Message, col(Message.id) == col(MessageRecipient.message_id))
        .where(Message.conversation_id == conversation.id)
    )
    contact = await db.get_one(Contact, conversation.contact_id)
    found = (await db.exec(contacts.union(wrote, named))).scalars().all()  # type: ignore[call-overload]
    return {address for address in (*found, normalise_address(contact.email)) if address}


async def takes_part(db: Session, conversation: Conversation, address: str) -> bool:
    """Whether this sender is one of them: what incoming mail asks, so in one query."""
    is_contacts = select(ContactAddress.id).where(
        ContactAddress.contact_id == conversation.contact_id, ContactAddress.address == address
    )
    has_written = select(Message.id).where(Message.conversation_id == conversation.id, Message.address == address)
    is_named = (
        select(MessageRecipient.id)
        .join(Message, col(Message.id) == col(MessageRecipient.message_id))
        .where(
            MessageRecipient.workspace_id == conversation.workspace_id,
            MessageRecipient.address == address,
            Message.conversation_id == conversation.id,
        )
    )
    either = is_contacts.union_all(has_written, is_named).limit(1)
    return (await db.exec(either)).first() is not None  # type: ignore[call-overload]


def keep_recipients(db: Session, message: Message, named: Sequence[tuple[RecipientKind, Address]]) -> None:
    """Write down whom a stored message names."""
    for kind, address in named[:MOST_KEPT]:
        db.add(
            MessageRecipient(
                workspace_id=message.workspace_id,
                message_id=message.id,
                kind=kind,
                name=address.name[:255],
                address=address.email,
            )
        )


async def recipients_of(db: Session, message_ids: Sequence[int]) -> dict[int, list[MessageRecipient]]:
    """Whom these messages name, by message."""
    if not message_ids:
        return {}
    found: dict[int, list[MessageRecipient]] = {}
    for one in (await db.exec(_NAMED, params={"ids": padded(message_ids)})).all():
        found.setdefault(one.message_id, []).append(one)
    return found


_NAMED = (
    select(MessageRecipient)
    .where(col(MessageRecipient.message_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(MessageRecipient.id))
)


def usable_address(name: str, email: str) -> Address | None:
    """An address from a mail of somebody else's, None where none can be written to."""
    try:
        checked = normalise_address(checked_email(email))
    except Refused:
        return None
    return Address(name if name != email else "", checked) if checked else None


def is_answerable(message: Message) -> bool:
    """Whether an answer is one to this message, as `_NEWEST_WRITTEN` asks it of the database."""
    return message.direction in _ANSWERED and message.address != "" and not message.is_automatic


async def _newest(db: Session, conversation: Conversation) -> tuple[Message | None, Sequence[MessageRecipient]]:
    """The newest that a person wrote: an absence note changes nothing. Where programs alone wrote, theirs."""
    here = {"conversation_id": conversation.id}
    message = (await db.exec(_NEWEST_WRITTEN, params=here)).first() or (await db.exec(_NEWEST, params=here)).first()
    named = await recipients_of(db, [message.id]) if message is not None else {}
    return message, named.get(message.id, []) if message is not None else []


_NEWEST = (
    select(Message)
    .where(
        col(Message.conversation_id) == bindparam("conversation_id"),
        col(Message.direction).in_(_ANSWERED),
        Message.address != "",
    )
    .order_by(col(Message.number).desc())
    .limit(1)
)
_NEWEST_WRITTEN = _NEWEST.where(~col(Message.is_automatic))


async def _contact(db: Session, conversation: Conversation) -> tuple[Address, ...]:
    contact = await db.get_one(Contact, conversation.contact_id)
    known = usable_address(conversation.contact_name, contact.email)
    return () if known is None else (known,)


def _author(answered: Message, named: Sequence[MessageRecipient], contact: tuple[Address, ...]) -> tuple[Address, ...]:
    """Who is answered: where the author wants answers (Reply-To), else where the mail came from."""
    if answered.direction == Direction.OUT:
        first = [(one.name, one.address) for one in named if one.kind == RecipientKind.TO]
        known = [usable_address(*one) for one in first] or [usable_address("", answered.address)]
    else:
        # A Reply-To without a name is perhaps a list: under its author's name it would look like one person.
        wanted = [(one.name, one.address) for one in named if one.kind == RecipientKind.REPLY_TO]
        known = [usable_address(*one) for one in wanted] or [usable_address(answered.author_name, answered.address)]
    return tuple(one for one in known if one is not None) or contact
