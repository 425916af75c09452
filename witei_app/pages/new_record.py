"""The dialog in which a quote or a ticket is begun, bound for the lists that offer it."""

import reflex as rx

from witei_app.components.contact_finder import contact_finder
from witei_app.components.contact_form import ticket_form
from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.components.palette import as_command
from witei_app.state.new_record import NewRecordState
from witei_app.texts import say


def new_record_button(label: rx.Var[str], kind: str) -> rx.Component:
    """The button above the list of such records."""
    begin = NewRecordState.begin(kind)
    button = rx.el.button(icon("plus"), label, class_name="button primary", on_click=begin, **as_command())
    return rx.cond(NewRecordState.may.can_write, button)


def new_record(title: rx.Var[str], kind: str) -> rx.Component:
    """Whom it is for, then what it is about."""
    cancel = rx.el.button(say("Cancel"), type="button", class_name="button", on_click=NewRecordState.cancel)
    find = contact_finder(
        say("For which contact?"), NewRecordState.found, on_find=NewRecordState.find, on_pick=NewRecordState.pick
    )
    fill_in = rx.fragment(
        rx.el.p(NewRecordState.contact_name, class_name="lead"),
        ticket_form(NewRecordState.notice, on_save=NewRecordState.open_ticket, on_cancel=NewRecordState.cancel),
    )
    return dialog(
        NewRecordState.kind == kind,
        title,
        rx.cond(
            NewRecordState.contact_name != "",
            fill_in,
            rx.fragment(refusal_notice(NewRecordState.notice), find, dialog_actions(cancel)),
        ),
        on_close=NewRecordState.cancel,
    )
