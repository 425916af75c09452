"""Dialogs: one that the page opens, and a button that asks once more."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon
from witei_app.components.parts.menus import ConfirmButton, ModalDialog
from witei_app.texts import say


def dialog(is_open: rx.Var[bool], title: str | rx.Var[str], *children: Any, on_close: Any) -> rx.Component:
    """Show `children` under `title` while `is_open`; the focus stays inside, Esc and a click outside close it."""
    return ModalDialog.create(rx.el.h2(title), *children, open=is_open, label=title, on_close=on_close)


def close_button(on_close: Any) -> rx.Component:
    """In the corner of a dialog that has no "Cancel": a finger finds no Esc. The Tab key comes to it last."""
    label = say("Close")
    return rx.el.button(
        icon("close"),
        type="button",
        class_name="button quiet square close",
        aria_label=label,
        title=label,
        on_click=on_close,
    )


def dialog_actions(*buttons: Any) -> rx.Component:
    """The row of buttons at the foot of a dialog, the one that acts last."""
    return rx.el.div(*buttons, class_name="actions")


def confirm_button(
    *children: Any,
    label: rx.Var[str],
    title: rx.Var[str],
    body: rx.Var[str],
    action: rx.Var[str],
    on_confirm: Any,
    class_name: str = "button",
    shortcut: str = "",
    is_command: bool = False,
) -> rx.Component:
    """A button named `label` that asks `title` and `body` and acts only after `action` was pressed.

    The command palette offers it when it has a shortcut or `is_command`.
    """
    return ConfirmButton.create(
        *children,
        label=label,
        title=title,
        body=body,
        action=action,
        cancel=say("Cancel"),
        shortcut=shortcut,
        is_command=is_command,
        on_confirm=on_confirm,
        class_name=class_name,
    )
