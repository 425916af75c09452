"""Tickets: narrowed, their history, comments, and the conversations that they are linked with."""

from dataclasses import replace

import pytest

from tests.cast import Cast, all_of, announced, get, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.accounts.permissions import READ_ONLY
from witei_app.conversations.assign import assign
from witei_app.conversations.delete import delete
from witei_app.conversations.visible import find_conversation
from witei_app.crm.edit import ContactInput, create_contact
from witei_app.crm.lists import TicketFilter, tickets_page
from witei_app.crm.ticket_history import ticket_history
from witei_app.crm.ticket_links import (
    comment_on_ticket,
    link_conversation,
    linkable_conversations,
    linked_conversations,
    unlink_conversation,
)
from witei_app.crm.tickets import TicketInput, find_ticket, open_ticket, save_ticket
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, Event
from witei_app.models import ConversationEvent, EventKind, Ticket

__all__ = ["announced"]


async def opened_by_ana(cast: Cast, title: str = "Leak", conversation_id: int = 0, **more: object) -> int:
    async with transaction() as db:
        typed = TicketInput(title, **more)  # type: ignore[arg-type]
        where = {"conversation_id": conversation_id} if conversation_id else {"contact_id": cast.marco.id}
        return (await open_ticket(db, cast.ana, typed, **where)).id


async def history(cast: Cast, ticket_id: int, language: str = "en", reader: Actor | None = None) -> list[str]:
    actor = replace(reader or cast.luis, language=language)
    async with reading() as db:
        return [row.text for row in await ticket_history(db, actor, await find_ticket(db, actor, ticket_id))]


async def test_what_somebody_else_changed_meanwhile_stays(cast: Cast) -> None:
    ticket_id = await opened_by_ana(cast)
    async with transaction() as db:
        await save_ticket(db, cast.luis, ticket_id, TicketInput("Leak", "closed", "medium", cast.luis.user_id or 0))
        untouched = ("title", "state", "assignee_id")
        await save_ticket(db, cast.ana, ticket_id, TicketInput("Leak", "open", "high"), untouched)
    ticket = await get(Ticket, ticket_id)
    assert (ticket.state, ticket.priority, ticket.assignee_id) == ("closed", "high", cast.luis.user_id)
    assert not [line for line in await history(cast, ticket_id) if "to open" in line]


async def test_each_change_is_a_line_of_the_history(cast: Cast) -> None:
    ticket_id = await opened_by_ana(cast)
    luis = cast.luis.user_id or 0
    async with transaction() as db:
        await save_ticket(db, cast.luis, ticket_id, TicketInput("Big leak", "waiting", "high", luis))
        await save_ticket(db, cast.luis, ticket_id, TicketInput("Big leak", "waiting", "high", luis))
        await comment_on_ticket(db, cast.ana, ticket_id, " The plumber comes on Monday ")
    assert await history(cast, ticket_id) == [
        "Ana Ruiz opened this ticket",
        "Luis Soto changed the title from “Leak” to “Big leak”",
        "Luis Soto changed the state from open to waiting",
        "Luis Soto changed the priority from medium to high",
        "Luis Soto gave it from nobody to Luis Soto",
        "Ana Ruiz commented",
    ]
    assert (await history(cast, ticket_id, "es"))[2] == "Luis Soto cambió el estado de abierta a en espera"
    async with reading() as db:
        rows = await ticket_history(db, cast.ana, await get(Ticket, ticket_id))
    assert rows[-1].body == "The plumber comes on Monday"


async def test_its_conversations_hear_of_it(cast: Cast, announced: list[Event]) -> None:
    first, second = await open_conversation(cast.marco), await open_conversation(cast.marco)
    ticket_id = await opened_by_ana(cast, conversation_id=first)
    async with transaction() as db:
        await link_conversation(db, cast.ana, ticket_id, second)
        await link_conversation(db, cast.ana, ticket_id, second)  # twice is once
    announced.clear()
    async with transaction() as db:
        await save_ticket(db, cast.ana, ticket_id, TicketInput("Leak", "closed"))
    said = [(one.conversation_id, one.kind) for one in await all_of(ConversationEvent) if one.kind.startswith("ticket")]
    assert said == [
        (first, EventKind.TICKET_OPENED),
        (first, EventKind.TICKET_CHANGED),
        (second, EventKind.TICKET_CHANGED),
        (first, EventKind.TICKET_CHANGED),
        (second, EventKind.TICKET_CHANGED),
    ]
    assert {one.conversation_id for one in announced if isinstance(one, ConversationChanged)} == {first, second}


async def test_conversations_are_linked_and_unlinked(cast: Cast) -> None:
    first, second = await open_conversation(cast.marco), await open_conversation(cast.marco)
    ticket_id = await opened_by_ana(cast, conversation_id=first)
    for rule, linked, others in (
        (None, [first], [second]),
        (link_conversation, [second, first], []),
        (unlink_conversation, [first], [second]),
    ):
        async with transaction() as db:
            if rule:
                await rule(db, cast.ana, ticket_id, second)
            ticket = await find_ticket(db, cast.ana, ticket_id)
            assert [card.id for card in await linked_conversations(db, cast.ana, ticket)] == linked
            assert [card.id for card in await linkable_conversations(db, cast.ana, ticket)] == others
    async with transaction() as db:
        await unlink_conversation(db, cast.ana, ticket_id, first)
    assert (await get(Ticket, ticket_id)).conversation_id is None


async def test_the_history_tells_no_title_of_a_conversation_that_its_reader_does_not_see(cast: Cast) -> None:
    hers, anas = await open_conversation(cast.marco), await open_conversation(cast.marco)
    ticket_id = await opened_by_ana(cast, assignee_id=cast.eva.user_id or 0)
    async with transaction() as db:
        await assign(db, cast.ana, await find_conversation(db, cast.ana, hers), cast.eva.user_id)
        (await find_conversation(db, cast.ana, anas)).subject = "A lawyer asks"
        await link_conversation(db, cast.ana, ticket_id, anas)
        await unlink_conversation(db, cast.ana, ticket_id, anas)
    told = "Ana Ruiz linked the conversation “A lawyer asks”", "Ana Ruiz unlinked the conversation “A lawyer asks”"
    assert (*(await history(cast, ticket_id))[1:],) == told
    hidden = "Ana Ruiz linked a conversation", "Ana Ruiz unlinked a conversation"
    assert (*(await history(cast, ticket_id, reader=cast.eva))[1:],) == hidden
    async with transaction() as db:
        await delete(db, cast.ana, await find_conversation(db, cast.ana, anas))
    assert (*(await history(cast, ticket_id))[1:],) == hidden


async def test_a_conversation_with_somebody_else_is_not_linked(cast: Cast) -> None:
    ticket_id = await opened_by_ana(cast)
    async with transaction() as db:
        lena = await create_contact(db, cast.ana, ContactInput(name="Lena", email="lena@x.test"))
    hers, his = await open_conversation(lena), await open_conversation(cast.marco)
    with pytest.raises(Refused, match="somebody else"):
        async with transaction() as db:
            await link_conversation(db, cast.ana, ticket_id, hers)
    for actor in (cast.eva, cast.vera):
        for rule in (link_conversation, unlink_conversation):
            with pytest.raises(NotFound):
                async with transaction() as db:
                    await rule(db, actor, ticket_id, his)
        with pytest.raises(NotFound):
            async with transaction() as db:
                await comment_on_ticket(db, actor, ticket_id, "x")
    await give(cast.ana, his, cast.luis)
    with pytest.raises(Refused, match="permission"):
        async with transaction() as db:
            await comment_on_ticket(db, replace(cast.luis, levels=READ_ONLY), ticket_id, "x")


@pytest.mark.parametrize("body", ["", "  \n", "x" * 10_001])
async def test_a_comment_says_something_and_not_everything(lite_cast: Cast, body: str) -> None:
    ticket_id = await opened_by_ana(lite_cast)
    with pytest.raises(Refused):
        async with transaction() as db:
            await comment_on_ticket(db, lite_cast.ana, ticket_id, body)


async def test_the_list_is_narrowed(cast: Cast) -> None:
    luis = cast.luis.user_id or 0
    leak = await opened_by_ana(cast, priority="high", assignee_id=cast.ana.user_id)
    key = await opened_by_ana(cast, "Key", assignee_id=luis)
    noise = await opened_by_ana(cast, "Noise", state="closed")
    for chosen, expected in (
        (TicketFilter(), [key, leak]),
        (TicketFilter(""), [noise, key, leak]),
        (TicketFilter("closed"), [noise]),
        (TicketFilter("", priority="high"), [leak]),
        (TicketFilter("", assignee="mine"), [leak]),
        (TicketFilter("", assignee=str(luis)), [key]),
        (TicketFilter("", assignee="nobody"), [noise]),
        (TicketFilter("", priority="!", assignee="x" * 50), [noise, key, leak]),
        (TicketFilter("", assignee="9" * 40), [noise, key, leak]),
        (TicketFilter("", search="PENA"), [noise, key, leak]),
        (TicketFilter("", search="lena"), []),
    ):
        async with reading() as db:
            assert [row.id for row in (await tickets_page(db, cast.ana, chosen))[0]] == expected
    async with reading() as db:
        assert (await tickets_page(db, cast.vera, TicketFilter("")))[0] == []
