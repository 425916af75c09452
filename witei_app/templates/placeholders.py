"""Places in a template that are filled when it is inserted: {{contact.first_name}}, {{contact.first_name|cliente}}."""

import re
from collections.abc import Collection, Mapping
from html import escape

from witei_app.errors import Refused
from witei_app.models import Contact, User, Workspace
from witei_app.texts.visitors import own_name

# What a template may name, with an example for the page where templates are written.
KNOWN = {
    "contact.first_name": "Marco",
    "contact.name": "Marco Torres Ibáñez",
    "contact.email": "marco.torres@example.com",
    "contact.phone": "+34 600 000 000",
    "user.name": "Ana Ruiz",
    "user.first_name": "Ana",
    "user.email": "ana@demo.test",
    "workspace.name": "Inmobiliaria Sol",
}
# A signature knows no contact: it stands below what goes to several.
SIGNATURE_PLACES = [name for name in KNOWN if not name.startswith("contact.")]
SIGNATURE_NAMES = ", ".join(f"{{{{{name}}}}}" for name in SIGNATURE_PLACES)
_PLACE = re.compile(r"\{\{\s*([^{}|]{1,80}?)\s*(?:\|([^{}]{0,200}))?\}\}")


def values_of(contact: Contact, user: User, workspace: Workspace) -> dict[str, str]:
    """What each place is filled with in a conversation; empty when we do not know it."""
    name = own_name(contact.name)
    return {
        "contact.first_name": "" if "@" in name else name.split(" ")[0],
        "contact.name": f"{name} {contact.surnames}".strip(),
        "contact.email": contact.email,
        "contact.phone": contact.phone,
        "user.name": user.name,
        "user.first_name": user.name.split(" ")[0],
        "user.email": user.email,
        "workspace.name": workspace.name,
    }


def fill(html: str, values: Mapping[str, str]) -> str:
    """Put in what is known, else the text after the bar, which may be none; without a bar it stays in its braces."""
    return _PLACE.sub(lambda place: escape(values.get(place[1], "")) or _instead(place), html)


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """The same in a line of plain text, a subject."""
    return _PLACE.sub(lambda place: values.get(place[1], "") or _instead(place), text)


def _instead(place: re.Match[str]) -> str:
    return place[0] if place[2] is None else place[2]


def check_places(html: str, known: Collection[str] = tuple(KNOWN)) -> None:
    """Refuse a template with a place that nothing fills."""
    for place in _PLACE.finditer(html):
        if place[1] not in known:
            raise Refused(
                "There is nothing to fill {place} with. You can use: {known}.", place=place[0], known=", ".join(known)
            )
    left = _PLACE.sub("", html)
    if "{{" in left or "}}" in left:
        example = "{{contact.first_name|cliente}}" if "contact.first_name" in known else "{{user.name}}"
        raise Refused("A placeholder in this text is not closed: write {example}.", example=example)


def check_filled(html: str) -> None:
    """Refuse a text in which a place was left empty: nobody should read "Dear {{contact.first_name}}"."""
    left = _PLACE.search(html)
    if left is not None:
        raise Refused("Fill in or remove {place} before sending.", place=left[0])
