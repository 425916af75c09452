"""The address at which the workspace's mail comes in, to copy and to change."""

from typing import Any

import reflex as rx

from witei_app.components.form import buttons, copy_line, field, save_button, section, text_input
from witei_app.texts import say


def inbound_address(address: rx.Var[str], domain: rx.Var[str], former: rx.Var[list[str]], on_save: Any) -> rx.Component:
    """The part of the page about it. `on_save` takes the form, with "mailbox"; `former` still receive."""
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
                "Before @{domain}: letters, digits, and points, hyphens or underscores between them.", domain=domain
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
        rx.cond(former.length() > 0, _former(former)),
        rx.cond(address != "", form),
        hint=say("Contacts write to it, and answers come back to it. A former address goes on receiving."),
    )


def _former(former: rx.Var[list[str]]) -> rx.Component:
    items = rx.foreach(former, lambda one: rx.el.li(rx.el.code(one), key=one))
    return rx.el.div(
        rx.el.p(say("Mail to what was the address before comes in, too:"), class_name="quiet-line"),
        rx.el.ul(items, aria_label=say("Former addresses")),
    )
