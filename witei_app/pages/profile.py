"""/profile: one's own name, language, signature, password, app and sessions."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.composer import plain_editor
from witei_app.components.dialog import confirm_button
from witei_app.components.form import (
    buttons,
    field,
    handed_line,
    paper,
    save_button,
    section,
    state_chip,
    table,
    text_input,
    toggle,
)
from witei_app.components.notification_choices import notification_choices
from witei_app.components.parts import FilePost, HandedList, HandedPicture, PostForm
from witei_app.pages.frame import framed
from witei_app.state.bell import BellState
from witei_app.state.profile import ZONES, ProfileState, SessionRow
from witei_app.state.signed_in import SignedInState
from witei_app.state.two_factor import TwoFactorState
from witei_app.templates.placeholders import SIGNATURE_NAMES
from witei_app.texts import say
from witei_app.texts.language import LanguageState


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(profile_page, route="/profile", title="Profile", on_load=[ProfileState.arrive, TwoFactorState.arrive])


def profile_page() -> rx.Component:
    return framed(
        "profile",
        say("Profile"),
        rx.cond(
            ProfileState.email != "",
            paper(
                say("Profile"),
                _about(),
                _state(),
                _portrait(),
                _signature(),
                notification_choices(BellState.choices, BellState.switch),
                _keyboard(),
                _email(),
                _password(),
                _two_factor(),
                _sessions(),
                lead=ProfileState.email,
            ),
        ),
    )


def chosen(name: str, value: Any, options: list[Any]) -> rx.Component:
    """A list to choose from, told with its form."""
    return rx.el.select(*options, name=name, default_value=value, class_name="input")


def zone_options() -> list[rx.Component]:
    """All time zones."""
    return [rx.el.option(zone.replace("_", " "), value=zone) for zone in ZONES]


def _portrait() -> rx.Component:
    me = SignedInState.me
    take = FilePost.create(
        url="/profile/portrait",
        accept="image/png,image/jpeg,image/webp,image/gif",
        label=say("Choose a picture"),
        hint=say("or drop it here. It is cut to a square."),
        failed_label=say("The file could not be uploaded. Try again."),
        sending_label=say("Sending"),
        on_done=ProfileState.show_portrait,
    )
    remove = rx.el.button(
        say("Remove the picture"), type="button", class_name="button", on_click=ProfileState.remove_portrait
    )
    return section(
        say("Picture"),
        rx.el.div(avatar(me.initials, me.tint, "large", person=me.id), take, class_name="portrait"),
        rx.cond(ProfileState.portrait != "", rx.el.div(remove)),
        hint=say("Colleagues see it beside your name, visitors of the web chat beside your answers."),
    )


def _about() -> rx.Component:
    languages = [
        rx.el.option(say("As the browser"), value=""),
        rx.el.option("English", value="en"),
        rx.el.option("Español", value="es"),
    ]
    name = text_input(ProfileState.name, name="name", max_length=255, required=True, auto_complete="name")
    return section(
        say("You"),
        rx.el.form(
            field(say("Name"), name),
            rx.el.div(
                field(say("Language"), chosen("language", ProfileState.language, languages)),
                field(say("Time zone"), chosen("time_zone", ProfileState.time_zone, zone_options())),
                class_name="two-fields",
            ),
            buttons(save_button()),
            on_submit=ProfileState.save,
            class_name="fields",
        ),
        hint=say("Colleagues and contacts see your name."),
    )


def _signature() -> rx.Component:
    picture = FilePost.create(
        url="/profile/signature-picture",
        accept="image/png,image/jpeg,image/webp,image/gif",
        label=say("Choose a picture for the signature"),
        hint=say("or drop it here: your logo, say. It stands below the words."),
        failed_label=say("The file could not be uploaded. Try again."),
        sending_label=say("Sending"),
        on_done=ProfileState.show_signature_picture,
    )
    remove = rx.el.button(
        say("Remove the picture of the signature"),
        type="button",
        class_name="button",
        on_click=ProfileState.remove_signature_picture,
    )
    preview = rx.cond(
        ProfileState.signature_shown != "",
        rx.html(ProfileState.signature_shown, class_name="prose"),
        rx.el.p(say("No signature yet."), class_name="quiet-line"),
    )
    return section(
        say("Signature"),
        plain_editor(
            label=say("Signature"),
            editor_id=1,
            initial_html=ProfileState.signature_html,
            clear_signal=ProfileState.saved_signal,
            language=LanguageState.language,
            save=say("Save the signature"),
            on_save=ProfileState.sign,
        ),
        rx.el.p(say("{places} are filled with who writes.", places=SIGNATURE_NAMES), class_name="quiet-line"),
        picture,
        rx.cond(ProfileState.has_signature_picture, rx.el.div(remove)),
        rx.el.figure(
            rx.el.figcaption(say("As the recipient sees it"), class_name="quiet-line"),
            rx.el.div(preview, class_name="mail-paper"),
            class_name="mail-preview",
        ),
        hint=say("It stands below what you write by e-mail."),
    )


def _keyboard() -> rx.Component:
    see = rx.el.button(
        say("Show all keys"), type="button", class_name="button", custom_attrs={"data-opens": "keys-help"}
    )
    return section(
        say("Keyboard"),
        toggle(
            say("Single keys act"),
            ProfileState.has_single_keys,
            ProfileState.switch_keys,
            hint=say("J, K, R and others. Turn them off when you dictate, or press keys by accident."),
        ),
        rx.el.div(see),
        hint=say("Ctrl+K finds and does everything; that stays."),
    )


def _state() -> rx.Component:
    return section(
        say("Working state"),
        toggle(
            say("Away"),
            ProfileState.is_away,
            ProfileState.set_away,
            hint=say("Colleagues see it. What is handed out in turn goes to others."),
        ),
    )


def _email() -> rx.Component:
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


def _password() -> rx.Component:
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
        hint=say("A new one signs out your other browsers."),
    )


def _password_input(name: str, kind: str, **more: Any) -> rx.Component:
    return text_input(name=name, type="password", auto_complete=kind, required=True, max_length=1024, **more)


def _two_factor() -> rx.Component:
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


def _sessions() -> rx.Component:
    button = rx.el.button(say("Sign out everywhere"), type="submit", class_name="button")
    everywhere = PostForm.create(button, action="/logout/everywhere")
    return section(
        say("Signed in on"),
        table(
            [say("Device"), say("Address"), say("Last used"), ""],
            ProfileState.sessions,
            _session,
            label=say("Signed in on"),
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
    return rx.el.tr(
        rx.el.td(row.device),
        rx.el.td(row.address),
        rx.el.td(row.last_used),
        rx.el.td(rx.cond(row.is_this, state_chip(say("this one"), "good"), out), class_name="number"),
        key=row.id,
    )
