"""Telephone numbers as they are kept: "+34 600 11 22 33"."""

import phonenumbers
from babel.core import get_global
from sqlmodel import select

from witei_app.db import Session
from witei_app.models import Workspace

# Where most of the agencies are.
HOME = "ES"
_LONGEST_EXTENSION = 6
_MEXICO, _MEXICAN_DIGITS = 52, 10


async def home_of(db: Session, workspace_id: int) -> str:
    """The country whose numbers are written without a code in this workspace: that of its time zone."""
    zone = (await db.exec(select(Workspace.time_zone).where(Workspace.id == workspace_id))).one()
    return country_of(zone)


def country_of(time_zone: str) -> str:
    """The country that a time zone lies in (ISO 3166), HOME for one that lies in none, such as UTC."""
    named = get_global("zone_aliases").get(time_zone, time_zone)  # zones were renamed now and then
    country = get_global("zone_territories").get(named, "")
    return country if country in phonenumbers.SUPPORTED_REGIONS else HOME


def international(typed: str, home: str = HOME) -> str:
    """The number in its international form, "" when it is none. Without a code it is a number of the country `home`."""
    try:
        number = phonenumbers.parse(typed, home)
    except phonenumbers.NumberParseException:
        return ""
    _as_dialled_now(number)
    if not phonenumbers.is_possible_number(number):
        return ""
    if len(number.extension or "") > _LONGEST_EXTENSION:
        return ""  # a second number behind a comma
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _as_dialled_now(number: phonenumbers.PhoneNumber) -> None:
    """Mexican mobiles had a 1 behind the 52 until 2020; chats and address books still write it."""
    national = str(number.national_number)
    if number.country_code == _MEXICO and len(national) == _MEXICAN_DIGITS + 1 and national.startswith("1"):
        number.national_number = int(national[1:])
