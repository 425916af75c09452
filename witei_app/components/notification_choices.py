"""The section "Notifications" of one's own page: what is told in which way."""

from typing import Any

import reflex as rx

from witei_app.components.form import section, wide_table
from witei_app.components.parts.chosen import Switch
from witei_app.components.parts.notices import BrowserNoticeTest, MuteSwitch
from witei_app.texts import say

_KINDS = {
    "message": "New messages for me",
    "assigned": "Conversations given to me",
    "mentioned": "Mentions in notes",
    "unassigned": "New messages that nobody has yet",
}
_WAYS = {"in_app": "In the app", "by_browser": "Browser", "by_sound": "Sound", "by_mail": "E-mail"}


def notification_choices(choices: rx.Var[dict[str, dict[str, bool]]], on_switch: Any) -> rx.Component:
    """A table of switches: `choices[kind][way]`, `on_switch(kind, way, is_on)`. Each is kept at once."""
    head = [rx.el.th(say("What"), scope="col"), *[rx.el.th(say(way), scope="col") for way in _WAYS.values()]]
    lines = [_line(kind, label, choices, on_switch) for kind, label in _KINDS.items()]
    grid = rx.el.table(rx.el.thead(rx.el.tr(*head)), rx.el.tbody(*lines), aria_label=say("Notifications"))
    test = BrowserNoticeTest.create(
        label=say("Test notification"),
        allowed_text=say("This browser shows notifications while you are in another tab or window."),
        ask_text=say("The browser asks you for permission once."),
        denied_text=say("This browser blocks them: allow notifications in its settings for this page."),
        unsupported_text=say("This browser shows none."),
        test_title=say("Notifications are on"),
        test_text=say("This is how a new message will look."),
    )
    mail = say("The e-mail comes when you are signed out or away for ten minutes: one with all that waits.")
    return rx.el.div(
        section(
            say("Notifications"),
            wide_table(grid, "choices-table"),
            rx.el.p(mail, class_name="quiet-line"),
            test,
            MuteSwitch.create(label=say("Sound on this computer"), class_name="toggle-line"),
            hint=say("How you are notified when you are not looking."),
        ),
        id="notifications",
    )


def _line(kind: str, label: str, choices: rx.Var[dict[str, dict[str, bool]]], on_switch: Any) -> rx.Component:
    cells = [rx.el.td(_switch(kind, label, way, choices, on_switch)) for way in _WAYS]
    return rx.el.tr(rx.el.th(say(label), scope="row"), *cells)


def _switch(
    kind: str, label: str, way: str, choices: rx.Var[dict[str, dict[str, bool]]], on_switch: Any
) -> rx.Component:
    name = say("{what}: {way}", what=say(label), way=say(_WAYS[way]))
    return Switch.create(
        custom_attrs={"aria-label": name},
        checked=choices[kind][way],
        on_change=lambda is_on: on_switch(kind, way, is_on),
    )
