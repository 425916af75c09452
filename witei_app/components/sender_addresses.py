"""The addresses of one sender domain: each with the name that contacts see, one the default."""

from typing import Any

import reflex as rx

from witei_app.components.form import field, save_button, state_chip, text_input
from witei_app.sender_domains.rows import SenderAddressRow, SenderDomainRow
from witei_app.texts import say


def sender_addresses(
    row: rx.Var[SenderDomainRow],
    *,
    form_number: rx.Var[int],
    naming: rx.Var[int],
    on_add: Any,
    on_remove: Any,
    on_default: Any,
    on_begin_naming: Any,
    on_end_naming: Any,
    on_name: Any,
) -> rx.Component:
    """The list, and the form for one more. `naming` is the address whose name is being changed."""

    def address(one: rx.Var[SenderAddressRow]) -> rx.Component:
        return rx.el.li(
            rx.el.span(rx.el.strong(one.email), rx.cond(one.display_name != "", rx.el.small(one.display_name))),
            rx.cond(one.is_default, state_chip(say("Default"), "good")),
            _quiet(say("Change name"), say("Change the name of {address}", address=one.email), on_begin_naming(one.id)),
            rx.cond(one.is_default, rx.fragment(), _unless_default(one, on_remove, on_default)),
            rx.cond(naming == one.id, _name_form(one, on_name, on_end_naming)),
            key=one.id,
        )

    return rx.el.div(
        rx.el.h3(say("Sender addresses")),
        rx.el.ul(
            rx.foreach(row.addresses, address),
            class_name="addresses",
            aria_label=say("Sender addresses"),
        ),
        _address_form(row, form_number, on_add),
    )


def _unless_default(one: rx.Var[SenderAddressRow], on_remove: Any, on_default: Any) -> rx.Component:
    return rx.fragment(
        _quiet(say("Make default"), say("Make {address} the default", address=one.email), on_default(one.id)),
        _quiet(say("Remove"), say("Remove {address}", address=one.email), on_remove(one.id)),
    )


def _quiet(words: rx.Var[str], label: rx.Var[str], on_click: Any) -> rx.Component:
    return rx.el.button(words, type="button", class_name="button quiet", aria_label=label, on_click=on_click)


def _name_form(one: rx.Var[SenderAddressRow], on_name: Any, on_end_naming: Any) -> rx.Component:
    name = text_input(one.display_name, name="display_name", max_length=100, auto_focus=True)
    return rx.el.form(
        field(say("Name shown (empty: who writes, and the agency)"), name),
        save_button(),
        rx.el.button(say("Cancel"), type="button", class_name="button", on_click=on_end_naming()),
        on_submit=on_name,
        aria_label=say("Change the name of {address}", address=one.email),
        class_name="inline-form",
    )


def _address_form(row: rx.Var[SenderDomainRow], form_number: rx.Var[int], on_add: Any) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="domain_id", default_value=row.id.to_string()),
        field(say("Address before the @"), text_input(name="local_part", required=True, max_length=64)),
        field(say("Name shown (empty: who writes, and the agency)"), text_input(name="display_name", max_length=100)),
        rx.el.button(say("Add address"), type="submit", class_name="button"),
        on_submit=on_add,
        key=f"{row.id}-{form_number}",
        class_name="inline-form",
    )
