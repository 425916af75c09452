"""From a stored raw mail to a message: parse, route, receive. What cannot be read waits with its reason."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.bounce import forget_bounces, receive_bounce
from witei_app.conversations.own_mail import author_outside
from witei_app.conversations.receive import Incoming, IncomingFile, receive_message
from witei_app.conversations.route import Route, route_mail
from witei_app.conversations.start import start_conversation
from witei_app.conversations.unseen import believe_address
from witei_app.crm.contacts import contact_of_address
from witei_app.db import Session, reading, transaction
from witei_app.files import keep, load
from witei_app.mail.addresses import base_address, normalise_address
from witei_app.mail.parse import parse_mail
from witei_app.mail.sanitize import is_rich, text_to_html
from witei_app.mail.types import Address, ParsedFile, ParsedMail
from witei_app.models import (
    Channel,
    Contact,
    ContactAddress,
    Conversation,
    InboundMail,
    InboundState,
    Message,
    RecipientKind,
    Workspace,
)
from witei_app.sender_domains.trial import take_test_mail

log = structlog.get_logger()
BATCH = 10  # mails in one transaction: long enough to share its cost, short enough for an agent's to wait behind
MOST_BYTES = 4 * 1024 * 1024  # parsed at a time, as long as there is more than one
LARGE = 64 * 1024  # parsing a larger mail may take long enough to be felt, so it goes to a thread


@dataclass(frozen=True)
class Read:
    """A mail that was read, its files in the store already. `key` is the same for a mail that comes twice."""

    mail: InboundMail
    key: str
    parsed: ParsedMail
    files: tuple[IncomingFile, ...]


async def read_waiting_mail() -> int:
    """Turn waiting mails into messages, oldest first; returns how many were looked at. None can stop another.

    A database that is away is nobody's fault: then the mails go on waiting, and the error is the caller's.
    """
    query = select(InboundMail).where(InboundMail.state == InboundState.WAITING).order_by(col(InboundMail.id))
    async with reading() as db:
        waiting = _at_a_time((await db.exec(query.limit(BATCH))).all())
    mails = [read for mail in waiting if (read := await _parsed(mail)) is not None]
    try:
        await _store(mails)
    except Exception:  # whichever of them it was: one by one, only that one is set aside
        for read in mails:
            await _store_alone(read)
    return len(waiting)


def _at_a_time(mails: Sequence[InboundMail]) -> Sequence[InboundMail]:
    """The first ones, as many as together are not too large; at least one."""
    sizes = accumulate(mail.size for mail in mails)
    return mails[: max(1, sum(size <= MOST_BYTES for size in sizes))]


async def _parsed(mail: InboundMail) -> Read | None:
    try:
        if await take_test_mail(mail):
            return None
        parsed, files = await _parse(mail)
        return Read(mail, _dedupe_key(mail, parsed), parsed, files)
    except OperationalError:
        raise
    except Exception as error:
        await _set_aside(mail.id, error)
        return None


async def _store(mails: Sequence[Read]) -> None:
    if not mails:
        return
    async with transaction() as db:
        claimed = await _claim(db, mails)
        known = await _known_keys(db, claimed)
        returned_from = await _returned_from(db, claimed)
        _held = await _hold_workspaces(db, claimed)
        for read in claimed:
            if (read.mail.workspace_id, read.key) not in known:
                known.add((read.mail.workspace_id, read.key))
                await _receive(db, read, returned_from)


async def _store_alone(read: Read) -> None:
    """Its fault, whatever it is, is kept with it and harms nothing else."""
    try:
        try:
            await _store([read])
        except IntegrityError:  # another worker has just stored the same mail or opened the same contact: look again
            await _store([read])
    except OperationalError:
        raise
    except Exception as error:
        await _set_aside(read.mail.id, error)


async def _parse(mail: InboundMail) -> tuple[ParsedMail, tuple[IncomingFile, ...]]:
    raw = await load(mail.sha256)
    if len(raw) > LARGE:
        parsed = await asyncio.to_thread(parse_mail, raw, mail.envelope_from)
    else:
        parsed = parse_mail(raw, mail.envelope_from)
    return parsed, tuple([await _kept(file) for file in parsed.attachments])


async def _kept(file: ParsedFile) -> IncomingFile:
    sha256 = await keep(file.data)
    name, content_id = _storable(file.name), _storable(file.content_id)
    return IncomingFile(sha256, name, file.content_type, len(file.data), content_id, file.is_inline)


async def _claim(db: Session, mails: Sequence[Read]) -> list[Read]:
    """Those that still waited: with several workers, one of them gets each."""
    result = await db.exec(
        update(InboundMail)
        .where(col(InboundMail.id).in_([read.mail.id for read in mails]))
        .where(col(InboundMail.state) == InboundState.WAITING)
        .values(state=InboundState.DONE, attempts=InboundMail.attempts + 1)
        .returning(col(InboundMail.id))
        .execution_options(synchronize_session=False)
    )
    claimed = set(result.scalars())
    return [read for read in mails if read.mail.id in claimed]


async def _known_keys(db: Session, mails: Sequence[Read]) -> set[tuple[int, str]]:
    """Which of them are messages already, by another way that they took."""
    query = select(Message.workspace_id, Message.dedupe_key).where(
        col(Message.workspace_id).in_({read.mail.workspace_id for read in mails}),
        col(Message.dedupe_key).in_([read.key for read in mails]),
    )
    return {(workspace_id, key or "") for workspace_id, key in (await db.exec(query)).all()}


async def _returned_from(db: Session, mails: Sequence[Read]) -> set[str]:
    """Which of the senders' addresses mail came back from: few, so that only they cost more than this question."""
    addresses = [normalise_address(_sender(read.mail, read.parsed).email) for read in mails]
    query = select(ContactAddress.address).where(
        col(ContactAddress.workspace_id).in_({read.mail.workspace_id for read in mails}),
        col(ContactAddress.address).in_(addresses),
        ContactAddress.bounce_cause != "",
    )
    return set((await db.exec(query)).all())


async def _hold_workspaces(db: Session, mails: Sequence[Read]) -> Sequence[Workspace]:
    """The session forgets rows that nobody holds, and each mail asks for its workspace."""
    query = select(Workspace).where(col(Workspace.id).in_({read.mail.workspace_id for read in mails}))
    return (await db.exec(query)).all()


async def _receive(db: Session, read: Read, returned_from: set[str]) -> None:
    mail, parsed = read.mail, read.parsed
    if parsed.bounce is not None and await receive_bounce(db, mail, parsed.bounce):
        return
    sender = await _outside(db, mail, parsed)
    if sender is None:
        log.info("mail.own", mail=mail.id)
        return
    address = normalise_address(sender.email)
    await believe_address(db, mail, sender.email)
    contact = await contact_of_address(db, mail.workspace_id, address, sender.name or sender.email, origin="E-mail")
    if address in returned_from and not mail.is_history:
        await forget_bounces(db, mail.workspace_id, address)
    route = await route_mail(db, mail, parsed, contact)
    conversation = await _conversation(db, mail, parsed, contact, route)
    await receive_message(db, conversation, _incoming(mail, parsed, sender, read.files, read.key, route))


async def _outside(db: Session, mail: InboundMail, parsed: ParsedMail) -> Address | None:
    """Who wrote it. In a mailbox of the agency its own mail lies too: that is nobody's."""
    sender = _sender(mail, parsed)
    if mail.imap_account_id is None:
        return sender
    return await author_outside(db, mail.workspace_id, parsed, sender)


def _dedupe_key(mail: InboundMail, parsed: ParsedMail) -> str:
    """The same for a mail that comes twice (by another way, with other trace headers), another for another mail.

    A Message-ID alone will not do: some senders give one to different mails.
    """
    if not parsed.message_id:
        return mail.sha256
    names = ",".join(file.name for file in parsed.attachments)
    parts = (parsed.message_id, parsed.sender.email, parsed.subject, parsed.text, parsed.html, names)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _sender(mail: InboundMail, parsed: ParsedMail) -> Address:
    """Who wrote it: From, else the envelope. A mail without either still belongs to somebody."""
    if parsed.sender.email:
        return parsed.sender
    return Address(parsed.sender.name or mail.envelope_from or "Unknown sender", mail.envelope_from)


async def _conversation(
    db: Session, mail: InboundMail, parsed: ParsedMail, contact: Contact, route: Route
) -> Conversation:
    if route.conversation_id is not None:
        query = select(Conversation).where(Conversation.id == route.conversation_id).with_for_update()
        return (await db.exec(query)).one()
    return await start_conversation(
        db,
        Actor.system(mail.workspace_id),
        contact,
        Channel.EMAIL,
        subject=parsed.subject,
        at=mail.received_at,
        is_history=mail.is_history,
    )


def _incoming(
    mail: InboundMail,
    parsed: ParsedMail,
    sender: Address,
    files: Sequence[IncomingFile],
    dedupe_key: str,
    route: Route,
) -> Incoming:
    text = _storable(parsed.new_text)
    rich = bool(parsed.html) and is_rich(parsed.html)
    return Incoming(
        author_name=_storable(sender.name or sender.email),
        address=normalise_address(sender.email),
        text=text,
        html=text_to_html(text),
        rest_text=_storable(parsed.rest_text),
        subject=_storable(parsed.subject),
        rfc_message_id=_storable(parsed.message_id)[:998] or None,
        in_reply_to=_storable(parsed.in_reply_to[0])[:998] if parsed.in_reply_to else None,
        dedupe_key=dedupe_key,
        inbound_mail_id=mail.id,
        is_rich=rich,
        is_automatic=parsed.is_automatic or parsed.bounce is not None or _is_own(mail, sender),
        routed_by=route.why[:300],
        points_to_id=route.points_to,
        named=_named(mail, parsed, sender),
        at=mail.received_at,
        is_history=mail.is_history,
        is_seen=mail.is_seen,
        files=tuple(files),
    )


def _named(mail: InboundMail, parsed: ParsedMail, sender: Address) -> tuple[tuple[RecipientKind, Address], ...]:
    """Who else got it, and where its author wants answers when that is elsewhere; without our own inbound address."""
    headers = ((RecipientKind.TO, parsed.to), (RecipientKind.CC, parsed.cc), (RecipientKind.REPLY_TO, parsed.reply_to))
    own = base_address(normalise_address(mail.envelope_to))
    seen: set[str] = set()
    found = []
    for kind, addresses in headers:
        seen |= {normalise_address(sender.email)} if kind == RecipientKind.REPLY_TO else set()
        for address in addresses:
            email = _storable(normalise_address(address.email))
            if "@" in email and len(email) <= 320 and email not in seen and base_address(email) != own:
                seen.add(email)
                found.append((kind, Address(_storable(address.name), email)))
    return tuple(found)


def _is_own(mail: InboundMail, sender: Address) -> bool:
    """Whether our own mail came back to us: nobody waits for an answer, and a machine's would go round in circles."""
    own = base_address(normalise_address(mail.envelope_to))
    return base_address(normalise_address(sender.email)) == own


def _storable(text: str) -> str:
    """Without what PostgreSQL's text cannot hold: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


async def _set_aside(mail_id: int, error: Exception) -> None:
    log.warning("mail.unreadable", mail=mail_id, exc_info=error)
    async with transaction() as db:
        await db.exec(
            update(InboundMail)
            .where(col(InboundMail.id) == mail_id, col(InboundMail.state) == InboundState.WAITING)
            .values(
                state=InboundState.UNREADABLE,
                attempts=InboundMail.attempts + 1,
                fault=f"{type(error).__name__}: {str(error)[:500]}",
            )
        )
