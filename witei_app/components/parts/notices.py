"""Telling of something new: over the page, aloud, by the system."""

import reflex as rx
from reflex.event import no_args_event_spec

from witei_app.components.parts.source import source


class Notifier(rx.Component):
    """Tells of something new, again whenever `number` changes, in `ways`: over the page, aloud, by the system when the
    app is not looked at. `on_arrive` when the page is connected (again), `on_here` now and then while it is used."""

    library = source("notifier.jsx")
    tag = "Notifier"
    number: rx.Var[int]
    title: rx.Var[str]
    text: rx.Var[str]
    href: rx.Var[str]
    ways: rx.Var[str]
    open_label: rx.Var[str]
    is_connected: rx.Var[bool]
    on_arrive: rx.EventHandler[no_args_event_spec]
    on_here: rx.EventHandler[no_args_event_spec]


class MuteSwitch(rx.Component):
    """Sounds on this computer, or none."""

    library = source("notifier.jsx")
    tag = "MuteSwitch"
    label: rx.Var[str]


class BrowserNoticeTest(rx.Component):
    """Asks the browser for leave to notify, on a click, and shows one; says where it stands."""

    library = source("notifier.jsx")
    tag = "BrowserNoticeTest"
    label: rx.Var[str]
    allowed_text: rx.Var[str]
    ask_text: rx.Var[str]
    denied_text: rx.Var[str]
    unsupported_text: rx.Var[str]
    test_title: rx.Var[str]
    test_text: rx.Var[str]
