"""What the keyboard reaches: the command palette, and the list of all keys."""

from typing import Any

import reflex as rx

from witei_app.components.parts.keys import CommandPalette, KeysHelp
from witei_app.texts import say

_LABELS = {
    "title": "Search and commands",
    "field": "Search or do something…",
    "thread": "This conversation",
    "here": "On this page",
    "pages": "Go to",
    "views": "Views",
    "contacts": "Contacts",
    "conversations": "Conversations",
    "searching": "Searching…",
    "nothing": "Nothing found.",
}
_KEYS = {
    "Everywhere": {
        "Ctrl K": "Search and commands",
        "?": "These keys",
        "/": "Search",
        "Ctrl Z": "Undo what was just done",
        "Esc": "Close, or leave the field",
    },
    "Conversations": {
        "J K": "Next or previous conversation",
        "Enter": "Open the chosen one",
        "X": "Select it with others",
        "C": "New conversation",
        "R": "Reply",
        "N": "Internal note",
        "A": "Assign",
        "E": "Archive or reopen",
        "Z": "Snooze",
        "U": "Mark unread",
        "I": "Details",
    },
    "Writing": {
        "Ctrl Enter": "Send",
        "Ctrl Shift Enter": "Send and archive",
        "Ctrl B": "Bold",
        "Ctrl I": "Italic",
        "/ ": "Insert template, on an empty line",
    },
}


def as_command() -> dict[str, Any]:
    """Props of a button that the palette offers, beside those that have a key."""
    return {"custom_attrs": {"data-command": ""}}  # another one each time: Reflex writes into it


def palette(found: rx.Var[Any], found_for: rx.Var[str], *, on_search: Any) -> rx.Component:
    """`found` are rows with "group", "label", "hint" and "href", the answer to `found_for`; it asks while one types."""
    labels = {name: say(text) for name, text in _LABELS.items()}
    return CommandPalette.create(labels=labels, found=found, found_for=found_for, on_search=on_search.debounce(150))


def keys_help() -> rx.Component:
    """The dialog "Keyboard shortcuts"."""
    parts = [rx.el.section(rx.el.h3(say(title)), rx.el.dl(*_lines(keys))) for title, keys in _KEYS.items()]
    off = say("Single keys act where nobody is typing. They can be turned off in your profile.")
    return KeysHelp.create(
        rx.el.div(*parts, class_name="keys-list"),
        rx.el.p(off),
        label=say("Keyboard shortcuts"),
        close_label=say("Close"),
    )


def _lines(keys: dict[str, str]) -> list[rx.Component]:
    lines = []
    for key, meaning in keys.items():
        caps = [rx.el.kbd(part) for part in key.split()]
        lines.append(rx.el.div(rx.el.dt(*caps), rx.el.dd(say(meaning))))
    return lines
