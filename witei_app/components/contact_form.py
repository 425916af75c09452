"""Forms of the CRM: a contact, a note, a ticket. The same in the pane beside the thread and on their pages."""

from typing import Any

import reflex as rx

from witei_app.components.form import buttons, field, save_button, text_area, text_input
from witei_app.texts import say

LANGUAGES = {
    "": "Not known",
    "es": "Spanish",
    "en": "English",
    "ca": "Catalan",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "ru": "Russian",
    "zh": "Chinese",
    "ar": "Arabic",
}
# All of them are six hundred, and the form comes with every page of the inbox.
ZONES = tuple(
    f"{part}/{city}"
    for part, cities in {
        "Europe": "Madrid Lisbon London Dublin Paris Brussels Amsterdam Luxembourg Berlin Zurich Vienna Rome Copenhagen"
        " Oslo Stockholm Helsinki Warsaw Prague Budapest Bucharest Athens Kyiv Istanbul Moscow",
        "Atlantic": "Canary Azores Reykjavik",
        "America": "New_York Chicago Denver Los_Angeles Toronto Vancouver Mexico_City Guatemala Costa_Rica Panama"
        " Bogota Guayaquil Lima La_Paz Caracas Santiago Asuncion Montevideo Argentina/Buenos_Aires Sao_Paulo Havana"
        " Santo_Domingo Puerto_Rico",
        "Africa": "Casablanca Algiers Cairo Johannesburg Malabo",
        "Asia": "Dubai Riyadh Jerusalem Kolkata Bangkok Singapore Manila Hong_Kong Shanghai Seoul Tokyo",
        "Australia": "Perth Sydney",
        "Pacific": "Auckland",
    }.items()
    for city in cities.split()
)
PRIORITIES = {"low": "low", "medium": "medium", "high": "high"}


def contact_form(
    fields: rx.Var[dict[str, str]],
    users: Any,
    fault: rx.Var[str],
    *,
    on_save: Any,
    on_cancel: Any,
    email_turn: Any = 0,
    follower: rx.Component | None = None,
    **more: Any,
) -> rx.Component:
    """Name, surnames, e-mail, phone, language, time zone, origin, responsible user; `on_save(form)`.

    One that was asked for, and so can be left (`on_cancel`), has the focus. Another `email_turn` means that the address
    was changed elsewhere, and is shown anew; `follower` brings in what colleagues change meanwhile.
    """
    email = text_input(fields["email"], name="email", max_length=320, input_mode="email", key=email_turn)
    first = {"custom_attrs": {"data-first": ""}, "auto_focus": on_cancel is not None}
    return rx.el.form(
        *([] if follower is None else [follower]),
        _fault(fault),
        field(say("Name"), text_input(fields["name"], name="name", max_length=255, **first)),
        field(say("Surnames"), text_input(fields["surnames"], name="surnames", max_length=255)),
        field(say("E-mail"), email),
        field(say("Phone"), text_input(fields["phone"], name="phone", max_length=40, input_mode="tel")),
        field(say("Language"), choice("language", fields["language"], LANGUAGES)),
        field(say("Time zone"), _zone_choice(fields["time_zone"])),
        field(say("Origin"), text_input(fields["origin"], name="origin", max_length=64)),
        field(say("Responsible"), person_choice("responsible", fields["responsible"], users)),
        buttons(save_button(), *([] if on_cancel is None else [_cancel(on_cancel)])),
        on_submit=on_save,
        class_name="pane-form",
        aria_label=say("Contact"),
        **more,
    )


def _zone_choice(zone: rx.Var[str]) -> rx.Component:
    """Where the phone is from, one of those where clients live, or the one that is set already."""
    return rx.el.select(
        rx.el.option(say("Automatic"), value=""),
        rx.cond(zone != "", rx.el.option(zone, value=zone)),
        *[rx.el.option(name.replace("_", " "), value=name) for name in ZONES],
        name="time_zone",
        default_value=zone,
        class_name="input",
    )


def note_form(
    body: rx.Var[str], note_id: rx.Var[int], fault: rx.Var[str], *, on_save: Any, on_cancel: Any
) -> rx.Component:
    """The text of a note; `on_save(form)`."""
    area = text_area(body, name="body", rows="4", max_length=10_000, auto_focus=True)
    return rx.el.form(
        _fault(fault),
        field(say("Note"), area),
        buttons(save_button(), _cancel(on_cancel)),
        on_submit=on_save,
        key=note_id,
        class_name="pane-form",
        aria_label=say("Note"),
    )


def ticket_form(fault: rx.Var[str], *, on_save: Any, on_cancel: Any) -> rx.Component:
    """Title and priority of a new ticket; `on_save(form)`."""
    return rx.el.form(
        _fault(fault),
        field(say("Title"), text_input(name="title", max_length=255, auto_focus=True)),
        field(say("Priority"), choice("priority", "medium", PRIORITIES)),
        buttons(save_button(say("Open ticket")), _cancel(on_cancel)),
        on_submit=on_save,
        class_name="pane-form",
        aria_label=say("Ticket"),
    )


def choice(name: str, value: Any, options: dict[str, str]) -> rx.Component:
    """One of fixed values, in a form."""
    return rx.el.select(
        *[rx.el.option(say(label), value=key) for key, label in options.items()],
        name=name,
        default_value=value,
        class_name="input",
    )


def person_choice(name: str, value: Any, users: Any, **more: Any) -> rx.Component:
    """One of the users, or nobody, in a form."""
    return rx.el.select(
        rx.el.option(say("Nobody"), value=""),
        rx.foreach(users, lambda user: rx.el.option(user.name, value=user.id.to_string(), key=user.id)),
        name=name,
        default_value=value,
        class_name="input",
        **more,
    )


def _fault(fault: rx.Var[str]) -> rx.Component:
    return rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault"))


def _cancel(on_cancel: Any) -> rx.Component:
    return rx.el.button(say("Cancel"), type="button", class_name="button", on_click=on_cancel)
