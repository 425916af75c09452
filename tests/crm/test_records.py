"""Contacts that are edited, notes about them, tickets: who may, and who hears of it."""

from dataclasses import replace

import pytest

from tests.cast import Cast, all_of, announced, get, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.crm.edit import ContactInput, create_contact, save_contact
from witei_app.crm.lists import TicketFilter, contacts_page, quotes_page, tickets_page
from witei_app.crm.notes import add_note, delete_note, edit_note, notes_about
from witei_app.crm.tickets import TicketInput, find_ticket, open_ticket, save_ticket
from witei_app.db import reading, transaction
from witei_app.errors import NotAllowed, NotFound, Refused
from witei_app.live.events import ConversationChanged, Event
from witei_app.models import AuditEntry, Contact, ContactAddress, ContactNote, Conversation, Ticket

__all__ = ["announced"]
MARCO = ContactInput(name="Marco", surnames="Peña", email="marco@contact.test")


async def save(actor: Actor, contact: Contact, **typed: object) -> Contact:
    """The actor changes fields of Marco."""
    async with transaction() as db:
        return await save_contact(db, actor, contact.id, replace(MARCO, **typed))  # type: ignore[arg-type]


async def test_a_new_name_follows_into_every_conversation_at_once(cast: Cast, announced: list[Event]) -> None:
    opened = [await open_conversation(cast.marco) for _ in range(2)]
    announced.clear()
    await save(cast.ana, cast.marco, name="Marcos", surnames="Peña Gil")
    assert [(await get(Conversation, one)).contact_name for one in opened] == ["Marcos Peña Gil"] * 2
    assert {event.conversation_id for event in announced if isinstance(event, ConversationChanged)} == set(opened)
    async with reading() as db:
        assert [row.name for row in (await contacts_page(db, cast.ana, "PENA gil"))[0]] == ["Marcos Peña Gil"]


async def test_phone_and_address_are_kept_in_one_form(cast: Cast) -> None:
    contact = await save(cast.ana, cast.marco, phone="612345678", email=" Marco.New@Contact.TEST ")
    assert (contact.phone, contact.email) == ("+34 612 34 56 78", "marco.new@contact.test")
    assert {row.address for row in await all_of(ContactAddress)} == {"marco@contact.test", "marco.new@contact.test"}


@pytest.mark.parametrize("typed", [{"email": "no address"}, {"phone": "12"}, {"phone": "hello"}])
async def test_what_is_no_address_or_number_is_refused(lite_cast: Cast, typed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        await save(lite_cast.ana, lite_cast.marco, **typed)
    assert (await get(Contact, lite_cast.marco.id)).email == "marco@contact.test"


async def test_somebody_elses_address_is_refused_by_name(cast: Cast) -> None:
    async with transaction() as db:
        lena = await create_contact(db, cast.luis, ContactInput(name="Lena", email="lena@x.test", phone="612345678"))
    assert lena.responsible_id == cast.luis.user_id
    for typed in ({"email": "LENA@x.test"}, {"phone": "+34 612 345 678"}):
        with pytest.raises(Refused, match=r"belongs to Lena. Luis Soto"):
            await save(cast.ana, cast.marco, **typed)
    async with transaction() as db:
        await create_contact(db, cast.vera, ContactInput(name="Lena", email="lena@x.test"))  # another agency's


async def test_nobody_is_no_contact_and_strangers_are_not_responsible(cast: Cast) -> None:
    with pytest.raises(Refused):
        await save(cast.ana, cast.marco, name="", surnames=" ", email="")
    with pytest.raises(NotFound):
        await save(cast.ana, cast.marco, responsible_id=cast.vera.user_id)


async def test_who_does_not_see_a_contact_changes_nothing(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    for actor in (cast.eva, cast.vera):
        with pytest.raises(NotFound):
            await save(actor, cast.marco, name="X")
        with pytest.raises(NotFound):
            async with transaction() as db:
                await add_note(db, actor, cast.marco.id, "x")
        with pytest.raises(NotFound):
            async with transaction() as db:
                await open_ticket(db, actor, TicketInput("x"), conversation_id=opened)
        async with reading() as db:
            assert (await contacts_page(db, actor))[0] == []
    await give(cast.ana, opened, cast.eva)
    await save(cast.eva, cast.marco, name="X")


async def test_a_note_is_changed_by_its_author_alone(cast: Cast) -> None:
    async with transaction() as db:
        note = await add_note(db, cast.ana, cast.marco.id, " Likes dogs ")
    for rule in (
        lambda db, actor: edit_note(db, actor, note.id, "x"),
        lambda db, actor: delete_note(db, actor, note.id),
    ):
        for actor in (cast.luis, cast.vera):
            with pytest.raises(NotFound):
                async with transaction() as db:
                    await rule(db, actor)
    async with transaction() as db:
        await edit_note(db, cast.ana, note.id, "Likes cats")
    async with reading() as db:
        (row,) = await notes_about(db, cast.luis, cast.marco.id)
    assert (row.body, row.is_own) == ("Likes cats", False)
    reader = replace(cast.ana, levels=replace(cast.ana.levels, can_write=False))
    async with reading() as db:
        assert not (await notes_about(db, reader, cast.marco.id))[0].is_own
    with pytest.raises(NotAllowed):
        async with transaction() as db:
            await delete_note(db, reader, note.id)
    async with transaction() as db:
        await delete_note(db, cast.ana, note.id)
    assert await all_of(ContactNote) == []
    assert [(entry.action, entry.contact_id) for entry in await all_of(AuditEntry)] == [("note_deleted", cast.marco.id)]


async def test_a_ticket_is_opened_from_a_conversation_and_linked(cast: Cast) -> None:
    opened = await open_conversation(cast.marco)
    async with transaction() as db:
        first = await open_ticket(db, cast.ana, TicketInput("Leak", priority="high"), conversation_id=opened)
        second = await open_ticket(db, cast.ana, TicketInput("Key"), contact_id=cast.marco.id)
    assert (first.number, first.conversation_id, second.number, second.conversation_id) == (1, opened, 2, None)
    async with transaction() as db:
        await save_ticket(db, cast.luis, first.id, TicketInput("Leak", "closed", "low", cast.luis.user_id or 0))
    assert (await get(Ticket, first.id)).state == "closed"
    async with reading() as db:
        assert [row.number for row in (await tickets_page(db, cast.ana))[0]] == [2]
        assert [row.number for row in (await tickets_page(db, cast.ana, TicketFilter("closed")))[0]] == [1]
    for actor in (cast.eva, cast.vera):
        with pytest.raises(NotFound):
            async with reading() as db:
                await find_ticket(db, actor, first.id)


async def test_a_ticket_has_known_states(lite_cast: Cast) -> None:
    for typed in (TicketInput(" "), TicketInput("x", "gone"), TicketInput("x", priority="!")):
        with pytest.raises(Refused):
            async with transaction() as db:
                await open_ticket(db, lite_cast.ana, typed, contact_id=lite_cast.marco.id)


async def test_long_lists_come_page_by_page(lite_cast: Cast) -> None:
    async with transaction() as db:
        for number in range(120):
            await create_contact(db, lite_cast.ana, ContactInput(name=f"Contact {number}"))
    seen, before = [], 0
    async with reading() as db:
        while True:
            rows, before = await contacts_page(db, lite_cast.ana, "contact", before)
            seen += [row.id for row in rows]
            if not before:
                break
        assert (await quotes_page(db, lite_cast.ana))[0] == []
    assert len(seen) == len(set(seen)) == 121
