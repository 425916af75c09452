"""Tickets: list, one, open, change."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from witei_app.accounts.actor import Actor
from witei_app.crm.lists import TicketFilter, find_tickets
from witei_app.crm.tickets import TicketInput, find_ticket, open_ticket, save_ticket
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.http.api.call import Key, Made, ReadTickets, WriteTickets
from witei_app.http.api.shapes import BIGGEST_ID, Cursor, Id, Input, Limit, Page, RowId, Search, Text, id_in, page_by_id
from witei_app.models import Ticket

router = APIRouter(prefix="/tickets", tags=["Tickets"])
State = Literal["open", "waiting", "closed"]
Priority = Literal["low", "medium", "high"]


class TicketOut(BaseModel):
    """An incident or request of a contact. `number` is what people call it."""

    id: int
    number: int
    title: str
    state: State
    priority: Priority
    contact_id: int
    conversation_id: int | None
    assignee_id: int | None
    created_at: datetime


class NewTicket(Input):
    """About a contact, or about the contact of a conversation, which it is linked to."""

    title: Text = Field(max_length=255)
    contact_id: Id | None = None
    conversation_id: Id | None = None
    state: State = "open"
    priority: Priority = "medium"
    assignee_id: Id | None = None


class TicketChange(Input):
    """Only what is sent is changed."""

    title: Text | None = Field(None, max_length=255)
    state: State | None = None
    priority: Priority | None = None
    assignee_id: Id | None = Field(None, description="null is nobody.")


@router.get("", summary="List tickets", response_model=Page[TicketOut])
async def list_tickets(
    call: ReadTickets,
    request: Request,
    response: Response,
    state: Annotated[Literal["unsettled", "open", "waiting", "closed", "all"], Query()] = "unsettled",
    priority: Literal["", "low", "medium", "high"] = "",
    assignee: Annotated[
        str, Query(pattern=r"^(|mine|nobody|\d{1,18})$", description="mine, nobody, or a user's id.")
    ] = "",
    contact_id: Annotated[int, Query(ge=0, le=BIGGEST_ID)] = 0,
    search: Search = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, object]:
    """The newest first. `unsettled` are those that are not closed."""
    chosen = TicketFilter("" if state == "all" else state, priority, assignee, search, contact_id)
    before = id_in(cursor)
    async with call.looking() as (db, actor):
        found, following = await find_tickets(db, actor, chosen, before, limit)
    return page_by_id(request, response, [_ticket(ticket) for ticket, *_ in found], following)


@router.post("", status_code=201, summary="Open a ticket", response_model=TicketOut)
async def open_one(call: WriteTickets, wanted: NewTicket, key: Key = None) -> Response:
    """`contact_id` or `conversation_id` says whose it is; both may, when they agree."""

    async def work(db: Session, actor: Actor) -> Made:
        if wanted.contact_id is None and wanted.conversation_id is None:
            raise Refused("Choose which contact or conversation it is about.")
        typed = TicketInput(wanted.title, wanted.state, wanted.priority, wanted.assignee_id or 0)
        about = {"contact_id": wanted.contact_id or 0, "conversation_id": wanted.conversation_id or 0}
        ticket = await open_ticket(db, actor, typed, **about)
        return Made(_ticket(ticket), f"/api/v1/tickets/{ticket.id}")

    return await call.once(key, work)


@router.get("/{ticket_id}", summary="Get one ticket", response_model=TicketOut)
async def get_ticket(call: ReadTickets, ticket_id: RowId) -> TicketOut:
    """One that the token's user sees."""
    async with call.looking() as (db, actor):
        return _ticket(await find_ticket(db, actor, ticket_id))


@router.patch("/{ticket_id}", summary="Change a ticket", response_model=TicketOut)
async def change(call: WriteTickets, ticket_id: RowId, wanted: TicketChange) -> TicketOut:
    """Each change is a line of its history."""
    async with call.acting() as (db, actor):
        ticket = await find_ticket(db, actor, ticket_id, to_change=True)
        sent = wanted.model_dump(exclude_unset=True)
        assignee_id = sent.get("assignee_id", ticket.assignee_id) or 0
        typed = TicketInput(
            ticket.title if wanted.title is None else wanted.title,  # an empty one is refused by the rule
            sent.get("state") or ticket.state,
            sent.get("priority") or ticket.priority,
            assignee_id,
        )
        return _ticket(await save_ticket(db, actor, ticket_id, typed))


def _ticket(ticket: Ticket) -> TicketOut:
    return TicketOut(**{name: getattr(ticket, name) for name in TicketOut.model_fields})
