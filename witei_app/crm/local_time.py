"""What time it is where a contact is: by their own zone if we know it, else by where their phone is from."""

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

from witei_app.models import Contact

_UNKNOWN = "Etc/Unknown"


def zone_of(contact: Contact, home: str) -> str:
    """The name of the contact's time zone, "" when nobody knows.

    A phone's country may have several: `home`, where the reader is, is believed when it is one of them.
    """
    if contact.time_zone:
        return contact.time_zone
    zones = _zones_of_phone(contact.phone)
    if home in zones:
        return home
    return zones[0] if len(zones) == 1 and zones[0] != _UNKNOWN else ""


@lru_cache(maxsize=2_000)
def _zones_of_phone(phone: str) -> tuple[str, ...]:
    if not phone.startswith("+"):
        return ()
    try:
        return tuple(timezone.time_zones_for_number(phonenumbers.parse(phone)))
    except phonenumbers.NumberParseException:
        return ()
