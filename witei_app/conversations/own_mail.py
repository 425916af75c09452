"""Who wrote a mail: somebody outside, or one of us with a mail program of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import col, select

from witei_app.conversations.arrival import Arrival
from witei_app.conversations.own_addresses import own_addresses, plain_address
from witei_app.db import Session
from witei_app.mail.addresses import normalise_address, read_reply_address
from witei_app.mail.types import Address
from witei_app.models import Direction, Message, User
from witei_app.settings import settings

# The folder of sent mail is the agency's alone: what lies there needs nobody to vouch for it.
SENT_HERE = "sent"


@dataclass(frozen=True)
class ByUs:
    """A mail that one of us wrote to `outside`, or to one of our reply addresses.

    `user` is None where the address is shared and the name no user's. Unless `is_certain`, From alone says so, which
    anybody can write; `otherwise` is how it is read where that does not help (None: not at all).
    """

    arrival: Arrival
    outside: tuple[Address, ...]
    reply_to_id: int | None
    user: User | None
    is_certain: bool
    otherwise: Arrival | None


@dataclass(frozen=True)
class Team:
    """The addresses that we write from: shared ones, and those of each active user."""

    own: set[str]
    users: Mapping[str, User]

    def has(self, address: str) -> bool:
        """Whether this is one of them."""
        plain = plain_address(address)
        return plain in self.own or plain in self.users

    def outside(self, addresses: Sequence[Address]) -> tuple[Address, ...]:
        """Those of the addresses that are not ours, each once."""
        found = {normalise_address(one.email): one for one in addresses if "@" in one.email and not self.has(one.email)}
        return tuple(Address(one.name, email) for email, one in found.items())

    def author(self, sender: Address) -> User | None:
        """By the address; of a shared one, the one user who bears the name that is written before it."""
        found = self.users.get(plain_address(sender.email))
        if found is not None:
            return found
        alike = [user for user in self.users.values() if user.name.casefold() == sender.name.strip().casefold()]
        return alike[0] if len(alike) == 1 else None


async def team_of(db: Session, workspace_id: int) -> Team:
    """Who may have written from inside."""
    query = select(User).where(User.workspace_id == workspace_id, col(User.is_active))
    users = {plain_address(user.email): user for user in (await db.exec(query)).all()}
    return Team(await own_addresses(db, workspace_id), users)


def by_us(team: Team, arrival: Arrival) -> ByUs | None:
    """What one of us wrote to somebody; None when the mail is somebody else's, or went to nobody outside.

    The form on an agency's website often writes in the agency's own name; then Reply-To names who filled it in.
    """
    mail, parsed = arrival.mail, arrival.parsed
    if parsed.bounce is not None:
        return None
    lay_in_sent = mail.verdict == SENT_HERE
    if not lay_in_sent and (not team.has(arrival.sender.email) or team.outside(parsed.reply_to)):
        return None
    outside = team.outside((*parsed.to, *parsed.cc))
    reply_to_id = _reply_to_id(arrival)
    if not outside and reply_to_id is None:
        return None
    return ByUs(
        arrival,
        outside,
        reply_to_id,
        team.author(arrival.sender),
        is_certain=mail.verdict in {SENT_HERE, "verified"},
        otherwise=by_others(team, arrival),
    )


def by_others(team: Team, arrival: Arrival) -> Arrival | None:
    """A mail as its author's outside; None for what lay in a mailbox of the agency and was written by the agency."""
    if arrival.parsed.bounce is not None:
        return arrival.written_by(arrival.sender)
    if plain_address(arrival.parsed.list_address) in team.own:
        # Our own address is a list (a group of Google's): it marks what people write to us as a list's, and where their
        # domains want it so, it puts itself in the place of the author.
        arrival = replace(arrival, parsed=replace(arrival.parsed, is_automatic=False))
    author = _author_outside(team, arrival)
    if author is None and arrival.mail.imap_account_id is None:
        author = arrival.sender
    return arrival.written_by(author) if author is not None else None


async def sent_from_here(db: Session, workspace_id: int, arrivals: Sequence[Arrival]) -> set[str]:
    """The Message-IDs among these of mail that we have as sent already: copies of it in a mailbox are no news."""
    ids = {one.parsed.message_id for one in arrivals if one.parsed.message_id}
    query = select(Message.rfc_message_id).where(
        Message.workspace_id == workspace_id,
        col(Message.rfc_message_id).in_(ids),
        Message.direction == Direction.OUT,
    )
    return {one or "" for one in (await db.exec(query)).all()} if ids else set()


def _reply_to_id(arrival: Arrival) -> int | None:
    """The conversation whose signed reply address it went to."""
    secrets = settings().secrets()
    named = (arrival.mail.envelope_to, *(one.email for one in (*arrival.parsed.to, *arrival.parsed.cc)))
    return next((found for one in named if (found := read_reply_address(one, *secrets)) is not None), None)


def _author_outside(team: Team, arrival: Arrival) -> Address | None:
    if arrival.mail.verdict == SENT_HERE:
        return None
    if plain_address(arrival.sender.email) not in team.own:
        return arrival.sender
    own = team.own
    return next((one for one in arrival.parsed.reply_to if one.email and plain_address(one.email) not in own), None)
