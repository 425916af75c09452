"""/profile: one's own name, language, signature, password, app and sessions."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.composer import plain_editor
from witei_app.components.form import buttons, field, paper, save_button, section, text_input, toggle
from witei_app.components.notification_choices import notification_choices
from witei_app.components.parts.files import FilePost
from witei_app.pages.frame import framed
from witei_app.pages.profile_sign_in import email, password, sessions, two_factor
from witei_app.state.bell import BellState
from witei_app.state.profile import ZONES, ProfileState
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
                email(),
                password(),
                two_factor(),
                sessions(),
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
        hint=say("or drop it here, for example your logo. It appears below the text."),
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
        _signature_shown(),
        hint=say("It goes below every e-mail that you write."),
    )


def _signature_shown() -> rx.Component:
    signature = rx.cond(
        ProfileState.signature_shown != "",
        rx.html(ProfileState.signature_shown, class_name="prose"),
        rx.el.p(say("No signature yet."), class_name="quiet-line"),
    )
    return rx.el.figure(
        rx.el.figcaption(say("As the recipient sees it"), class_name="quiet-line"),
        rx.el.div(signature, class_name="mail-paper"),
        class_name="mail-preview",
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
        hint=say("Ctrl+K still finds and does everything."),
    )


def _state() -> rx.Component:
    return section(
        say("Working state"),
        toggle(
            say("Away"),
            ProfileState.is_away,
            ProfileState.set_away,
            hint=say("Colleagues see it. Conversations that are shared out in turn go to others."),
        ),
    )
