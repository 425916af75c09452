"""The address at which the workspace's mail comes in, to copy and to change."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.components.form import buttons, copy_line, field, save_button, section, text_input
from witei_app.texts import say


def inbound_address(
    address: rx.Var[str], domain: rx.Var[str], former: rx.Var[list[str]], on_save: Any, on_give_up: Any
) -> rx.Component:
    """The part of the page about it. `on_save` takes the form, with "mailbox"; `former` still receive, until
    `on_give_up` is called with one.
    """
    mailbox = text_input(
        address.split("@")[0],
        name="mailbox",
        required=True,
        max_length=320,
        auto_capitalize="none",
        spell_check=False,
    )
    form = rx.el.form(
        field(
            say("Inbound address"),
            mailbox,
            hint=say(
                "Before @{domain}: letters and digits, with dots, hyphens or underscores between them.", domain=domain
            ),
        ),
        buttons(save_button(say("Change the address"))),
        on_submit=on_save,
        class_name="fields",
    )
    return section(
        say("Inbound address"),
        rx.el.div(
            rx.el.p(say("Mail to this address comes into Conversations:"), class_name="quiet-line"),
            copy_line(address, say("Copy the address")),
        ),
        rx.cond(former.length() > 0, _former(former, on_give_up)),
        rx.cond(address != "", form),
        hint=say("Contacts write to it, and answers come back to it. A former address keeps receiving."),
    )


def _former(former: rx.Var[list[str]], on_give_up: Any) -> rx.Component:
    items = rx.foreach(former, lambda one: rx.el.li(rx.el.code(one), _give_up(one, on_give_up), key=one))
    return rx.el.div(
        rx.el.p(say("Mail to your former address comes in, too:"), class_name="quiet-line"),
        rx.el.ul(items, aria_label=say("Former addresses"), class_name="former"),
    )


def _give_up(address: rx.Var[str], on_give_up: Any) -> rx.Component:
    return confirm_button(
        say("Give up"),
        label=say("Give up {address}", address=address),
        title=say("Give up {address}?", address=address),
        body=say(
            "Mail to it is refused from then on, including answers to what you sent from it. "
            "Another agency here may take it."
        ),
        action=say("Give up"),
        on_confirm=on_give_up(address),
        class_name="text-button",
    )
