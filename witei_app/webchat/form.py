"""What a visitor is asked before the first message."""

import re
from dataclasses import dataclass
from typing import Any

from witei_app.errors import Refused

FIELDS = ("name", "email", "phone")
OPTIONAL, REQUIRED = "optional", "required"
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,190}\.[^\W\d_][\w-]{1,62}")
_PHONE = re.compile(r"\+?[\d\s().-]{6,30}")


@dataclass(frozen=True)
class AskFirst:
    """Each field is "" (not asked), "optional" or "required"; with `consent` the visitor must agree first."""

    name: str = ""
    email: str = ""
    phone: str = ""
    consent: bool = False
    privacy_url: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to ask."""
        return self.consent or any(getattr(self, name) for name in FIELDS)


def read_form(stored: dict[str, Any]) -> AskFirst:
    """The form as a widget's row keeps it."""
    wanted = {name: stored.get(name, "") for name in FIELDS}
    known = {name: value for name, value in wanted.items() if value in (OPTIONAL, REQUIRED)}
    return AskFirst(**known, consent=bool(stored.get("consent")), privacy_url=str(stored.get("privacy_url", "")))


def fault_in(form: AskFirst, name: str, email: str, phone: str, has_consent: bool) -> str:
    """What is wrong with the answers, as the name of a text for the visitor; "" when nothing is."""
    if email and not is_email(email):
        return "bad_email"
    if phone and not is_phone(phone):
        return "bad_phone"
    given = {"name": name, "email": email, "phone": phone}
    is_missing = any(getattr(form, field) == REQUIRED and not given[field] for field in FIELDS)
    return "form_needed" if is_missing or (form.consent and not has_consent) else ""


def is_email(text: str) -> bool:
    """Whether it can be an address. Whether it is the visitor's, nobody knows."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Whether it can be called."""
    return _PHONE.fullmatch(text) is not None and 6 <= sum(letter.isdigit() for letter in text) <= 15


def check_privacy_url(url: str) -> str:
    """An address of a web page, or nothing."""
    if url and not re.fullmatch(r"https?://[^\s\"'<>]{3,1000}", url):
        raise Refused("The address of the privacy policy begins with https://.")
    return url
