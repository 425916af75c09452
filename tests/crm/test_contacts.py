"""The people outside: one address, one contact; found without case and accents."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast, all_of, get
from witei_app.crm.contacts import add_contact, contact_of_address, fold
from witei_app.crm.edit import ContactInput, save_contact
from witei_app.db import transaction
from witei_app.models import Contact


async def test_an_address_belongs_to_one_contact_in_each_workspace(cast: Cast) -> None:
    async with transaction() as db:
        again = await contact_of_address(db, cast.sol, "marco@contact.test", "Another Name", "Web chat")
        elsewhere = await contact_of_address(db, cast.norte, "marco@contact.test", "Marco", "E-mail")
    assert (again.id, again.name) == (cast.marco.id, "Marco Peña")
    assert elsewhere.id != cast.marco.id
    assert elsewhere.workspace_id == cast.norte


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("  Ana   Ruiz ", "Ana Ruiz"),
        ("Ana\0\r\nRuiz\ud800", "AnaRuiz"),
        ("x" * 999, "x" * 255),
        ("العربية", "العربية"),
        ("علی\u200cرضا \u200d", "علی\u200cرضا"),
    ],
)
async def test_names_are_kept_as_one_readable_line(lite_cast: Cast, given_name: str, kept: str) -> None:
    async with transaction() as db:
        await add_contact(db, lite_cast.sol, name=given_name)
    assert (await all_of(Contact))[-1].name == kept


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Peña", "pena"), ("STRAUẞ", "strauss"), ("İzmir", "izmir"), ("ﬁn", "fin"), ("علی\u200cرضا", "علیرضا")],
)
def test_folding_takes_case_and_accents_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


async def test_two_who_edit_at_once_keep_each_others_changes(cast: Cast) -> None:
    shown = ContactInput(name="Marco", surnames="Peña", email="marco@contact.test")
    async with transaction() as db:
        await save_contact(db, cast.luis, cast.marco.id, replace(shown, phone="612 345 678", language="fr"))
    untouched = ("surnames", "email", "phone", "language", "origin", "responsible_id", "time_zone")
    async with transaction() as db:
        await save_contact(db, cast.ana, cast.marco.id, replace(shown, name="Marcos"), untouched)
    marco = await get(Contact, cast.marco.id)
    assert (marco.name, marco.phone, marco.language) == ("Marcos", "+34 612 34 56 78", "fr")
