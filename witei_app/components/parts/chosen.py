"""Controls whose value the server keeps: they show what was chosen at once, however far the server is."""

import reflex as rx
from reflex.event import checked_input_event

from witei_app.components.parts.source import source


class Choice(rx.el.Select):
    """One of its options; `on_change(value)`."""

    library = source("chosen.jsx")
    tag = "Choice"


class Switch(rx.Component):
    """On or off; `on_change(is_on)`."""

    library = source("chosen.jsx")
    tag = "Switch"
    checked: rx.Var[bool]
    on_change: rx.EventHandler[checked_input_event]
