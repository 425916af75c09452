"""Erasing a contact: what goes, counted, and what stays."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.notice import refusal_notice
from witei_app.crm.rows import EraseRow
from witei_app.texts import say

_COUNTED = {
    "conversations": "Conversations",
    "messages": "Messages",
    "files": "Files",
    "mails": "Mails as they came",
    "notes": "Notes",
    "tickets": "Tickets",
    "quotes": "Quotes",
    "visits": "Visits in the web chat",
    "ratings": "Ratings",
}


def erase_dialog(
    row: rx.Var[EraseRow], shown_id: rx.Var[int], notice: rx.Var[str], *, on_erase: Any, on_close: Any
) -> rx.Component:
    """The dialog; open while `row` is about the contact that is shown."""
    lines = [
        rx.el.div(rx.el.dt(say(label)), rx.el.dd(getattr(row, name).to_string())) for name, label in _COUNTED.items()
    ]
    cancel = rx.el.button(say("Cancel"), type="button", class_name="button", on_click=on_close)
    erase = rx.el.button(say("Erase for good"), type="button", class_name="button danger", on_click=on_erase)
    return dialog(
        (row.id > 0) & (row.id == shown_id),
        say("Erase {name} with all data?", name=row.name),
        refusal_notice(notice),
        rx.el.p(say("This is deleted for good, for everybody. Nobody can bring it back.")),
        rx.el.dl(*lines, class_name="counted"),
        rx.el.p(
            say("Reports keep their figures, without a name. The audit keeps that somebody was erased."),
            class_name="quiet-line",
        ),
        dialog_actions(cancel, erase),
        on_close=on_close,
    )
