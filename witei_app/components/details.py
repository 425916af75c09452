"""The contact beside the thread."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.icons import icon
from witei_app.components.parts import DetailsToggle
from witei_app.components.skeleton import bone
from witei_app.conversations.rows import CardRow, DetailsRow
from witei_app.texts import say


def details_panel(
    details: rx.Var[DetailsRow],
    *,
    is_loading: rx.Var[bool],
    contact_action: rx.Component | None = None,
    note_action: rx.Component | None = None,
    ticket_action: rx.Component | None = None,
) -> rx.Component:
    """The complementary "Conversation details". The actions stand beside the headings "Contact", "Notes", "Tickets"."""
    return rx.el.aside(
        _close(),
        rx.cond(is_loading, _waiting(), _known(details, contact_action, note_action, ticket_action)),
        class_name="details",
        aria_label=say("Conversation details"),
    )


def heading_action(label: rx.Var[str], on_click: Any) -> rx.Component:
    """A word beside a heading that does something: "Edit", "Add"."""
    return rx.el.button(label, type="button", class_name="text-button", on_click=on_click)


def _known(details: rx.Var[DetailsRow], contact_action: Any, note_action: Any, ticket_action: Any) -> rx.Component:
    return rx.fragment(
        _who(details),
        _heading(say("Contact"), contact_action),
        _facts(details),
        _heading(say("Notes"), note_action),
        _cards(details.notes, say("No notes about this contact.")),
        _heading(say("History")),
        _cards(details.history, say("No earlier conversations.")),
        _heading(say("Tickets"), ticket_action),
        _cards(details.tickets, say("No tickets.")),
    )


def _who(details: rx.Var[DetailsRow]) -> rx.Component:
    place = rx.cond(details.place != "", rx.el.span(details.place, class_name="place"))
    return rx.el.div(
        avatar(details.initials, details.tint, "large"), rx.el.div(rx.el.b(details.name), place), class_name="who"
    )


def _facts(details: rx.Var[DetailsRow]) -> rx.Component:
    return rx.el.dl(
        *_fact(say("Responsible"), details.responsible),
        *_fact(say("E-mail"), details.email, "mailto:"),
        *_fact(say("Phone"), details.phone, "tel:"),
        *_fact(say("Language"), details.language),
        *_fact(say("Origin"), details.origin),
        *_fact(say("Created"), details.created),
    )


def _fact(label: rx.Var[str], value: rx.Var[str], scheme: str = "") -> tuple[rx.Component, rx.Component]:
    shown = rx.el.a(value, href=rx.Var.create(f"{scheme}{value}")) if scheme else value
    return (
        rx.cond(value != "", rx.el.dt(label)),
        rx.cond(value != "", rx.el.dd(shown)),
    )


def _heading(label: rx.Var[str], action: rx.Component | None = None) -> rx.Component:
    return rx.el.div(rx.el.h2(label), *([] if action is None else [action]), class_name="section")


def _cards(cards: rx.Var[list[CardRow]], nothing: rx.Var[str]) -> rx.Component:
    return rx.cond(cards.length() > 0, rx.foreach(cards, _card), rx.el.p(nothing, class_name="nothing"))


def _card(card: rx.Var[CardRow]) -> rx.Component:
    inside = rx.fragment(card.title, rx.el.small(card.detail))
    return rx.cond(
        card.url != "",
        rx.el.a(inside, href=card.url, class_name="card", key=card.id),
        rx.el.div(inside, class_name="card", key=card.id),
    )


def _close() -> rx.Component:
    return DetailsToggle.create(icon("close"), label=say("Close details"), class_name="button quiet square close")


def _waiting() -> rx.Component:
    face = rx.el.div(bone("44px", "44px", "round"), rx.el.div(bone("150px", "14px")), class_name="who")
    lines = [
        rx.el.div(
            bone("64px", "9px"), bone("140px", "9px"), style={"display": "flex", "gap": "28px", "margin": "14px 0"}
        )
    ]
    return rx.el.div(face, *lines * 5, aria_hidden=True)
