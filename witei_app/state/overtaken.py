"""Two who change the same field at once: the second one is told, before what the first one wrote is replaced."""

import json
from collections.abc import Mapping

import reflex as rx

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
_MOST_SHOWN = 20_000
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


class Overtaken(rx.State, mixin=True):
    """A form about what colleagues change too. `shown` is what its fields hold by now: those that nobody touched
    follow it in the browser, which tells with the form what each of them was shown last (FormFollower). `_told` is what
    a refusal said besides. `kept_turn` changes when the form is kept."""

    shown: dict[str, str] = {}
    kept_turn: int = 0
    _told: dict[str, str] = {}

    def _untouched(self, form: object, typed: Mapping[str, str], there: Mapping[str, str], language: str) -> list[str]:
        """The fields that are as they were shown. Refuses, once, where somebody else's change would be replaced."""
        shown = (_shown_in(form) or self.shown) | self._told
        if lost := overtaken(typed, shown or None, there):
            self._told = {**self._told, **lost}
            raise refusal(lost, language)
        return [name for name, text in typed.items() if shown.get(name) == text]

    def _keep(self, there: dict[str, str]) -> None:
        """The form is kept: this is what its fields hold now."""
        self.shown, self._told, self.kept_turn = there, {}, self.kept_turn + 1


def _shown_in(form: object) -> dict[str, str]:
    """What a browser says that it has shown."""
    said = form.get("shown") if isinstance(form, dict) else None
    if not isinstance(said, str) or len(said) > _MOST_SHOWN:
        return {}
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}
