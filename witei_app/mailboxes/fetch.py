"""Getting mails out of a mailbox: those that fit whole, of the others what can be had, with the reason."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from witei_app.errors import Refused
from witei_app.mail.imap import Listed, Mailbox, ServerSaysNo
from witei_app.mailboxes.take_in import Fetched
from witei_app.models import ImapAccount
from witei_app.settings import settings

AT_A_TIME = 50
MOST_BYTES = 4 * 1024 * 1024
MOST_TRIES = 3
TOO_LARGE = "It is larger ({size} MB) than the limit of {most} MB. It lies in the mailbox {address}."
NOT_GIVEN = "The mail server could not hand it out: {reason} It lies in the mailbox {address}."


@dataclass
class Session:
    """What a connection works with. `suspects` are the mails at which it broke before, with how often."""

    holder: str
    account: ImapAccount
    mailbox: Mailbox
    bell: asyncio.Event
    suspects: dict[int, int] = field(default_factory=dict)


def portions(mails: Sequence[Listed], most: int) -> Iterator[list[Listed]]:
    """The mails in portions of so many and a few megabytes; a larger one has a portion of its own."""
    portion: list[Listed] = []
    for mail in mails:
        if portion and (len(portion) >= most or sum(one.size for one in portion) + mail.size > MOST_BYTES):
            yield portion
            portion = []
        portion.append(mail)
    if portion:
        yield portion


async def fetch(session: Session, mails: Sequence[Listed]) -> list[Fetched]:
    """The mails, those that cannot be had as far as they can."""
    limit = settings().max_message_mb * 1024 * 1024
    fitting = [mail for mail in mails if mail.size <= limit and session.suspects.get(mail.uid, 0) < MOST_TRIES]
    raws = await _raws(session, fitting) if fitting else {}
    others = [mail for mail in mails if mail.uid not in raws]
    gone = [mail for mail in others if mail in fitting and not await session.mailbox.listed([mail.uid])]
    whole = [Fetched(mail, raws[mail.uid]) for mail in mails if mail.uid in raws]
    return whole + [await _set_aside(session, mail, limit) for mail in others if mail not in gone]


async def _raws(session: Session, mails: Sequence[Listed]) -> dict[int, bytes]:
    """The raw mails. One at which the server fails is asked for alone the next time, and given up at last."""
    try:
        return await session.mailbox.mails(mails)
    except ServerSaysNo:  # it says no to one of them
        if len(mails) == 1:
            return {}
        raws: dict[int, bytes] = {}
        for mail in mails:
            raws |= await _raws(session, [mail])
        return raws
    except Refused:  # the connection is gone
        first = mails[0].uid
        session.suspects[first] = session.suspects.get(first, 0) + (1 if len(mails) == 1 else 0)
        raise


async def _set_aside(session: Session, mail: Listed, limit: int) -> Fetched:
    """What can be had of a mail that cannot be had whole, with the reason, for "Could not be read"."""
    address = session.account.address
    size, most = round(mail.size / 1024 / 1024, 1), limit // 1024 // 1024
    if mail.size > limit:
        fault = TOO_LARGE.format(size=size, most=most, address=address)
    else:
        tries = session.suspects.pop(mail.uid, 1)
        reason = "it answered with an error." if tries < MOST_TRIES else f"it failed {tries} times."
        fault = NOT_GIVEN.format(reason=reason, address=address)
    try:
        header = await session.mailbox.header(mail.uid)
    except (ServerSaysNo, Refused):
        header = b""
    # A stand-in of its own for each, so that two of which we have nothing are two.
    return Fetched(mail, header or f"X-Mailbox-UID: {session.account.uid_validity} {mail.uid}\r\n\r\n".encode(), fault)
