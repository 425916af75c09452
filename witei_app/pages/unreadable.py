"""/settings/unreadable: mail that could not be turned into messages."""

import reflex as rx

from witei_app.components.empty import empty_state
from witei_app.components.form import paper, table
from witei_app.conversations.rows import UnreadableRow
from witei_app.pages.frame import framed
from witei_app.state.unreadable import UnreadableState
from witei_app.texts import say


def add(app: rx.App) -> None:
    """One page with all of them."""
    app.add_page(
        unreadable_page,
        route="/settings/unreadable",
        title="Mail that could not be read",
        on_load=UnreadableState.arrive,
    )


def unreadable_page() -> rx.Component:
    lead = say("These mails were received and are kept, but they could not be turned into messages. Nothing is lost.")
    return framed(
        "settings",
        say("Mail that could not be read"),
        paper(
            say("Mail that could not be read"),
            rx.cond(UnreadableState.is_admin & UnreadableState.is_loaded, _mails()),
            lead=lead,
        ),
    )


def _mails() -> rx.Component:
    return table(
        [say("Received"), say("Sender"), say("Reason"), say("Size"), ""],
        UnreadableState.mails,
        _mail,
        label=say("Mail that could not be read"),
        nothing=empty_state(
            "check", say("Every mail could be read"), say("What cannot be read is kept here, with the reason.")
        ),
    )


def _mail(mail: rx.Var[UnreadableRow]) -> rx.Component:
    retry = rx.el.button(say("Try again"), type="button", class_name="button", on_click=UnreadableState.retry(mail.id))
    raw = rx.el.a(say("Download"), href=mail.url, download=True, class_name="button")
    return rx.el.tr(
        rx.el.td(mail.received),
        rx.el.td(rx.cond(mail.sender != "", mail.sender, say("No sender"))),
        rx.el.td(mail.reason),
        rx.el.td(mail.size),
        rx.el.td(rx.el.div(raw, retry, class_name="buttons")),
    )
