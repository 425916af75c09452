"""How one signs in: address, password, second step, sessions."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.components.form import (
    buttons,
    field,
    handed_line,
    save_button,
    section,
    state_chip,
    table,
    table_row,
    text_input,
)
from witei_app.components.parts.handed import HandedList, HandedPicture
from witei_app.components.parts.menus import PostForm
from witei_app.state.profile import ProfileState, SessionRow
from witei_app.state.two_factor import TwoFactorState
from witei_app.texts import say


def email() -> rx.Component:
    told = say(
        "Open the link in the mail to {address}. Until then you sign in as before.", address=ProfileState.asked_email
    )
    return section(
        say("E-mail"),
        rx.cond(ProfileState.asked_email != "", rx.el.p(told, class_name="quiet-line", role="status")),
        rx.el.form(
            field(
                say("New e-mail"),
                text_input(name="email", type="email", required=True, max_length=320, auto_complete="email"),
            ),
            field(say("Password"), _password_input("password", "current-password")),
            buttons(save_button(say("Change the e-mail"))),
            on_submit=ProfileState.ask_email,
            key=ProfileState.form_number,
            class_name="fields",
        ),
        hint=say("You sign in with {address}.", address=ProfileState.email),
    )


def password() -> rx.Component:
    return section(
        say("Password"),
        rx.el.form(
            field(say("Password you have now"), _password_input("old", "current-password")),
            field(
                say("New password"),
                _password_input("new", "new-password", min_length=12),
                hint=say("At least twelve characters; three or four words are good."),
            ),
            buttons(save_button(say("Change the password"))),
            on_submit=ProfileState.change_password,
            key=ProfileState.form_number,
            class_name="fields",
        ),
        hint=say("A new password signs out your other browsers."),
    )


def _password_input(name: str, kind: str, **more: Any) -> rx.Component:
    return text_input(name=name, type="password", auto_complete=kind, required=True, max_length=1024, **more)


def two_factor() -> rx.Component:
    off = rx.el.div(
        rx.el.button(say("Set up an app"), type="button", class_name="button", on_click=TwoFactorState.begin)
    )
    state = rx.cond(TwoFactorState.is_on, state_chip(say("turned on"), "good"), state_chip(say("turned off"), ""))
    return section(
        say("Authenticator app"),
        rx.el.div(state),
        rx.cond(TwoFactorState.codes != "", _recovery_codes()),
        rx.cond(TwoFactorState.is_on, _turned_on(), rx.cond(TwoFactorState.key != "", _setting_up(), off)),
        hint=say("A code from your phone besides the password: a stolen password opens nothing."),
    )


def _setting_up() -> rx.Component:
    code = text_input(name="code", input_mode="numeric", auto_complete="one-time-code", required=True, max_length=40)
    return rx.el.form(
        rx.el.p(say("Scan this with an authenticator app, then type the code that it shows."), class_name="quiet-line"),
        HandedPicture.create(ticket=TwoFactorState.app_link, label=say("QR code for the authenticator app")),
        handed_line(TwoFactorState.key, say("Copy the key")),
        field(say("Code"), code),
        buttons(
            save_button(say("Turn on")),
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=TwoFactorState.cancel),
        ),
        on_submit=TwoFactorState.turn_on,
        class_name="fields",
    )


def _turned_on() -> rx.Component:
    left = say("{n} recovery codes are left.", n=TwoFactorState.codes_left)
    return rx.el.div(
        rx.el.p(left, class_name="quiet-line"),
        _by_password(say("New recovery codes"), TwoFactorState.renew_codes),
        rx.cond(~TwoFactorState.is_required, _by_password(say("Turn off"), TwoFactorState.turn_off)),
        class_name="fields",
    )


def _by_password(label: rx.Var[str], on_submit: Any) -> rx.Component:
    return rx.el.form(
        field(say("Password"), _password_input("password", "current-password")),
        rx.el.button(label, type="submit", class_name="button"),
        on_submit=on_submit,
        key=TwoFactorState.form_number,
        class_name="inline-form",
    )


def _recovery_codes() -> rx.Component:
    words = say("Keep these where you find them without your phone. Each signs you in once; they are not shown again.")
    return rx.el.div(
        rx.el.p(words, class_name="quiet-line"),
        HandedList.create(ticket=TwoFactorState.codes, label=say("Recovery codes")),
        rx.el.button(say("I have kept them"), type="button", class_name="button", on_click=TwoFactorState.cancel),
        role="status",
    )


def sessions() -> rx.Component:
    button = rx.el.button(say("Sign out everywhere"), type="submit", class_name="button")
    everywhere = PostForm.create(button, action="/logout/everywhere")
    return section(
        say("Signed in on"),
        table(
            [say("Device"), say("Address"), say("Last used"), ""],
            ProfileState.sessions,
            _session,
            label=say("Signed in on"),
            class_name="sessions-list",
        ),
        everywhere,
        hint=say("Sign out what you do not know, then change your password."),
    )


def _session(row: rx.Var[SessionRow]) -> rx.Component:
    out = confirm_button(
        say("Sign out"),
        label=say("Sign out {device}", device=row.device),
        title=say("Sign out this browser?"),
        body=say("Whoever uses it has to sign in again."),
        action=say("Sign out"),
        on_confirm=ProfileState.end_session(row.id),
        class_name="button quiet",
    )
    act = rx.cond(row.is_this, state_chip(say("this one"), "good"), out)
    return table_row(row.id, row.device, row.address, row.last_used, act)
