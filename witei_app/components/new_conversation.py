"""Writing first."""

from typing import Any

import reflex as rx

from witei_app.components.composer import plain_editor
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
    turn: rx.Var[int],
    recipients: RecipientFields,
    fault: rx.Var[str],
    *,
    sent_signal: rx.Var[int],
    language: rx.Var[str],
    on_subject: Any,
    on_send: Any,
    on_close: Any,
) -> rx.Component:
    """The dialog: to whom, about what, the text. Contacts are offered while one types."""
    return dialog(
        is_open,
        say("New conversation"),
        rx.el.div(
            rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
            rx.el.div(recipient_fields(recipients, takes_focus=True), class_name="composer recipients-box"),
            field(say("Subject"), text_input(max_length=998, on_change=on_subject)),
            plain_editor(
                label=say("Message"),
                editor_id=turn,
                initial_html="",
                clear_signal=sent_signal,
                language=language,
                save=say("Send"),
                on_save=on_send,
            ),
            class_name="dialog-fields",
        ),
        on_close=on_close,
    )
