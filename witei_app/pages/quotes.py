"""/quotes and /quotes/{id}."""

from typing import Any

import reflex as rx

from witei_app.components.crm import (
    QUOTE_STATES,
    missing,
    more_button,
    quotes_table,
    record_address,
    search_line,
    state_tabs,
)
from witei_app.components.dialog import confirm_button
from witei_app.components.form import (
    buttons,
    copy_line,
    field,
    paper,
    quote_tone,
    save_button,
    section,
    state_chip,
    table,
    table_row,
    text_input,
)
from witei_app.components.icons import icon
from witei_app.components.parts.records import FormRenewer
from witei_app.pages.frame import framed, of_address, waiting
from witei_app.pages.new_record import new_record, new_record_button
from witei_app.state.new_record import NewRecordState
from witei_app.state.quotes import EditedLine, QuotePageState, QuotesState
from witei_app.texts import say


def add(app: rx.App) -> None:
    """Give the app these pages."""
    app.add_page(quotes_page, route="/quotes", title="Quotes", on_load=QuotesState.arrive)
    app.add_page(quote_page, route="/quotes/[quote_number]", title="Quote", on_load=QuotePageState.arrive)


def quotes_page() -> rx.Component:
    tabs = state_tabs(QUOTE_STATES, QuotesState.chosen["state"], lambda state: QuotesState.narrow("state", state))
    return framed(
        "quotes",
        say("Quotes"),
        paper(
            say("Quotes"),
            record_address("/quotes", QuotesState),
            search_line(QuotesState.search, "Search contacts", QuotesState.find, tabs),
            rx.cond(QuotesState.is_loaded, quotes_table(QuotesState.rows)),
            more_button(QuotesState.next_id, QuotesState.more),
            new_record(say("New quote"), "quote"),
            actions=[new_record_button(say("New quote"), "quote")],
            wide=True,
        ),
        notice=NewRecordState.kind == "",
    )


def quote_page() -> rx.Component:
    head = QuotePageState.head
    page = paper(say("Quote {number}", number=head.number), _about(), _body(), _link(), actions=_actions())
    gone = missing("quote", "This quote is not here, or you may not see it.", "/quotes", "All quotes")
    return framed(
        "quotes",
        say("Quote {number}", number=head.number),
        of_address(
            QuotePageState.asked_id, rx.cond(QuotePageState.is_missing, gone, rx.cond(head.id > 0, page, waiting()))
        ),
    )


def _about() -> rx.Component:
    head = QuotePageState.head
    return rx.el.div(
        state_chip(head.state_label, quote_tone(head.state)),
        rx.el.a(head.contact, href=rx.Var.create(f"/contacts/{head.contact_id}")),
        rx.el.span(head.created, class_name="quiet-line"),
        class_name="list-tools",
    )


def _actions() -> list[rx.Component]:
    state = QuotePageState.head.state
    go = QuotePageState.go_to
    is_sent = state == "sent"
    answered = is_sent | (state == "expired")
    pdf = rx.Var.create(f"/quotes/{QuotePageState.head.id}.pdf")
    return [
        rx.el.a(icon("download"), "PDF", href=pdf, download=True, class_name="button", reload_document=True),
        rx.cond(answered, _step(say("Accepted by the contact"), go("accepted"))),
        rx.cond(answered, _step(say("Declined by the contact"), go("declined"))),
        rx.cond((state == "accepted") | (state == "declined"), _step(say("Set back to sent"), go("sent"))),
        rx.cond(answered, _withdraw()),
        rx.cond(state == "withdrawn", _step(say("Offer it again"), go("sent"))),
        _step(say("Duplicate"), QuotePageState.copy_it),
    ]


def _offer() -> rx.Component:
    """It ends the form, too: what stands there is what is sent. After "Save": Enter presses the first of them."""
    return rx.el.button(say("Mark as sent"), type="submit", class_name="button", on_click=QuotePageState.offer_too)


def _step(label: rx.Var[str], on_click: object) -> rx.Component:
    return rx.el.button(label, type="button", class_name="button", on_click=on_click)


def _withdraw() -> rx.Component:
    return confirm_button(
        say("Withdraw"),
        label=say("Withdraw"),
        title=say("Withdraw this quote?"),
        body=say("The contact can read it under its link, but not accept it any more."),
        action=say("Withdraw"),
        on_confirm=QuotePageState.go_to("withdrawn"),
    )


def _link() -> rx.Component:
    """Where the contact reads and answers it, and what came of that."""
    lines = rx.el.ul(rx.foreach(QuotePageState.log, lambda one: rx.el.li(one, key=one)), class_name="log-lines")
    answer = rx.cond(QuotePageState.answer != "", rx.el.blockquote(QuotePageState.answer, class_name="said-with-it"))
    shown = section(
        say("For the contact"),
        copy_line(QuotePageState.link, say("Copy the link")),
        lines,
        answer,
        hint=say("Whoever has this link reads the quote, and accepts or declines it. It is in the PDF too."),
    )
    return rx.cond(QuotePageState.link != "", shown)


def _body() -> rx.Component:
    return rx.cond(QuotePageState.is_draft, _form(), _read_only())


def _form() -> rx.Component:
    fault = QuotePageState.fault
    return rx.el.form(
        section(
            say("Quote"),
            _behind(),
            rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
            field(say("Title"), text_input(QuotePageState.head.title, name="title", max_length=255)),
            field(say("Valid until"), text_input(QuotePageState.valid_until, name="valid_until", type="date")),
        ),
        rx.el.div(
            rx.el.div(
                *[rx.el.span(say(head)) for head in ("Description", "Quantity", "Price", "VAT", "Amount")],
                rx.el.span(),
                class_name="quote-line heads",
                aria_hidden=True,
            ),
            rx.foreach(QuotePageState.lines, _line),
            rx.el.button(
                icon("plus"), say("Add line"), type="button", class_name="button", on_click=QuotePageState.add_line
            ),
            _sums(),
            class_name="quote-lines",
        ),
        buttons(save_button(), _offer()),
        on_submit=QuotePageState.save,
        key=QuotePageState.form_number,
        aria_label=say("Quote"),
    )


def _behind() -> rx.Component:
    """A colleague wrote in the same draft."""
    show = rx.el.button(say("Show it"), type="button", class_name="text-button", on_click=QuotePageState.show_anew)
    words = say("A colleague has changed this quote meanwhile.")
    said = rx.el.p(words, " ", show, role="status", class_name="quiet-line")
    renewer = FormRenewer.create(turn=QuotePageState.behind_turn, on_untouched=QuotePageState.show_anew)
    return rx.fragment(renewer, rx.cond(QuotePageState.is_behind, said))


def _line(line: rx.Var[EditedLine]) -> rx.Component:
    def box(name: str, value: rx.Var[str], label: str, **more: Any) -> rx.Component:
        follow = {"input_mode": "decimal", "on_change": lambda typed: QuotePageState.weigh(line.key, name, typed)}
        numeric = {} if name == "description" else follow
        key = rx.Var.create(f"{name}-{line.key}")
        typed = text_input(value, name=key, aria_label=say(label), placeholder=say(label), **numeric, **more)
        return rx.el.label(rx.el.span(say(label), aria_hidden=True), typed)  # shown where there is no row of headings

    remove = say("Remove line")
    return rx.el.div(
        box("description", line.description, "Description", auto_focus=line.is_added),
        box("quantity", line.quantity, "Quantity"),
        box("price", line.price, "Price"),
        box("vat", line.vat, "VAT"),
        rx.el.span(line.amount, class_name="amount"),
        rx.el.button(
            icon("close", "small"),
            type="button",
            class_name="button quiet square",
            aria_label=remove,
            title=remove,
            on_click=QuotePageState.remove_line(line.key),
        ),
        class_name="quote-line",
        role="group",
        key=line.key,
    )


def _read_only() -> rx.Component:
    def line(row: rx.Var[EditedLine]) -> rx.Component:
        cells = [row.description, row.quantity, row.price, rx.Var.create(f"{row.vat} %"), row.amount]
        return table_row(row.key, *cells)

    heads: list[str | rx.Var[str]] = [say(head) for head in ("Description", "Quantity", "Price", "VAT", "Amount")]
    head = QuotePageState.head
    return rx.el.div(
        rx.el.h2(head.title),
        rx.cond(
            head.valid_until != "", rx.el.p(say("Valid until {day}", day=head.valid_until), class_name="quiet-line")
        ),
        table(heads, QuotePageState.lines, line, label=say("Quote"), class_name="quoted"),
        _sums(),
        class_name="quote-lines",
    )


def _sums() -> rx.Component:
    sums = QuotePageState.sums
    return rx.el.div(
        rx.cond(sums.net != "", rx.el.span(say("Net"), rx.Var.create(f": {sums.net}"))),
        rx.foreach(sums.vat, lambda tax: rx.el.span(tax, key=tax)),
        rx.el.b(say("Total"), rx.Var.create(f": {sums.total}")),
        class_name="sums",
    )
