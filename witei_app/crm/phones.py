"""Telephone numbers as they are kept: "+34 600 11 22 33"."""

import phonenumbers

HOME = "ES"


def international(typed: str) -> str:
    """The number in its international form, "" when it is none."""
    try:
        number = phonenumbers.parse(typed, HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
