"""The open conversation: its scrolling log, mails in frames, pictures."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from witei_app.components.parts.source import source


class ScrollKeeper(rx.Component):
    """The scrolling log of a thread. Entries carry `data-entry`."""

    library = source("log.jsx")
    tag = "ScrollKeeper"
    label: rx.Var[str]
    reset_key: rx.Var[Any]
    jump_signal: rx.Var[int]
    target: rx.Var[int]
    target_signal: rx.Var[int]
    has_older: rx.Var[bool]
    new_label: rx.Var[str]
    on_older: rx.EventHandler[no_args_event_spec]
    on_why: rx.EventHandler[passthrough_event_spec(int)]
    on_again: rx.EventHandler[passthrough_event_spec(int)]


class MailFrame(rx.Component):
    """A mail in its own layout, sandboxed."""

    library = source("frame.jsx")
    tag = "MailFrame"
    src: rx.Var[str]
    title: rx.Var[str]
    hidden_label: rx.Var[str]
    show_label: rx.Var[str]


class PictureViewer(rx.Component):
    """Shows the pictures of the thread large, one after the other; opened by a click on one."""

    library = source("pictures.jsx")
    tag = "PictureViewer"
    labels: rx.Var[dict[str, str]]
