"""Lists and pages of contacts, quotes and tickets."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.empty import empty_state, how_many
from witei_app.components.form import quote_tone, state_chip, table, table_row
from witei_app.components.icons import icon
from witei_app.components.parts.lists import AddressKeeper, SearchBox
from witei_app.conversations.rows import CardRow
from witei_app.crm.rows import ContactRow, QuoteRow, TicketRow
from witei_app.texts import say

QUOTE_STATES = {"": "Any", "draft": "draft", "sent": "sent", "accepted": "accepted"}
QUOTE_STATES |= {"declined": "declined", "expired": "expired", "withdrawn": "withdrawn"}
TICKET_STATES = {"unsettled": "Not closed", "open": "open", "waiting": "waiting", "closed": "closed", "": "Any"}


def search_line(search: rx.Var[str], label: str, on_search: Any, *more: Any) -> rx.Component:
    """A search box, and what else narrows the list."""
    box = SearchBox.create(search=search, label=say(label), longest=100, on_search=on_search)
    return rx.el.div(rx.el.label(icon("search"), box, class_name="search"), *more, class_name="list-tools")


def record_address(path: str, listed: Any) -> rx.Component:
    """Keeps what narrows the list in the page's address, and tells what it left; `listed` is a `RecordList`."""
    is_narrowed = listed.is_loaded & (listed.address != "")
    return rx.fragment(
        AddressKeeper.create(prefix=path, query=listed.address, is_known=listed.is_loaded),
        how_many(listed.rows.length(), is_narrowed, listed.next_id > 0),
    )


def state_tabs(states: dict[str, str], shown: rx.Var[str], on_show: Any) -> rx.Component:
    """One of the states, or all."""

    def tab(state: str, label: str) -> rx.Component:
        return rx.el.button(
            say(label),
            type="button",
            role="tab",
            class_name="tab",
            on_click=on_show(state),
            custom_attrs={"aria-selected": shown == state},
        )

    tabs = [tab(state, label) for state, label in states.items()]
    return rx.el.div(*tabs, class_name="switch", role="tablist", aria_label=say("State"))


def contacts_table(rows: rx.Var[list[ContactRow]], search: rx.Var[str]) -> rx.Component:
    """The list of contacts, those that `search` finds."""
    heads = [say("Name"), say("E-mail"), say("Phone"), say("Responsible"), say("Created")]
    nobody = empty_state("search", say("Nobody found"), say("Try fewer letters."))
    none = empty_state("people", say("No contacts yet"), say("Whoever writes to you becomes a contact by itself."))
    nothing = rx.cond(search != "", nobody, none)

    def line(row: rx.Var[ContactRow]) -> rx.Component:
        name = rx.el.a(
            avatar(row.initials, row.tint, "small"),
            rx.el.span(row.name, class_name="cut"),
            href=_to("contacts", row.id),
            class_name="who",
        )
        return table_row(row.id, name, row.email, row.phone, row.responsible, row.created)

    return table(heads, rows, line, label=say("Contacts"), nothing=nothing, class_name="listing contacts")


def quotes_table(rows: rx.Var[list[QuoteRow]], *, has_contact: bool = True) -> rx.Component:
    """A list of quotes."""
    contact = [say("Contact")] if has_contact else []
    heads = [say("Number"), say("Title"), *contact, say("Total"), say("State"), say("Valid until")]
    nothing = empty_state("quote", say("No quotes here"), say("Write one from a contact or from a conversation."))

    def line(row: rx.Var[QuoteRow]) -> rx.Component:
        title = rx.cond(row.title != "", row.title, say("Untitled"))
        who = [rx.el.a(row.contact, href=_to("contacts", row.contact_id))] if has_contact else []
        return table_row(
            row.id,
            rx.el.a(row.number, href=_to("quotes", row.id)),
            rx.el.a(title, href=_to("quotes", row.id)),
            *who,
            row.total,
            state_chip(row.state_label, quote_tone(row.state)),
            row.valid_until,
        )

    kind = "listing quotes" if has_contact else "listing quotes own"
    return table(heads, rows, line, label=say("Quotes"), nothing=nothing, class_name=kind)


def tickets_table(rows: rx.Var[list[TicketRow]], *, has_contact: bool = True) -> rx.Component:
    """A list of tickets."""
    contact = [say("Contact")] if has_contact else []
    heads = [say("Number"), say("Title"), *contact, say("State"), say("Priority"), say("Assignee"), say("Created")]
    nothing = empty_state("ticket", say("No tickets here"), say("Open one from a contact or from a conversation."))

    def line(row: rx.Var[TicketRow]) -> rx.Component:
        who = [rx.el.a(row.contact, href=_to("contacts", row.contact_id))] if has_contact else []
        return table_row(
            row.id,
            rx.el.a(rx.Var.create(f"#{row.number}"), href=_to("tickets", row.id)),
            rx.el.a(row.title, href=_to("tickets", row.id)),
            *who,
            state_chip(row.state_label, ticket_tone(row.state)),
            state_chip(row.priority_label, rx.cond(row.priority == "high", "bad", "")),
            row.assignee,
            row.created,
        )

    kind = "listing tickets" if has_contact else "listing tickets own"
    return table(heads, rows, line, label=say("Tickets"), nothing=nothing, class_name=kind)


def ticket_tone(state: Any) -> rx.Var[str]:
    """The colour of a ticket's state."""
    return rx.match(state, ("open", "wait"), ("closed", "good"), "")


def more_button(next_id: rx.Var[int], on_more: Any) -> rx.Component:
    """The next page, as long as there is one."""
    button = rx.el.button(say("Show more"), type="button", class_name="button", on_click=on_more)
    return rx.cond(next_id > 0, rx.el.div(button, class_name="list-end"))


def cards(rows: rx.Var[list[CardRow]], nothing: rx.Var[str]) -> rx.Component:
    """Conversations as links."""

    def card(row: rx.Var[CardRow]) -> rx.Component:
        return rx.el.a(row.title, rx.el.small(row.detail), href=row.url, class_name="card", key=row.id)

    return rx.cond(rows.length() > 0, rx.el.div(rx.foreach(rows, card)), rx.el.p(nothing, class_name="nothing"))


def missing(sign: str, sentence: str, href: str, back: str) -> rx.Component:
    """In place of a page whose thing is not there, or not for this user."""
    return empty_state(sign, say(sentence), "", rx.el.a(say(back), href=href, class_name="button"))


def _to(page: str, row_id: rx.Var[int]) -> rx.Var[str]:
    return rx.Var.create(f"/{page}/{row_id}")
