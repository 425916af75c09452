"""The levels of a user, one field each."""

from typing import Any

import reflex as rx

from witei_app.components.form import field, select, toggle
from witei_app.texts import say

_WHOSE = [("none", "Nothing"), ("own", "Only own"), ("all", "Everything")]
_CHOICES = {
    "conversation_scope": (
        "Conversations",
        [("none", "Nothing"), ("own", "Only own"), ("own_and_unassigned", "Own and unassigned"), ("all", "Everything")],
    ),
    "contact_scope": ("Contacts", [("own", "Only own"), ("all", "Everything")]),
    "quote_scope": ("Quotes", _WHOSE),
    "ticket_scope": ("Tickets", _WHOSE),
    "report_scope": ("Reports", _WHOSE),
    "template_level": ("Message templates", [("use", "Use"), ("manage", "Use and manage")]),
}
_SWITCHES = {
    "can_write": "Answer, note and archive",
    "can_assign_others": "Assign to others",
    "can_delete": "Delete conversations",
    "can_manage_web_chat": "Set up the web chat",
    "can_manage_sender_domains": "Set up sender domains",
    "can_export": "Export",
}


def permission_fields(levels: Any, on_level: Any) -> rx.Component:
    """All levels of the var `levels` (a Permissions); `on_level(name, value)`."""
    choices = [
        field(
            say(label),
            select(
                levels[name],
                [(value, say(text)) for value, text in options],
                on_change=lambda v, n=name: on_level(n, v),
            ),
        )
        for name, (label, options) in _CHOICES.items()
    ]
    switches = [toggle(say(label), levels[name], lambda v, n=name: on_level(n, v)) for name, label in _SWITCHES.items()]
    return rx.fragment(
        rx.el.div(*choices, class_name="two-fields"),
        rx.el.div(*switches, class_name="two-fields", role="group", aria_label=say("May do")),
    )
