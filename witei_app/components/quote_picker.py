"""Choosing a quote to attach."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import once, quote_tone, state_chip
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.crm.rows import QuoteRow
from witei_app.texts import say


def quote_picker(
    is_open: rx.Var[bool],
    quotes: rx.Var[list[QuoteRow]],
    notice: rx.Var[str],
    *,
    on_pick: Any,
    on_new: Any,
    on_close: Any,
) -> rx.Component:
    """The dialog "Attach quote". Handlers: `on_pick(id)`, the others take nothing."""
    nothing = empty_state("quote", say("No quotes for this contact yet"), say("Write one, then attach it here."))
    found = rx.el.ul(
        rx.foreach(quotes, lambda quote: _choice(quote, on_pick)),
        class_name="choices",
        role="list",
        aria_label=say("Quotes"),
    )
    return dialog(
        is_open,
        say("Attach quote"),
        refusal_notice(notice),
        rx.cond(quotes.length() > 0, found, nothing),
        dialog_actions(
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=on_close),
            rx.el.button(
                icon("plus"), say("New quote"), type="button", class_name="button", on_click=on_new, custom_attrs=once()
            ),
        ),
        on_close=on_close,
    )


def _choice(quote: rx.Var[QuoteRow], on_pick: Any) -> rx.Component:
    line = rx.el.button(
        rx.el.b(quote.number),
        rx.el.span(quote.title, class_name="cut"),
        rx.el.span(quote.total, class_name="size"),
        state_chip(quote.state_label, quote_tone(quote.state)),
        type="button",
        class_name="choice",
        on_click=on_pick(quote.id),
    )
    return rx.el.li(line, key=quote.id)
