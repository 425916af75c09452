"""Quotes: list, one with its lines, write a draft, take one to its next state."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from witei_app.accounts.actor import Actor
from witei_app.crm.lists import find_quotes
from witei_app.crm.quote_edit import MOST_LINES, LineInput, save_quote
from witei_app.crm.quote_states import set_state
from witei_app.crm.quotes import find_quote, lines_of, new_quote
from witei_app.db import Session
from witei_app.http.api.call import Key, Made, ReadQuotes, WriteQuotes
from witei_app.http.api.shapes import BIGGEST_ID, Cursor, Id, Input, Limit, Page, RowId, Search, Text, id_in, page_by_id
from witei_app.models import Quote, QuoteLine

router = APIRouter(prefix="/quotes", tags=["Quotes"])
State = Literal["draft", "sent", "accepted", "declined", "expired", "withdrawn"]
Amount = Annotated[Decimal, Field(ge=Decimal("-999999999"), le=Decimal("999999999"), decimal_places=2)]


class QuoteOut(BaseModel):
    """An offer to a contact; `total` is in euros, with VAT."""

    id: int
    number: str
    title: str
    state: State
    contact_id: int
    author_id: int | None
    total: Decimal
    valid_until: date | None
    sent_at: datetime | None
    read_at: datetime | None = Field(description="When the contact first opened its link.")
    answered_at: datetime | None
    answered_by: str
    answer: str
    created_at: datetime


class Line(Input):
    """A line of a quote; `price` is for one, without VAT; `vat` is a percentage."""

    description: Text = Field(min_length=1, max_length=500)
    quantity: Annotated[Decimal, Field(ge=Decimal(-1_000_000), le=Decimal(1_000_000), decimal_places=3)] = Decimal(1)
    price: Amount = Decimal(0)
    vat: Annotated[Decimal, Field(ge=Decimal(0), le=Decimal(100), decimal_places=2)] = Decimal(21)


class LineOut(BaseModel):
    """A line as it is kept."""

    description: str
    quantity: Decimal
    price: Decimal
    vat: Decimal


class QuoteWhole(QuoteOut):
    """One quote with its lines."""

    lines: list[LineOut]


class QuoteIn(Input):
    """What a draft says."""

    title: Text = Field(min_length=1, max_length=255)
    valid_until: date | None = None
    lines: list[Line] = Field(max_length=MOST_LINES)


class NewQuote(QuoteIn):
    """A draft for a contact."""

    contact_id: Id


class StateChange(Input):
    """Where it goes; only a state that follows is accepted."""

    state: Literal["sent", "accepted", "declined", "withdrawn"]


@router.get("", summary="List quotes", response_model=Page[QuoteOut])
async def list_quotes(
    call: ReadQuotes,
    request: Request,
    response: Response,
    state: Annotated[Literal["", "draft", "sent", "accepted", "declined", "expired", "withdrawn"], Query()] = "",
    contact_id: Annotated[int, Query(ge=0, le=BIGGEST_ID)] = 0,
    search: Search = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The newest first; `search` is for the contact's name."""
    before = id_in(cursor)
    async with call.looking() as (db, actor):
        found, following = await find_quotes(db, actor, state, search, before, contact_id, limit)
    return page_by_id(request, response, [QuoteOut(**_said(quote)) for quote, _ in found], following)


@router.post("", status_code=201, summary="Create a quote", response_model=QuoteWhole)
async def create(call: WriteQuotes, wanted: NewQuote, key: Key = None) -> Response:
    """A draft with the next number of its year. Without `valid_until` it is valid for 30 days."""

    async def work(db: Session, actor: Actor) -> Made:
        quote = await new_quote(db, actor, wanted.contact_id, title=wanted.title)
        usual = quote.valid_until.isoformat() if quote.valid_until else ""
        quote = await _save(db, actor, quote.id, wanted, usual)
        return Made(_whole(quote, await lines_of(db, quote)), f"/api/v1/quotes/{quote.id}")

    return await call.once(key, work)


@router.get("/{quote_id}", summary="Get one quote", response_model=QuoteWhole)
async def get_quote(call: ReadQuotes, quote_id: RowId) -> QuoteWhole:
    """One that the token's user sees, with its lines."""
    async with call.looking() as (db, actor):
        quote = await find_quote(db, actor, quote_id)
        return _whole(quote, await lines_of(db, quote))


@router.put("/{quote_id}", summary="Change a draft", response_model=QuoteWhole)
async def change(call: WriteQuotes, quote_id: RowId, wanted: QuoteIn) -> QuoteWhole:
    """Write title, validity and lines anew. What was sent is not changed."""
    async with call.acting() as (db, actor):
        quote = await _save(db, actor, quote_id, wanted, "")
        return _whole(quote, await lines_of(db, quote))


@router.post("/{quote_id}/state", summary="Change the state", response_model=QuoteWhole, status_code=200)
async def change_state(call: WriteQuotes, quote_id: RowId, wanted: StateChange, key: Key = None) -> Response:
    """Take it to its next state."""

    async def work(db: Session, actor: Actor) -> Made:
        await set_state(db, actor, quote_id, wanted.state)
        quote = await find_quote(db, actor, quote_id)
        return Made(_whole(quote, await lines_of(db, quote)))

    return await call.once(key, work, 200)


async def _save(db: Session, actor: Actor, quote_id: int, wanted: QuoteIn, usual: str) -> Quote:
    lines = [LineInput(one.description, f"{one.quantity:f}", f"{one.price:f}", f"{one.vat:f}") for one in wanted.lines]
    until = wanted.valid_until.isoformat() if wanted.valid_until else usual
    return await save_quote(db, actor, quote_id, title=wanted.title, valid_until=until, lines=lines)


def _said(quote: Quote) -> dict[str, Any]:
    return {name: getattr(quote, name) for name in QuoteOut.model_fields}


def _whole(quote: Quote, lines: Sequence[QuoteLine]) -> QuoteWhole:
    said = [LineOut(**{name: getattr(one, name) for name in LineOut.model_fields}) for one in lines]
    return QuoteWhole(**_said(quote), lines=said)
