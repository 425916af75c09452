"""A conversation that is put off: the menu to snooze it, the form for a date, and what is shown meanwhile."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button, dialog, dialog_actions
from witei_app.components.icons import icon
from witei_app.components.menu import menu, menu_heading, menu_item
from witei_app.components.notice import refusal_notice
from witei_app.conversations.rows import HeaderRow
from witei_app.texts import say


def snooze_menu(header: rx.Var[HeaderRow], *, on_snooze: Any, on_choose: Any, on_wake: Any) -> rx.Component:
    """The button "Snooze"; `on_snooze(when)` takes "later", "tomorrow" or "next_week"."""
    return menu(
        "thread-snooze",
        say("Snooze"),
        [icon("snooze")],
        *snooze_items(header, on_snooze=on_snooze, on_choose=on_choose, on_wake=on_wake),
        class_name="button quiet square roomy",
        shortcut="z",
    )


def snooze_items(header: rx.Var[HeaderRow], *, on_snooze: Any, on_choose: Any, on_wake: Any) -> list[rx.Component]:
    """What the menu offers."""
    return [
        menu_heading(say("Snooze until")),
        menu_item(say("Later today (in 3 hours)"), sign="clock", on_click=on_snooze("later")),
        menu_item(say("Tomorrow morning (9:00)"), sign="sun", on_click=on_snooze("tomorrow")),
        menu_item(say("Next week (Monday, 9:00)"), sign="forward", on_click=on_snooze("next_week")),
        menu_item(say("A date and time…"), sign="snooze", on_click=on_choose),
        rx.cond(header.snoozed_until != "", menu_item(say("Wake it now"), sign="reopen", on_click=on_wake)),
    ]


def snooze_form(is_open: rx.Var[bool], fault: rx.Var[str], *, on_submit: Any, on_close: Any) -> rx.Component:
    """A date and a time of one's own; `fault` says why not this one."""
    until = rx.el.input(
        type="datetime-local", name="until", required=True, class_name="input", aria_label=say("Date and time")
    )
    buttons = dialog_actions(
        rx.el.button(say("Cancel"), type="button", class_name="button", on_click=on_close),
        rx.el.button(say("Snooze"), type="submit", class_name="button primary"),
    )
    return dialog(
        is_open,
        say("Snooze until"),
        rx.el.p(say("It leaves the open list until then, or until the contact writes.")),
        rx.el.form(until, refusal_notice(fault), buttons, on_submit=on_submit, class_name="fields"),
        on_close=on_close,
    )


def snoozed_line(header: rx.Var[HeaderRow], on_wake: Any, can_write: bool | rx.Var[bool]) -> rx.Component:
    """Under the head while it is snoozed."""
    again = rx.el.button(say("Wake it now"), type="button", class_name="text-button", on_click=on_wake)
    return rx.el.div(
        icon("snooze", "small"),
        say("Snoozed until {until}", until=header.snoozed_until),
        rx.cond(can_write, again),
        class_name="put-off",
    )


def binned(header: rx.Var[HeaderRow], *, on_restore: Any, on_delete: Any) -> rx.Component:
    """In place of the composer in the bin."""
    warning = "{holds} All of it is deleted, and nobody can bring it back. Reports keep their figures."
    for_good = confirm_button(
        say("Delete for good"),
        label=say("Delete for good"),
        title=say("Delete this conversation for good?"),
        body=say(warning, holds=header.holds),
        action=say("Delete for good"),
        on_confirm=on_delete,
        class_name="button",
    )
    again = rx.el.button(say("Restore"), type="button", class_name="button", on_click=on_restore)
    return rx.el.div(
        icon("bin"),
        rx.el.span(say("In the bin until {until}", until=header.in_bin_until)),
        rx.el.span(class_name="push"),
        again,
        for_good,
        class_name="closed binned",
    )
