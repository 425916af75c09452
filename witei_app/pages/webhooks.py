"""/settings/webhooks: programs elsewhere that are told what happens here."""

import reflex as rx

from witei_app.components.dialog import confirm_button, dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import (
    buttons,
    field,
    handed_line,
    once,
    paper,
    save_button,
    section,
    state_chip,
    table,
    text_input,
    toggle,
)
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.outbox.webhooks.tell import Happening
from witei_app.pages.frame import framed
from witei_app.state.signed_in import SignedInState
from witei_app.state.webhooks import WebhooksState
from witei_app.texts import later, say
from witei_app.webhooks.rows import HookDeliveryRow, WebhookRow

_GROUPS = {
    "conversation": later("Conversations"),
    "message": later("Messages"),
    "note": later("Messages"),
    "contact": later("Contacts"),
    "ticket": later("Tickets"),
    "quote": later("Quotes"),
}


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(webhooks_page, route="/settings/webhooks", title="Webhooks", on_load=WebhooksState.arrive)


def webhooks_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("Add webhook"), class_name="button primary", on_click=WebhooksState.begin)
    lead = say(
        "Your other programs learn at once what happens here. They get ids only, and look up the rest through the API."
    )
    parts = [_made(), _list(), _deliveries(), _dialog()]
    return framed(
        "settings",
        say("Webhooks"),
        rx.cond(
            WebhooksState.is_admin,
            paper(say("Webhooks"), *parts, lead=lead, actions=[new]),
            empty_state("gear", say("For administrators"), say("Only administrators see this page.")),
        ),
        notice=WebhooksState.editing == 0,
    )


def _made() -> rx.Component:
    kept = rx.el.button(say("I have kept it"), type="button", class_name="button", on_click=WebhooksState.put_away)
    shown = section(
        say("The secret"),
        handed_line(WebhooksState.made, say("Copy the secret")),
        buttons(kept),
        hint=say(
            "Your program checks with it that a message is from us. It is not shown again. "
            "The one before it goes on signing for a day."
        ),
    )
    return rx.cond(WebhooksState.made != "", rx.el.div(shown, role="status"))


def _list() -> rx.Component:
    nothing = empty_state(
        "gear",
        say("No webhook yet"),
        say("Add the address of a program to notify, such as your website or an automation service."),
    )
    return rx.fragment(
        rx.foreach(WebhooksState.webhooks, _webhook),
        rx.cond(WebhooksState.is_loaded & (WebhooksState.webhooks.length() == 0), nothing),
    )


def _webhook(row: rx.Var[WebhookRow]) -> rx.Component:
    head = rx.el.div(rx.el.h2(row.url), state_chip(row.state, row.tone), class_name="title")
    quiet = {"type": "button", "class_name": "button"}
    acts = buttons(
        rx.el.button(say("Deliveries"), on_click=WebhooksState.watch(row.id), **quiet),
        rx.el.button(say("Send a test"), on_click=WebhooksState.try_it(row.id), **quiet),
        rx.el.button(say("Change"), on_click=WebhooksState.edit(row.id), **quiet),
        confirm_button(
            say("New secret"),
            label=say("New secret for {host}", host=row.host),
            title=say("Make a new secret?"),
            body=say("The new one is shown once. For a day both sign, so that your program can change over."),
            action=say("New secret"),
            on_confirm=WebhooksState.renew(row.id),
        ),
        confirm_button(
            say("Remove"),
            label=say("Remove {host}", host=row.host),
            title=say("Remove this webhook?"),
            body=say("It gets no more events, and the list of those it got is deleted."),
            action=say("Remove"),
            on_confirm=WebhooksState.remove(row.id),
        ),
    )
    return rx.el.section(
        head,
        rx.cond(row.problem != "", rx.el.p(row.problem, class_name="problem")),
        rx.el.p(row.events, class_name="faint"),
        toggle(say("Tell it"), row.is_on, lambda is_on: WebhooksState.switch(row.id, is_on)),
        acts,
        class_name="domain",
        aria_label=row.host,
        key=row.id,
    )


def _deliveries() -> rx.Component:
    nothing = empty_state("gear", say("Nothing yet"), say("What it was sent is listed here for 30 days."))
    shown = table(
        [say("Event"), say("When"), say("State"), say("Answer"), say("Tries"), ""],
        WebhooksState.deliveries,
        _delivery,
        label=say("Deliveries"),
        nothing=nothing,
    )
    quiet = {"type": "button", "class_name": "button"}
    foot = buttons(
        rx.cond(WebhooksState.next_before > 0, rx.el.button(say("Show more"), on_click=WebhooksState.more, **quiet)),
        rx.el.button(say("Close"), on_click=WebhooksState.unwatch, **quiet),
    )
    head = rx.el.h2(say("Deliveries to {host}", host=WebhooksState.watched_host))
    return rx.cond(WebhooksState.watched > 0, rx.el.section(head, shown, foot, class_name="domain"))


def _delivery(row: rx.Var[HookDeliveryRow]) -> rx.Component:
    again = rx.el.button(
        say("Send again"),
        type="button",
        class_name="button quiet",
        aria_label=say("Send {event} again", event=row.event),
        on_click=WebhooksState.again(row.id),
        custom_attrs=once(),
    )
    return rx.el.tr(
        rx.el.td(rx.el.code(row.event)),
        rx.el.td(row.when),
        rx.el.td(state_chip(row.state, row.tone)),
        rx.el.td(row.answer, rx.cond(row.next_try != "", rx.el.div(row.next_try)), class_name="scopes"),
        rx.el.td(row.attempts, class_name="number"),
        rx.el.td(rx.cond(row.can_resend, again), class_name="number"),
        key=row.id,
    )


def _dialog() -> rx.Component:
    address = text_input(
        WebhooksState.url,
        name="url",
        type="url",
        required=True,
        max_length=1000,
        placeholder="https://example.com/webhook",
        custom_attrs={"data-first": ""},
    )
    form = rx.el.form(
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        field(
            say("Address"),
            address,
            hint=say("It gets a POST for each event. Addresses of internal networks are refused."),
        ),
        _events(),
        dialog_actions(
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=WebhooksState.close),
            save_button(disabled=WebhooksState.is_checking),
        ),
        on_submit=WebhooksState.save,
        key=WebhooksState.form_number,
        class_name="dialog-fields",
    )
    title = rx.cond(WebhooksState.editing < 0, say("Add webhook"), say("Change webhook"))
    return dialog(WebhooksState.editing != 0, title, form, on_close=WebhooksState.close)


def _events() -> rx.Component:
    """Each event by the name that the program sees, grouped by what it is about."""
    groups: dict[str, list[rx.Component]] = {}
    for event in Happening:
        groups.setdefault(_GROUPS[event.partition(".")[0]], []).append(_event(event.value))
    sets = [rx.el.fieldset(rx.el.legend(say(title)), *boxes, class_name="event-set") for title, boxes in groups.items()]
    return rx.el.div(*sets, class_name="event-sets")


def _event(name: str) -> rx.Component:
    box = rx.el.input(type="checkbox", name=name, default_checked=WebhooksState.events.contains(name))
    return rx.el.label(box, rx.el.code(name))
