"""What time it is where the contact is."""

import pytest

from tests.cast import Cast, open_conversation, pane_of
from witei_app.crm.edit import ContactInput, save_contact
from witei_app.crm.local_time import zone_of
from witei_app.crm.ticket_links import link_conversation
from witei_app.crm.tickets import TicketInput, open_ticket
from witei_app.db import transaction
from witei_app.models import Contact


@pytest.mark.parametrize(
    ("phone", "known", "zone"),
    [
        ("+34 600 36 87 85", "", "Europe/Madrid"),
        ("+34 922 24 00 00", "", "Atlantic/Canary"),
        ("+52 55 1234 5678", "", "America/Mexico_City"),
        ("+34 600 36 87 85", "Asia/Tokyo", "Asia/Tokyo"),
        ("+44 7700 900123", "", ""),
        ("+7 912 345 67 89", "", ""),
        ("600", "", ""),
        ("+hello", "", ""),
        ("", "", ""),
    ],
)
def test_a_phone_tells_where_somebody_is(phone: str, known: str, zone: str) -> None:
    assert zone_of(Contact(phone=phone, time_zone=known), "Europe/Madrid") == zone


async def test_a_zone_that_is_chosen_beats_the_phones_and_stays_when_nobody_asks_for_another(cast: Cast) -> None:
    for chosen, kept in (("Asia/Tokyo", "Asia/Tokyo"), (None, "Asia/Tokyo"), ("Mars/Base", "Asia/Tokyo"), ("", "")):
        async with transaction() as db:
            typed = ContactInput("Marco", phone="+34 600 11 22 33", time_zone=chosen)
            contact = await save_contact(db, cast.ana, cast.marco.id, typed)
        assert (contact.time_zone, zone_of(contact, "Europe/Madrid")) == (kept, kept or "Europe/Madrid")


async def test_the_pane_says_the_time_and_which_tickets_are_about_this(cast: Cast) -> None:
    opened, other = await open_conversation(cast.marco), await open_conversation(cast.marco)
    async with transaction() as db:
        (await db.get_one(Contact, cast.marco.id)).phone = "+52 55 1234 5678"
        first = await open_ticket(db, cast.ana, TicketInput("Leak"), conversation_id=opened)
        await open_ticket(db, cast.ana, TicketInput("Key"), contact_id=cast.marco.id)
        await link_conversation(db, cast.ana, first.id, other)
    for conversation_id in (opened, other):
        pane = await pane_of(cast.luis, conversation_id)
        assert pane.local_time.endswith("(America/Mexico_City)")
        assert [card.detail for card in pane.tickets] == ["open · medium", "open · medium · this conversation"]
