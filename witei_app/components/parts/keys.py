"""All that the keyboard does."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from witei_app.components.parts.source import source


class Shortcuts(rx.Component):
    """Single keys press what carries them in `aria-keyshortcuts`, while `is_on`; j and k walk the list."""

    library = source("keys.jsx")
    tag = "Shortcuts"
    is_on: rx.Var[bool]


class KeysHelp(rx.Component):
    """The dialog of all keys; "?" opens it, and whatever has `data-opens` with its id."""

    library = source("keys.jsx")
    tag = "KeysHelp"
    label: rx.Var[str]
    close_label: rx.Var[str]


class CommandPalette(rx.Component):
    """Ctrl+K: what can be done on this page, where one can go, and what `on_search(text)` finds."""

    library = source("palette.jsx")
    tag = "CommandPalette"
    labels: rx.Var[dict[str, str]]
    found: rx.Var[Any]
    found_for: rx.Var[str]
    on_search: rx.EventHandler[passthrough_event_spec(str)]
