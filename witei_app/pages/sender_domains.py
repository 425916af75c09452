"""/settings/sender-domains: the domains that the agency's mail goes out from."""

import reflex as rx

from witei_app.components.empty import empty_state
from witei_app.components.form import field, paper, save_button, text_input
from witei_app.components.sender_addresses import sender_addresses
from witei_app.components.sender_domain import sender_domain
from witei_app.pages.frame import framed
from witei_app.state.sender_domains import SenderDomainsState
from witei_app.texts import say


def add(app: rx.App) -> None:
    """One page with all domains."""
    app.add_page(
        sender_domains_page,
        route="/settings/sender-domains",
        title="Sender domains",
        on_load=SenderDomainsState.arrive,
    )


def sender_domains_page() -> rx.Component:
    lead = say("Mail that comes from your own domain, signed by it, is read; from elsewhere it may end in spam.")
    return framed(
        "settings",
        say("Sender domains"),
        paper(
            say("Sender domains"),
            rx.cond(SenderDomainsState.may.can_manage_sender_domains, _domains(), _not_for_you()),
            lead=lead,
        ),
    )


def _domains() -> rx.Component:
    return rx.fragment(
        _add_form(),
        rx.foreach(SenderDomainsState.domains, _domain),
        rx.cond(SenderDomainsState.is_loaded & (SenderDomainsState.domains.length() == 0), _none_yet()),
    )


def _add_form() -> rx.Component:
    return rx.el.form(
        field(
            say("Domain"),
            text_input(name="domain", placeholder="agency.com", required=True, max_length=300, input_mode="url"),
        ),
        field(
            say("First address before the @"),
            text_input("info", name="local_part", required=True, max_length=64),
        ),
        save_button(say("Add domain")),
        on_submit=SenderDomainsState.add,
        key=SenderDomainsState.form_number,
        class_name="inline-form",
    )


def _domain(row: rx.Var) -> rx.Component:
    return sender_domain(
        row,
        checking=SenderDomainsState.checking,
        on_check=SenderDomainsState.check,
        on_rotate=SenderDomainsState.rotate,
        on_remove=SenderDomainsState.remove,
        on_test=SenderDomainsState.test,
        addresses=_addresses(row),
    )


def _addresses(row: rx.Var) -> rx.Component:
    return sender_addresses(
        row,
        form_number=SenderDomainsState.form_number,
        naming=SenderDomainsState.naming,
        on_add=SenderDomainsState.add_address,
        on_remove=SenderDomainsState.remove_address,
        on_default=SenderDomainsState.choose_default,
        on_begin_naming=SenderDomainsState.begin_naming,
        on_end_naming=SenderDomainsState.end_naming,
        on_name=SenderDomainsState.name_address,
    )


def _none_yet() -> rx.Component:
    return empty_state(
        "globe",
        say("Mail goes out from the generic domain"),
        say("Add the domain of your agency, publish the records that you are shown, and check them."),
    )


def _not_for_you() -> rx.Component:
    return empty_state("globe", say("Only administrators manage sender domains"))
