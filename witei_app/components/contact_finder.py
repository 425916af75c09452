"""A search box in a dialog, and the contacts that it finds."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.empty import how_many
from witei_app.components.form import once
from witei_app.components.icons import icon
from witei_app.crm.rows import ContactRow
from witei_app.texts import say


def contact_finder(label: rx.Var[str], found: rx.Var[list[ContactRow]], *, on_find: Any, on_pick: Any) -> rx.Component:
    """Handlers: `on_find(text)`, `on_pick(id)`."""
    box = rx.el.input(
        type="search",
        placeholder=label,
        aria_label=label,
        auto_complete="off",
        auto_focus=True,
        max_length=100,
        on_change=on_find.debounce(200),
    )

    def choice(row: rx.Var[ContactRow]) -> rx.Component:
        line = rx.el.button(
            avatar(row.initials, row.tint, "small"),
            rx.el.b(row.name, class_name="cut"),
            rx.el.span(row.email, class_name="cut"),
            type="button",
            custom_attrs=once(),
            class_name="choice contact",
            on_click=on_pick(row.id),
        )
        return rx.el.li(line, key=row.id)

    listed = rx.el.ul(rx.foreach(found, choice), class_name="choices", role="list", aria_label=say("Contacts"))
    return rx.fragment(
        rx.el.label(icon("search"), box, class_name="search"),
        how_many(found.length(), found.length() > 0),
        rx.cond(found.length() > 0, listed),
    )
