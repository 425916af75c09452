"""Writing a quote while it is a draft: its title, its last day, its lines as somebody types them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import delete
from sqlmodel import col

from witei_app.accounts.actor import Actor
from witei_app.crm.money import read_amount
from witei_app.crm.quote_file import renew_waiting
from witei_app.crm.quotes import UNTITLED, find_quote, tell_of_quote, totals
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.models import Quote, QuoteLine, QuoteState

MOST_LINES = 100
_MOST = Decimal("999999999.99")


@dataclass(frozen=True)
class LineInput:
    """A line as somebody typed it."""

    description: str
    quantity: str = "1"
    price: str = "0"
    vat: str = "21"


async def save_quote(
    db: Session, actor: Actor, quote_id: int, *, title: str, valid_until: str, lines: Sequence[LineInput]
) -> Quote:
    """Write title, validity (ISO 8601) and lines of a draft. What was sent stays as the contact read it.

    Where it waits in somebody's answer already, it waits there as it is now.
    """
    actor.must(actor.permissions.can_write)
    quote = await find_quote(db, actor, quote_id, to_change=True)
    if quote.state != QuoteState.DRAFT:
        raise Refused("A quote that has been sent cannot be changed. Duplicate it instead.")
    title = " ".join(title.split())
    if not title:
        raise Refused(UNTITLED)
    written = [_line(quote, position, line, actor.language) for position, line in enumerate(lines) if _is_said(line)]
    if len(written) > MOST_LINES:
        raise Refused("A quote has at most {most} lines.", most=MOST_LINES)
    total = totals(written).total
    if abs(total) > _MOST:
        raise Refused("The total is too much.")
    quote.title, quote.valid_until, quote.total = title[:255], _day(valid_until), total
    await db.exec(delete(QuoteLine).where(col(QuoteLine.quote_id) == quote.id))
    db.add_all(written)
    await db.flush()
    tell_of_quote(db, quote)
    await renew_waiting(db, quote)
    return quote


def as_typed(lines: Sequence[LineInput], language: str) -> list[QuoteLine | None]:
    """Each line as it would be kept, to be added up while somebody types; None where it is no amount yet."""
    read: list[QuoteLine | None] = []
    for position, line in enumerate(lines):
        try:
            read.append(_line(Quote(), position, line, language))
        except Refused:
            read.append(None)
    return read


def _is_said(line: LineInput) -> bool:
    """A line that nobody began is left out; a price without words would be lost without a word."""
    if line.description.strip():
        return True
    if line.price.strip() not in {"", "0"}:
        raise Refused("Say what the line with the price {price} is for.", price=line.price.strip()[:40])
    return False


def _line(quote: Quote, position: int, line: LineInput, language: str) -> QuoteLine:
    return QuoteLine(
        workspace_id=quote.workspace_id,
        quote_id=quote.id,
        position=position,
        description=" ".join(line.description.split())[:500],
        quantity=read_amount(line.quantity, language, places=3, most=Decimal(1_000_000)),
        price=read_amount(line.price, language, places=2, most=_MOST),
        vat=_rate(read_amount(line.vat or "0", language, places=2, most=Decimal(100))),
    )


def _rate(vat: Decimal) -> Decimal:
    if vat < 0:
        raise Refused("VAT is not negative.")
    return vat


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused("{typed} is not a date.", typed=typed[:40]) from None
