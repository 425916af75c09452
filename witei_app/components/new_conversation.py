"""Writing first."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import close_button, dialog
from witei_app.components.form import text_input
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
    sender: rx.Component,
    *,
    on_subject: Any,
    on_close: Any,
) -> rx.Component:
    """The dialog: to whom, from which address, about what, the text."""
    return dialog(
        is_open,
        say("New conversation"),
        rx.el.div(
            rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
            rx.el.div(
                recipient_fields(recipients, sender, takes_focus=True),
                _subject(subject, subject_turn, on_subject),
                editor,
                class_name="composer plain-editor",
            ),
            class_name="dialog-fields",
        ),
        close_button(on_close),
        on_close=on_close,
    )


def _subject(subject: rx.Var[str], turn: rx.Var[int], on_subject: Any) -> rx.Component:
    """A line between the recipients and the text. It is kept at each pause; and when it is left, so that who sends at
    once sends it too."""
    keep = {"on_change": on_subject.debounce(300), "on_blur": on_subject}
    return rx.el.label(
        rx.el.span(say("Subject")), text_input(subject, max_length=998, key=turn, **keep), class_name="to subject-field"
    )
