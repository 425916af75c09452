"""One mailbox: how it is, and what can be done with it."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.components.form import buttons, state_chip, toggle
from witei_app.mailboxes.rows import MailboxRow
from witei_app.texts import say


def mailbox(
    row: rx.Var[MailboxRow],
    *,
    on_switch: Any,
    on_edit: Any,
    on_again: Any,
    on_backfill: Any,
    on_sent: Any,
    on_remove: Any,
) -> rx.Component:
    """The part of the page about one mailbox. Handlers take its id; `on_switch` also whether it shall be on."""
    return rx.el.section(
        rx.el.header(
            rx.el.div(rx.el.h2(row.address), state_chip(row.state, row.tone), class_name="title"),
            rx.el.p(row.place),
            rx.cond(row.problem != "", rx.el.p(row.problem, class_name="fault")),
            rx.cond(row.facts != "", rx.el.p(row.facts, class_name="faint")),
            _backfill(row),
        ),
        toggle(say("Fetch from this mailbox"), row.is_on, lambda is_on: on_switch(row.id, is_on)),
        buttons(
            rx.cond(row.problem != "", _button(say("Try again now"), on_again(row.id))),
            _button(say("Change"), on_edit(row.id)),
            rx.cond(row.can_backfill, _button(say("Fetch older mails"), on_backfill(row.id))),
            rx.cond(row.can_add_sent, _button(say("Fetch sent mail too"), on_sent(row.id))),
            _remove(row, on_remove),
        ),
        class_name="domain",
        aria_label=row.address,
        key=row.id,
    )


def _backfill(row: rx.Var[MailboxRow]) -> rx.Component:
    bar = rx.el.progress(value=row.percent, max=100, class_name="progress", aria_label=say("Older mails"))
    words = rx.el.p(row.backfill, class_name="faint", role="status")
    return rx.cond(row.backfill != "", rx.fragment(words, rx.cond(row.percent >= 0, bar)))


def _button(label: rx.Var[str], on_click: Any) -> rx.Component:
    return rx.el.button(label, type="button", class_name="button", on_click=on_click)


def _remove(row: rx.Var[MailboxRow], on_remove: Any) -> rx.Component:
    return confirm_button(
        say("Remove"),
        label=say("Remove {address}", address=row.address),
        title=say("Remove {address}?", address=row.address),
        body=say("Its mails stay there, and what was fetched stays here. New mails do not come here any more."),
        action=say("Remove"),
        on_confirm=on_remove(row.id),
    )
