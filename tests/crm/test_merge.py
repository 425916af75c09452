"""Two contacts become one: everything moves, both must be seen, the old page leads on."""

from dataclasses import replace

import pytest

from tests.cast import Cast, all_of, announced, get, give, open_conversation, write_in
from witei_app.accounts.permissions import READ_ONLY
from witei_app.crm.addresses import add_address, make_main, other_addresses, remove_address
from witei_app.crm.contacts import contact_of_address
from witei_app.crm.edit import ContactInput, create_contact, save_contact
from witei_app.crm.lists import contacts_page
from witei_app.crm.merge import merge_contacts, merge_preview, merged_into, merges_of, move_late_arrivals
from witei_app.crm.notes import add_note
from witei_app.crm.quotes import new_quote
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.db import reading, transaction
from witei_app.errors import NotFound, Refused
from witei_app.live.events import ConversationChanged, Event
from witei_app.models import Contact, ContactNote, Conversation, Quote, Ticket, Visitor, Widget

__all__ = ["announced"]
LENA = ContactInput(name="Lena", surnames="Gil", email="lena@x.test", phone="612345678", language="es")


async def lena_of(cast: Cast, typed: ContactInput = LENA) -> Contact:
    async with transaction() as db:
        return await create_contact(db, cast.ana, typed)


async def merge(cast: Cast, kept: int, other: int, **choices: bool) -> None:
    async with transaction() as db:
        await merge_contacts(db, cast.ana, kept, other, choices)


async def test_everything_of_the_other_is_the_contacts_now(cast: Cast, announced: list[Event]) -> None:
    lena = await lena_of(cast)
    opened = await open_conversation(lena)
    async with transaction() as db:
        await add_note(db, cast.ana, lena.id, "Likes dogs")
        await new_quote(db, cast.ana, lena.id)
        await open_ticket(db, cast.ana, TicketInput("Leak"), contact_id=lena.id)
        widget = Widget(workspace_id=cast.sol, name="Site", key="key")
        db.add(widget)
        await db.flush()
        db.add(Visitor(workspace_id=cast.sol, contact_id=lena.id, token_hash="x", widget_id=widget.id))
    announced.clear()
    await merge(cast, cast.marco.id, lena.id, surnames=True)
    for table in (Conversation, ContactNote, Quote, Ticket, Visitor):
        assert [row.contact_id for row in await all_of(table)] == [cast.marco.id]
    kept = await get(Contact, cast.marco.id)
    assert (kept.full_name, kept.email, kept.phone) == ("Marco Peña Gil", "marco@contact.test", "+34 612 34 56 78")
    assert (await get(Conversation, opened)).contact_name == "Marco Peña Gil"
    assert {event.conversation_id for event in announced if isinstance(event, ConversationChanged)} == {opened}
    async with transaction() as db:
        assert [one.address for one in await other_addresses(db, cast.ana, kept.id)] == ["lena@x.test"]
        assert (await contact_of_address(db, cast.sol, "lena@x.test", "L", "E-mail")).id == kept.id


async def test_the_old_page_leads_on_and_the_merge_is_on_record(cast: Cast) -> None:
    lena, iris = await lena_of(cast), await lena_of(cast, ContactInput(name="Iris"))
    await merge(cast, lena.id, iris.id)
    await merge(cast, cast.marco.id, lena.id)
    async with reading() as db:
        for gone in (lena, iris):
            assert await merged_into(db, cast.luis, gone.id) == cast.marco.id
            assert await merged_into(db, cast.vera, gone.id) == 0
            assert await merged_into(db, cast.eva, gone.id) == 0
        assert [words.split(" on ")[0] for words in await merges_of(db, cast.luis, cast.marco.id)] == [
            "Merged with Lena Gil",
            "Merged with Iris",
        ]
        assert [row.id for row in (await contacts_page(db, cast.ana))[0]] == [cast.marco.id]
    with pytest.raises(Refused, match=r"belongs to Marco Peña"):
        await lena_of(cast, replace(LENA, email=""))  # the number is Marco's, not the signpost's


async def test_the_preview_shows_both_and_what_comes_along(cast: Cast) -> None:
    lena = await lena_of(cast)
    await open_conversation(lena)
    async with reading() as db:
        sides = await merge_preview(db, cast.luis, cast.marco.id, lena.id)
    fields = {one.name: one for one in sides.fields}
    assert (fields["name"].is_choice, fields["phone"].is_choice, fields["phone"].is_other) == (True, False, True)
    assert (fields["language"].other, fields["responsible_id"].other) == ("Spanish", "Ana Ruiz")
    assert sides.moved == ["Conversations: 1", "Addresses: 1"]


async def test_the_preview_counts_what_the_actor_sees(cast: Cast) -> None:
    lena = await lena_of(cast)
    for contact in (cast.marco, lena):
        await give(cast.ana, await open_conversation(contact), cast.eva)
    await open_conversation(lena)
    eva = replace(cast.eva, levels=replace(cast.eva.levels, ticket_scope="own", quote_scope="none"))
    async with transaction() as db:
        await open_ticket(db, cast.ana, TicketInput("Leak"), contact_id=lena.id)
        await new_quote(db, cast.ana, lena.id)
    async with reading() as db:
        moved = [(await merge_preview(db, actor, cast.marco.id, lena.id)).moved for actor in (eva, cast.ana)]
    assert moved[0] == ["Conversations: 1", "Addresses: 1"]
    assert moved[1] == ["Conversations: 2", "Quotes: 1", "Tickets: 1", "Addresses: 1"]


async def test_a_name_goes_before_what_a_visitor_without_one_is_called(cast: Cast) -> None:
    visitor = await lena_of(cast, ContactInput(name="Visitante de /pisos"))
    async with reading() as db:
        there = await merge_preview(db, cast.luis, visitor.id, cast.marco.id)
        back = await merge_preview(db, cast.luis, cast.marco.id, visitor.id)
    assert [one.is_other for sides in (there, back) for one in sides.fields if one.name == "name"] == [True, False]


async def test_both_must_be_within_sight(cast: Cast) -> None:
    lena = await lena_of(cast)
    opened = await open_conversation(cast.marco)
    await give(cast.ana, opened, cast.eva)  # Eva sees Marco, but not Lena
    for actor in (cast.eva, cast.vera):
        for kept, other in ((cast.marco.id, lena.id), (lena.id, cast.marco.id)):
            with pytest.raises(NotFound):
                async with transaction() as db:
                    await merge_contacts(db, actor, kept, other, {})
            with pytest.raises(NotFound):
                async with reading() as db:
                    await merge_preview(db, actor, kept, other)
    with pytest.raises(Refused):
        async with transaction() as db:
            await merge_contacts(db, replace(cast.ana, levels=READ_ONLY), cast.marco.id, lena.id, {})
    with pytest.raises(Refused, match="same"):
        await merge(cast, lena.id, lena.id)


async def test_what_is_merged_is_not_changed_nor_merged_again(cast: Cast) -> None:
    lena = await lena_of(cast)
    await merge(cast, cast.marco.id, lena.id)
    with pytest.raises(NotFound):
        await merge(cast, cast.marco.id, lena.id)
    with pytest.raises(NotFound):
        async with transaction() as db:
            await save_contact(db, cast.ana, lena.id, LENA)


async def test_mail_of_the_same_moment_follows(cast: Cast) -> None:
    lena = await lena_of(cast)
    await merge(cast, cast.marco.id, lena.id)
    late = await open_conversation(lena)
    assert (await move_late_arrivals(), await move_late_arrivals()) == (1, 0)
    assert (await get(Conversation, late)).contact_id == cast.marco.id
    await write_in(late)


async def test_other_addresses_are_added_made_main_and_removed(cast: Cast) -> None:
    async with transaction() as db:
        await add_address(db, cast.ana, cast.marco.id, " Marco.Home@X.test ")
    async with transaction() as db:
        (other,) = await other_addresses(db, cast.luis, cast.marco.id)
        await make_main(db, cast.luis, other.id)
    assert (await get(Contact, cast.marco.id)).email == other.address == "marco.home@x.test"
    async with transaction() as db:
        (old,) = await other_addresses(db, cast.ana, cast.marco.id)
        await remove_address(db, cast.ana, old.id)
    with pytest.raises(Refused, match="main"):
        async with transaction() as db:
            await remove_address(db, cast.ana, other.id)
    async with transaction() as db:
        stranger = await contact_of_address(db, cast.sol, "marco@contact.test", "New", "E-mail")
    assert stranger.id != cast.marco.id


async def test_an_address_of_somebody_else_is_refused_by_name(cast: Cast) -> None:
    lena = await lena_of(cast)
    for typed, words in (("marco@contact.test", "Marco"), ("x", "not an e-mail"), ("", "Type")):
        with pytest.raises(Refused, match=words):
            async with transaction() as db:
                await add_address(db, cast.ana, lena.id, typed)
    async with transaction() as db:
        await add_address(db, cast.ana, lena.id, "second@x.test")
        (other,) = await other_addresses(db, cast.ana, lena.id)
    for actor in (cast.eva, cast.vera):
        for rule in (make_main, remove_address):
            with pytest.raises(NotFound):
                async with transaction() as db:
                    await rule(db, actor, other.id)
