"""Where a web chat runs, what it asks, when somebody is there, who is known."""

from zoneinfo import available_timezones

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.components.form import buttons, field, handed_line, section, text_area
from witei_app.components.office_hours import office_hours_fields
from witei_app.pages.web_chat_fields import FORM, choose, switch, word
from witei_app.state.web_chat import WebChatState
from witei_app.texts import say


def where() -> rx.Component:
    sites = text_area(
        FORM.sites,
        rows=3,
        placeholder="https://www.agency.com",
        spell_check=False,
        on_change=lambda value: WebChatState.change("sites", value),
    )
    hint = say(
        "Leave empty to allow every site. Otherwise all others get nothing; with and without www. are two sites."
    )
    return section(
        say("Sites"),
        field(say("Where it may run, one to a line"), sites, hint=hint),
    )


def asked() -> rx.Component:
    how = [("", say("Not asked")), ("optional", say("Asked")), ("required", say("Required"))]
    privacy = field(
        say("Address of your privacy policy"),
        word("privacy_url", input_mode="url", placeholder="https://www.agency.com/privacy"),
    )
    return section(
        say("Before the first message"),
        rx.el.div(
            field(say("Name"), choose("ask_name", how)),
            field(say("E-mail"), choose("ask_email", how)),
            field(say("Phone"), choose("ask_phone", how)),
            class_name="two-fields",
        ),
        switch("has_consent", say("The visitor must agree that you use the data")),
        rx.cond(FORM.has_consent, privacy),
        hint=say("Each question costs you visitors. What they type is not verified."),
    )


def hours() -> rx.Component:
    return section(
        say("Office hours"),
        switch("has_hours", say("Outside these hours the chat says so and asks for an e-mail address")),
        rx.cond(
            FORM.has_hours,
            rx.fragment(
                switch(
                    "follows_workspace",
                    say("The same hours as the workspace"),
                    say("Administrators set them under Settings, Workspace."),
                ),
                rx.cond(FORM.follows_workspace, rx.fragment(), _own_hours()),
            ),
        ),
        field(
            say("Ask for an address when nobody has answered for so many minutes"),
            word("patience_minutes", input_mode="numeric", max_length=3),
        ),
    )


def _own_hours() -> rx.Component:
    zones = rx.el.datalist(*[rx.el.option(value=zone) for zone in sorted(available_timezones())], id="zones")
    zone = word("time_zone", placeholder=say("The workspace's"), custom_attrs={"list": "zones"})
    return rx.fragment(
        office_hours_fields(
            FORM.days,
            FORM.holidays,
            lambda number: {"on_change": lambda value: WebChatState.change_day(number, value)},
            {"on_change": lambda value: WebChatState.change("holidays", value)},
        ),
        field(say("Time zone"), zone),
        zones,
    )


def known() -> rx.Component:
    new = confirm_button(
        say("New secret"),
        label=say("New secret"),
        title=say("Make a new secret?"),
        body=say("What the old one signed stays valid for one more day, so that you can change your site."),
        action=say("Make it"),
        on_confirm=WebChatState.new_secret,
    )
    shown = rx.fragment(
        handed_line(WebChatState.secret, say("Copy the secret")),
        buttons(rx.el.button(say("Hide"), type="button", class_name="button", on_click=WebChatState.hide_secret), new),
    )
    show = rx.el.button(say("Show the secret"), type="button", class_name="button", on_click=WebChatState.show_secret)
    return section(
        say("Signed-in visitors"),
        rx.cond(WebChatState.secret != "", shown, buttons(show)),
        hint=say(
            "Your site can tell the chat who is signed in there. It signs that with this secret, on its server; "
            "without a signature the chat calls it not verified. How: docs/web-chat.md."
        ),
    )
