"""/settings/api: the tokens of one's own, and where the API is described."""

import reflex as rx

from witei_app.accounts.tokens import LONGEST_NAME, Scope
from witei_app.components.dialog import confirm_button, dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import (
    buttons,
    copy_line,
    field,
    handed_line,
    paper,
    save_button,
    section,
    state_chip,
    table,
    text_input,
)
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.pages.frame import framed
from witei_app.state.api_tokens import ApiTokensState, TokenRow
from witei_app.state.signed_in import SignedInState
from witei_app.texts import later, say

NOUNS = {
    "conversations": later("Conversations"),
    "messages": later("Messages"),
    "contacts": later("Contacts"),
    "templates": later("Message templates"),
    "tickets": later("Tickets"),
    "quotes": later("Quotes"),
    "reports": later("Reports"),
}
LIVES = {"30": later("30 days"), "90": later("90 days"), "365": later("One year"), "0": later("Without an end")}


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(api_page, route="/settings/api", title="API", on_load=ApiTokensState.arrive)


def api_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("New token"), class_name="button primary", on_click=ApiTokensState.begin)
    lead = say("Tokens let your programs read and write here in your name, but never do more than you may.")
    return framed(
        "settings",
        say("API"),
        paper(say("API"), _made(), _list(), _where(), _dialog(), lead=lead, actions=[new]),
        notice=~ApiTokensState.is_making,
    )


def _made() -> rx.Component:
    shown = section(
        say("Your new token"),
        handed_line(ApiTokensState.made, say("Copy the token")),
        buttons(
            rx.el.button(say("I have kept it"), type="button", class_name="button", on_click=ApiTokensState.put_away)
        ),
        hint=say("Keep it where only the program finds it. It is not shown again."),
    )
    return rx.cond(ApiTokensState.made != "", rx.el.div(shown, role="status"))


def _list() -> rx.Component:
    headings = [say("Name"), say("Token"), say("May"), say("Last used"), say("Expires"), ""]
    nothing = empty_state("gear", say("No token yet"), say("Programs need one to use the API."))
    tokens = table(headings, ApiTokensState.tokens, _token, label=say("API tokens"), nothing=nothing)
    return rx.cond(ApiTokensState.is_loaded, rx.el.div(tokens, class_name="token-list"))


def _token(row: rx.Var[TokenRow]) -> rx.Component:
    revoke = confirm_button(
        say("Revoke"),
        label=say("Revoke {name}", name=row.name),
        title=say("Revoke this token?"),
        body=say("Programs that use it are refused from now on. This cannot be undone."),
        action=say("Revoke"),
        on_confirm=ApiTokensState.revoke(row.id),
        class_name="button quiet",
    )
    over = rx.cond(row.is_over, state_chip(say("expired"), "bad"), rx.fragment(row.expires))
    return rx.el.tr(
        rx.el.td(row.name),
        rx.el.td(rx.el.code(row.hint)),
        rx.el.td(row.scopes, class_name="scopes"),
        rx.el.td(row.last_used),
        rx.el.td(over),
        rx.el.td(revoke, class_name="number"),
        key=row.id,
    )


def _where() -> rx.Component:
    link = {"class_name": "button", "target": "_blank", "rel": "noopener"}
    return section(
        say("For developers"),
        copy_line(ApiTokensState.address, say("Copy the address")),
        buttons(
            rx.el.a(say("Description of the API"), href="/api/v1/docs", **link),
            rx.el.a("OpenAPI", href="/api/v1/openapi.json", **link),
        ),
        hint=say("The address of the API, and what it offers."),
    )


def _dialog() -> rx.Component:
    name = text_input(name="name", required=True, max_length=LONGEST_NAME, custom_attrs={"data-first": ""})
    lives = [rx.el.option(say(label), value=days) for days, label in LIVES.items()]
    form = rx.el.form(
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        field(say("Name"), name, hint=say("For example the program that will use it.")),
        field(say("Valid for"), rx.el.select(*lives, name="days", default_value="90", class_name="input")),
        _scopes(),
        dialog_actions(
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=ApiTokensState.close),
            save_button(say("Make the token")),
        ),
        on_submit=ApiTokensState.make,
        key=ApiTokensState.form_number,
        class_name="dialog-fields",
    )
    return dialog(ApiTokensState.is_making, say("New token"), form, on_close=ApiTokensState.close)


def _scopes() -> rx.Component:
    """What it may do: a line for each noun, to read and to write."""
    lines = [
        rx.el.tr(rx.el.th(say(label), scope="row"), _cell(noun, label, "read"), _cell(noun, label, "write"))
        for noun, label in NOUNS.items()
    ]
    head = rx.el.tr(
        rx.el.th(say("It may"), scope="col"), rx.el.th(say("read"), scope="col"), rx.el.th(say("write"), scope="col")
    )
    grid = rx.el.table(rx.el.thead(head), rx.el.tbody(*lines), aria_label=say("What the token may do"))
    return rx.el.div(grid, class_name="table-room scope-table", tab_index=0)


def _cell(noun: str, label: str, verb: str) -> rx.Component:
    scope = f"{noun}:{verb}"
    if scope not in set(Scope):
        return rx.el.td()
    name = say("Read: {noun}", noun=say(label)) if verb == "read" else say("Write: {noun}", noun=say(label))
    return rx.el.td(rx.el.input(type="checkbox", name=scope, aria_label=name))
