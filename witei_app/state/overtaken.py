"""Two who change the same field at once: the second one is told, before what the first one wrote is replaced."""

from collections.abc import Mapping

from witei_app.errors import Refused
from witei_app.texts import later, translate

_LABELS = {
    "name": later("Name"),
    "surnames": later("Surnames"),
    "email": later("E-mail"),
    "phone": later("Phone"),
    "language": later("Language"),
    "origin": later("Origin"),
    "responsible": later("Responsible"),
    "time_zone": later("Time zone"),
    "title": later("Title"),
    "state": later("State"),
    "priority": later("Priority"),
    "assignee": later("Assignee"),
}
_READABLE = {"name", "surnames", "email", "phone", "origin", "title"}  # the others hold a key of their choice


def overtaken(typed: Mapping[str, str], shown: Mapping[str, str] | None, there: Mapping[str, str]) -> dict[str, str]:
    """What is there now of the fields that somebody else changed since they were shown, and this form otherwise."""
    if shown is None:
        return {}
    both = {name for name in typed.keys() & there.keys() if shown.get(name) not in {typed[name], there[name]}}
    return {name: there[name] for name in there if name in both and typed[name] != there[name]}


def refusal(fields: Mapping[str, str], language: str) -> Refused:
    """Says which ones, and what is there. A second Save is meant."""
    words = [
        f"{translate(_LABELS[name], language)}{f' “{value}”' if value and name in _READABLE else ''}"
        for name, value in fields.items()
    ]
    return Refused(
        "A colleague has changed this meanwhile: {fields}. Save again to put yours in its place.",
        fields=", ".join(words),
    )
