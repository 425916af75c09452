"""The link under which a contact reads a quote without signing in, and accepts or declines it there."""

from dataclasses import dataclass

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.crm.quote_states import go_to, last_day_over, log_quote
from witei_app.crm.quotes import Totals, lines_of, totals
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.models import Contact, EventKind, Quote, QuoteLine, QuoteState, User, Workspace
from witei_app.quote_address import quote_address, quote_of_token
from witei_app.texts import LANGUAGES

LONGEST_NAME = 120
LONGEST_ANSWER = 1000


@dataclass(frozen=True)
class Offer:
    """A quote with all that stands around it on paper and on its page."""

    quote: Quote
    lines: tuple[QuoteLine, ...]
    sums: Totals
    contact: Contact
    workspace: Workspace
    agent: str
    language: str

    @property
    def state(self) -> str:
        """The quote's state as its contact meets it: the worker may not yet have come to one that is over."""
        is_over = self.quote.valid_until is not None and self.quote.valid_until < last_day_over()
        return QuoteState.EXPIRED if self.quote.state == QuoteState.SENT and is_over else self.quote.state


def link_to(quote: Quote) -> str:
    """The quote's address for its contact; the same each time."""
    return quote_address(quote.id)


async def offer_of(db: Session, token: str) -> Offer:
    """The quote that a link opens, or NotFound: a forged link, or a quote that was never sent."""
    return await offer_about(db, await _find(db, token))


async def offer_about(db: Session, quote: Quote) -> Offer:
    """What belongs to a quote. The language is the contact's where we have it, else the agency's."""
    contact = await db.get_one(Contact, quote.contact_id)
    workspace = await db.get_one(Workspace, quote.workspace_id)
    agent = (await db.exec(select(User.name).where(User.id == quote.author_id))).first() or ""
    lines = tuple(await lines_of(db, quote))
    known = contact.language[:2] if contact.language[:2] in LANGUAGES else workspace.language
    return Offer(quote, lines, totals(lines), contact, workspace, agent, known)


async def note_reading(db: Session, token: str) -> None:
    """The contact has the quote before them: noted the first time."""
    quote = await _find(db, token, to_change=True)
    if quote.read_at is None:
        quote.read_at = now()
        await log_quote(db, Actor.system(quote.workspace_id), quote, EventKind.QUOTE_READ)


async def answer_quote(db: Session, token: str, *, accepts: bool, name: str, answer: str = "") -> None:
    """The contact accepts or declines, with their name. The same answer again changes nothing; another is refused."""
    quote = await _find(db, token, to_change=True)
    goal = QuoteState.ACCEPTED if accepts else QuoteState.DECLINED
    if quote.state == goal:
        return
    if quote.state in {QuoteState.ACCEPTED, QuoteState.DECLINED}:
        raise Refused("This quote was answered already. Write to us if you have changed your mind.")
    if quote.state == QuoteState.WITHDRAWN:
        raise Refused("This quote was withdrawn.")
    if quote.state != QuoteState.SENT or (quote.valid_until is not None and quote.valid_until < last_day_over()):
        raise Refused("This quote has expired.")
    typed = _line(name, LONGEST_NAME)
    if not typed:
        raise Refused("Type your name.")
    quote.read_at = quote.read_at or now()
    words = "\n".join(_line(line, LONGEST_ANSWER) for line in answer.splitlines())[:LONGEST_ANSWER].strip()
    await go_to(db, Actor.system(quote.workspace_id), quote, goal, typed, words)


def _line(text: str, most: int) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:most]


async def _find(db: Session, token: str, *, to_change: bool = False) -> Quote:
    quote_id = quote_of_token(token)
    if quote_id is None:
        raise NotFound("This link does not work. Check that it is complete.")
    query = select(Quote).where(col(Quote.id) == quote_id, Quote.state != QuoteState.DRAFT)
    quote = (await db.exec(query.with_for_update() if to_change else query)).one_or_none()
    if quote is None:
        raise NotFound("This link does not work. Check that it is complete.")
    return quote
