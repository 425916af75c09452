"""Telephone numbers: as people write them in different countries."""

import pytest

from tests.cast import Cast
from witei_app.crm.edit import ContactInput, create_contact
from witei_app.crm.phones import country_of, international
from witei_app.db import transaction
from witei_app.models import Workspace


@pytest.mark.parametrize(
    ("typed", "home", "kept"),
    [
        ("612 345 678", "ES", "+34 612 34 56 78"),
        ("987 654 321", "PE", "+51 987 654 321"),
        ("55 1234 5678", "MX", "+52 55 1234 5678"),
        ("+52 1 55 1234 5678", "ES", "+52 55 1234 5678"),
        ("5215512345678", "MX", "+52 55 1234 5678"),
        ("+34 612 345 678", "MX", "+34 612 34 56 78"),
        ("912 345 678 ext 12", "ES", "+34 912 34 56 78 ext. 12"),
        ("612345678, 698765432", "ES", ""),
        ("6,12E+08", "ES", ""),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, home: str, kept: str) -> None:
    assert international(typed, home) == kept


@pytest.mark.parametrize(
    ("zone", "country"),
    [("America/Lima", "PE"), ("Atlantic/Canary", "ES"), ("America/Buenos_Aires", "AR"), ("UTC", "ES"), ("", "ES")],
)
def test_a_time_zone_lies_in_a_country(zone: str, country: str) -> None:
    assert country_of(zone) == country


async def test_an_agency_in_lima_writes_its_numbers_without_a_code(cast: Cast) -> None:
    async with transaction() as db:
        (await db.get_one(Workspace, cast.sol)).time_zone = "America/Lima"
        contact = await create_contact(db, cast.ana, ContactInput(name="Rosa", phone="987 654 321"))
    assert contact.phone == "+51 987 654 321"
