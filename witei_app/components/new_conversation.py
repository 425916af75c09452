"""Writing first."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import dialog
from witei_app.components.form import field, text_input
from witei_app.components.icons import icon
from witei_app.components.recipients import RecipientFields, recipient_fields
from witei_app.texts import say


def new_button(on_click: Any) -> rx.Component:
    """Beside the list's heading."""
    label = say("New conversation")
    return rx.el.button(
        icon("compose"),
        type="button",
        class_name="button quiet square",
        aria_label=label,
        title=label,
        on_click=on_click,
        custom_attrs={"aria-keyshortcuts": "c"},
    )


def new_conversation(
    is_open: rx.Var[bool],
    recipients: RecipientFields,
    subject: rx.Var[str],
    subject_turn: rx.Var[int],
    fault: rx.Var[str],
    editor: rx.Component,
    *,
    on_subject: Any,
    on_close: Any,
) -> rx.Component:
    """The dialog: to whom, about what, the text."""
    return dialog(
        is_open,
        say("New conversation"),
        rx.el.div(
            rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
            rx.el.div(recipient_fields(recipients, takes_focus=True), class_name="composer recipients-box"),
            field(
                say("Subject"),
                # Kept at each pause; and when it is left, so that who sends at once sends it too.
                text_input(
                    subject, max_length=998, on_change=on_subject.debounce(300), on_blur=on_subject, key=subject_turn
                ),
            ),
            rx.el.div(editor, class_name="composer plain-editor"),
            class_name="dialog-fields",
        ),
        on_close=on_close,
    )
