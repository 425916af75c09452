"""Offers to contacts: their number, lines and totals. The states they go through are in `quote_states`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, prepared
from witei_app.accounts.turns import take_turn
from witei_app.clock import now
from witei_app.crm.money import rounded
from witei_app.crm.visible import may_see_quote, see_contact
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.live.events import RecordChanged, announce
from witei_app.models import Contact, Quote, QuoteLine, Reach, Workspace
from witei_app.texts import later
from witei_app.texts.when import local_day

VALID_FOR = timedelta(days=30)
UNTITLED = later("Give the quote a title.")


@dataclass(frozen=True)
class Totals:
    """What a quote comes to. `vat` has one entry for each rate: rate, base, tax."""

    net: Decimal
    vat: tuple[tuple[Decimal, Decimal, Decimal], ...]
    total: Decimal


async def find_quote(db: Session, actor: Actor, quote_id: int, *, to_change: bool = False) -> Quote:
    """A quote of a contact that the actor sees, or NotFound."""
    query = (
        select(Quote)
        .join(Contact, col(Contact.id) == col(Quote.contact_id))
        .where(Quote.id == quote_id, may_see_quote(actor))
    )
    if to_change:
        query = query.with_for_update(of=Quote)
    quote = (await db.exec(query)).one_or_none()
    if quote is None:
        raise NotFound("This quote is not here, or you may not see it.")
    return quote


async def lines_of(db: Session, quote: Quote) -> Sequence[QuoteLine]:
    """Its lines, in order."""
    query = select(QuoteLine).where(QuoteLine.quote_id == quote.id).order_by(col(QuoteLine.position))
    return (await db.exec(query)).all()


async def quotes_of_contact(db: Session, actor: Actor, contact_id: int, limit: int = 50) -> Sequence[Quote]:
    """The newest quotes of a contact that the actor sees."""
    found: Sequence[Quote] = (await db.exec(_of_contact(actor, limit), params=asked_by(actor, of=contact_id))).all()
    return found


@prepared
def _of_contact(actor: Actor, limit: int) -> Any:
    return (
        select(Quote)
        .join(Contact, col(Contact.id) == col(Quote.contact_id))
        .where(col(Quote.contact_id) == bindparam("of"), may_see_quote(actor))
        .order_by(col(Quote.id).desc())
        .limit(limit)
    )


async def new_quote(db: Session, actor: Actor, contact_id: int, *, title: str = "") -> Quote:
    """An empty draft for a contact, with the next number of its year."""
    actor.must(actor.permissions.can_write and actor.permissions.quote_scope != Reach.NONE)
    contact = await see_contact(db, actor, contact_id)
    today = await today_of(db, actor.workspace_id)
    quote = Quote(
        workspace_id=actor.workspace_id,
        number=await _next_number(db, actor.workspace_id, today.year),
        contact_id=contact.id,
        author_id=actor.user_id,
        title=" ".join(title.split())[:255],
        valid_until=today + VALID_FOR,
    )
    db.add(quote)
    await db.flush()
    tell_of_quote(db, quote)
    return quote


async def copy_quote(db: Session, actor: Actor, quote_id: int) -> Quote:
    """A new draft for the same contact with the same lines: how a quote that was sent is changed."""
    old = await find_quote(db, actor, quote_id)
    copy = await new_quote(db, actor, old.contact_id, title=old.title)
    copy.total = old.total
    for line in await lines_of(db, old):
        db.add(
            QuoteLine(
                workspace_id=line.workspace_id,
                quote_id=copy.id,
                position=line.position,
                description=line.description,
                quantity=line.quantity,
                price=line.price,
                vat=line.vat,
            )
        )
    return copy


def tell_of_quote(db: Session, quote: Quote) -> None:
    """Open tabs show the quote anew: on its page, on its contact's, and in the list."""
    announce(db, RecordChanged(quote.workspace_id, "quotes", quote.id, quote.contact_id))


async def must_be_written(db: Session, quote: Quote) -> None:
    """Refuse to offer what has no title or no lines."""
    if not quote.title:
        raise Refused(UNTITLED)
    if not quote.total and not await lines_of(db, quote):
        raise Refused("Write the lines of this quote before sending it.")


def totals(lines: Sequence[QuoteLine]) -> Totals:
    """Each line is rounded, then the tax of each rate on the sum of its lines: as invoices are added up."""
    bases: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        bases[line.vat] += line_total(line)
    vat = tuple((rate, base, rounded(base * rate / 100)) for rate, base in sorted(bases.items()))
    net = sum((base for _, base, _ in vat), Decimal(0))
    return Totals(rounded(net), vat, rounded(net + sum((tax for _, _, tax in vat), Decimal(0))))


def line_total(line: QuoteLine) -> Decimal:
    """Quantity by price, without VAT."""
    return rounded(line.quantity * line.price)


async def _next_number(db: Session, workspace_id: int, year: int) -> str:
    """Numbers of a year have no gap and no double: who makes one holds the workspace until it is stored."""
    await take_turn(db, workspace_id)
    query = (
        select(Quote.number)
        .where(Quote.workspace_id == workspace_id, col(Quote.number).startswith(f"{year}-"))
        .order_by(func.length(Quote.number).desc(), col(Quote.number).desc())
        .limit(1)
    )
    last = (await db.exec(query)).first()
    return f"{year}-{int(last.partition('-')[2]) + 1 if last else 1:04d}"


async def today_of(db: Session, workspace_id: int) -> date:
    """The day that it is where the workspace is."""
    zone = (await db.exec(select(Workspace.time_zone).where(Workspace.id == workspace_id))).one()
    return local_day(now(), zone)
