"""Menus, dialogs and questions before an act."""

import reflex as rx
from reflex.event import no_args_event_spec

from witei_app.components.parts.source import source


class MenuPanel(rx.Component):
    """A menu or another small panel over the page, opened by a button with `popoverTarget`."""

    library = source("menu.jsx")
    tag = "MenuPanel"
    label: rx.Var[str]
    role: rx.Var[str]
    on_open: rx.EventHandler[no_args_event_spec]
    on_close: rx.EventHandler[no_args_event_spec]


class PostForm(rx.Component):
    """A form that the browser posts to `action`, a page of the server's own."""

    library = source("menu.jsx")
    tag = "PostForm"
    action: rx.Var[str]


class ModalDialog(rx.Component):
    """A dialog that keeps the focus inside while `open`; Esc and a click outside call `on_close`."""

    library = source("menu.jsx")
    tag = "ModalDialog"
    open: rx.Var[bool]
    label: rx.Var[str]
    on_close: rx.EventHandler[no_args_event_spec]


class ConfirmButton(rx.Component):
    """A button that asks once more before it acts."""

    library = source("menu.jsx")
    tag = "ConfirmButton"
    label: rx.Var[str]
    title: rx.Var[str]
    body: rx.Var[str]
    action: rx.Var[str]
    cancel: rx.Var[str]
    shortcut: rx.Var[str]
    is_command: rx.Var[bool]
    on_confirm: rx.EventHandler[no_args_event_spec]
