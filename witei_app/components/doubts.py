"""What to think of once more before a message leaves."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import dialog, dialog_actions
from witei_app.texts import say


def doubts_dialog(doubts: rx.Var[list[str]], *, on_send: Any, on_back: Any) -> rx.Component:
    """Open while there are any; the text stays where it is, whatever the answer."""
    return dialog(
        doubts.length() > 0,
        say("Before you send"),
        rx.el.ul(rx.foreach(doubts, lambda doubt: rx.el.li(doubt, key=doubt)), class_name="doubts"),
        dialog_actions(
            rx.el.button(say("Go back"), type="button", class_name="button", on_click=on_back),
            rx.el.button(say("Send anyway"), type="button", class_name="button primary", on_click=on_send),
        ),
        on_close=on_back,
    )
