"""Merging two contacts, and the addresses that one writes from."""

from typing import Any

import reflex as rx

from witei_app.components.contact_finder import contact_finder
from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.form import state_chip, wide_table
from witei_app.components.notice import refusal_notice
from witei_app.crm.rows import AddressRow, ContactRow, FieldRow, MergeRow
from witei_app.texts import say


def merge_dialog(
    is_open: rx.Var[bool],
    found: rx.Var[list[ContactRow]],
    sides: rx.Var[MergeRow],
    notice: rx.Var[str],
    *,
    on_find: Any,
    on_pick: Any,
    on_choose: Any,
    on_merge: Any,
    on_close: Any,
) -> rx.Component:
    """The dialog. Handlers: `on_find(text)`, `on_pick(id)`, `on_choose(field, is_other)`; the others take nothing."""
    cancel = rx.el.button(say("Cancel"), type="button", class_name="button", on_click=on_close)
    merge = rx.el.button(say("Merge"), type="button", class_name="button primary", on_click=on_merge)
    return dialog(
        is_open,
        say("Merge with another contact"),
        refusal_notice(notice),
        rx.cond(
            sides.other_id > 0,
            rx.fragment(_sides(sides, on_choose), dialog_actions(cancel, merge)),
            rx.fragment(_finder(found, on_find, on_pick), dialog_actions(cancel)),
        ),
        on_close=on_close,
    )


def _finder(found: rx.Var[list[ContactRow]], on_find: Any, on_pick: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(say("For one person who is here twice, under another address or another name."), class_name="lead"),
        contact_finder(say("Find the other contact"), found, on_find=on_find, on_pick=on_pick),
    )


def _sides(sides: rx.Var[MergeRow], on_choose: Any) -> rx.Component:
    heads = [rx.el.td(), *[rx.el.th(name, scope="col") for name in (sides.kept, sides.other)]]
    grid = rx.el.table(
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(sides.fields, lambda row: _field(row, on_choose))),
        aria_label=say("Both contacts"),
    )
    comes = rx.cond(
        sides.moved.length() > 0,
        rx.el.p(say("Comes along:"), " ", rx.foreach(sides.moved, lambda one: rx.el.span(one, class_name="chip"))),
    )
    return rx.fragment(
        wide_table(grid, "merge"),
        comes,
        rx.el.p(
            say("Links to {name} lead to {kept} from then on. This is not undone.", name=sides.other, kept=sides.kept)
        ),
    )


def _field(row: rx.Var[FieldRow], on_choose: Any) -> rx.Component:
    def side(value: rx.Var[str], is_other: bool) -> rx.Component:
        taken = row.is_other if is_other else ~row.is_other
        button = rx.el.label(
            rx.el.input(
                type="radio",
                name=row.name,
                checked=taken,
                aria_label=rx.Var.create(f"{row.label}: {value}"),
                on_change=lambda _: on_choose(row.name, is_other),
            ),
            rx.el.span(value),
        )
        plain = rx.el.span(value, class_name=rx.cond(taken | (row.kept == row.other), "", "dropped"))
        return rx.el.td(rx.cond(row.is_choice, button, plain))

    return rx.el.tr(rx.el.th(row.label, scope="row"), side(row.kept, False), side(row.other, True), key=row.name)


def address_list(
    addresses: rx.Var[list[AddressRow]], fault: rx.Var[str], turn: rx.Var[int], actions: dict[str, Any]
) -> rx.Component:
    """Other addresses of a contact. `actions`: `add_address(form)`, `remove_address(id)`, `make_main(id)`."""

    def line(one: rx.Var[AddressRow]) -> rx.Component:
        main = rx.el.button(
            say("Make main"),
            type="button",
            class_name="text-button",
            aria_label=say("Make {address} the main one", address=one.address),
            on_click=actions["make_main"](one.id),
        )
        remove = rx.el.button(
            say("Remove"),
            type="button",
            class_name="text-button",
            aria_label=say("Remove {name}", name=one.address),
            on_click=actions["remove_address"](one.id),
        )
        bad = rx.cond(one.is_bad, state_chip(say("mail comes back"), "bad"))
        return rx.el.li(rx.el.span(one.address), bad, rx.el.span(main, remove, class_name="own"), key=one.id)

    listed = rx.el.ul(rx.foreach(addresses, line), role="list", aria_label=say("Also written from"))
    return rx.el.div(
        rx.cond(addresses.length() > 0, listed),
        rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
        _another_address(turn, actions["add_address"]),
        class_name="contact-addresses",
    )


def _another_address(turn: rx.Var[int], on_add: Any) -> rx.Component:
    box = rx.el.input(
        name="address",
        input_mode="email",
        placeholder=say("Another address"),
        aria_label=say("Another address"),
        auto_complete="off",
        max_length=320,
        class_name="input",
    )
    return rx.el.form(
        box,
        rx.el.button(say("Add"), type="submit", class_name="button", aria_label=say("Add address")),
        on_submit=on_add,
        class_name="address-add",
        key=turn,
    )
