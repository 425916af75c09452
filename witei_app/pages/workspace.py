"""/settings/workspace: what holds for everybody in the workspace."""

import reflex as rx

from witei_app.accounts.office import UNDO_CHOICES
from witei_app.archive.asking import ExportRow
from witei_app.components.composer import plain_editor
from witei_app.components.dialog import confirm_button
from witei_app.components.empty import empty_state
from witei_app.components.form import (
    buttons,
    field,
    paper,
    save_button,
    section,
    select,
    table,
    text_input,
    toggle,
)
from witei_app.components.inbound_address import inbound_address
from witei_app.components.office_hours import office_hours_fields
from witei_app.components.parts.files import FilePost
from witei_app.pages.frame import framed
from witei_app.pages.profile import chosen, zone_options
from witei_app.state.inbound_address import InboundAddressState
from witei_app.state.workspace import WorkspaceState
from witei_app.templates.placeholders import SIGNATURE_NAMES
from witei_app.texts import say
from witei_app.texts.language import LanguageState


def add(app: rx.App) -> None:
    """Give the app this page."""
    arrive = [WorkspaceState.arrive, InboundAddressState.arrive]
    app.add_page(workspace_page, route="/settings/workspace", title="Workspace", on_load=arrive)


def workspace_page() -> rx.Component:
    refused = empty_state("gear", say("For administrators"), say("Only administrators see this page."))
    return framed(
        "settings",
        say("Workspace"),
        rx.cond(
            WorkspaceState.name != "",
            paper(
                say("Workspace"),
                _about(),
                inbound_address(
                    InboundAddressState.address,
                    InboundAddressState.domain,
                    InboundAddressState.former,
                    InboundAddressState.save,
                    InboundAddressState.give_up,
                ),
                _logo(),
                _writing(),
                _hours(),
                _new_conversations(),
                _contacts(),
                _bin(),
                _safety(),
                _everything(),
            ),
            rx.cond(~WorkspaceState.is_admin, refused),
        ),
    )


def _about() -> rx.Component:
    languages = [rx.el.option("English", value="en"), rx.el.option("Español", value="es")]
    return section(
        say("Your agency"),
        rx.el.form(
            field(
                say("Name"),
                text_input(
                    WorkspaceState.name, name="name", max_length=255, required=True, auto_complete="organization"
                ),
                hint=say("Contacts see it on mail and in the web chat."),
            ),
            rx.el.div(
                field(say("Language"), chosen("language", WorkspaceState.language, languages)),
                field(say("Time zone"), chosen("time_zone", WorkspaceState.time_zone, zone_options())),
                class_name="two-fields",
            ),
            buttons(save_button()),
            on_submit=WorkspaceState.save,
            class_name="fields",
        ),
        hint=say("For mail that the program writes, and for reports."),
    )


def _hours() -> rx.Component:
    return section(
        say("Office hours"),
        toggle(
            say("The office has hours"),
            WorkspaceState.has_hours,
            WorkspaceState.switch_hours,
            hint=say("Reports can count these hours only, and web chats can follow them."),
        ),
        rx.cond(
            WorkspaceState.has_hours,
            rx.el.form(
                office_hours_fields(
                    WorkspaceState.hours_days,
                    WorkspaceState.hours_holidays,
                    lambda number: {"name": f"day_{number}", "max_length": 200},
                    {"name": "holidays"},
                ),
                buttons(save_button()),
                on_submit=WorkspaceState.save_hours,
                class_name="fields",
                key=WorkspaceState.hours_days.to_string() + WorkspaceState.hours_holidays,
            ),
        ),
        hint=say("In the time zone above. Several spans a day: 9:00-14:00, 16:00-19:30."),
    )


def _logo() -> rx.Component:
    take = FilePost.create(
        url="/settings/workspace/logo",
        accept="image/png,image/jpeg,image/webp,image/gif",
        label=say("Choose a logo"),
        hint=say("or drop it here. A PNG with a transparent ground looks best."),
        failed_label=say("The file could not be uploaded. Try again."),
        sending_label=say("Sending"),
        on_done=WorkspaceState.show_logo,
    )
    shown = rx.el.img(src=WorkspaceState.logo, alt=say("Your logo"), class_name="agency-logo")
    remove = rx.el.button(
        say("Remove the logo"), type="button", class_name="button", on_click=WorkspaceState.remove_logo
    )
    return section(
        say("Logo"),
        rx.cond(WorkspaceState.logo != "", rx.el.div(shown, class_name="logo-shown")),
        take,
        rx.cond(WorkspaceState.logo != "", rx.el.div(remove)),
        hint=say("It appears on quotes, in mail that the program writes, and in your menu."),
    )


def _writing() -> rx.Component:
    seconds = [rx.el.option(say("{n} seconds", n=n), value=str(n)) for n in UNDO_CHOICES if n]
    choices = [
        rx.el.option(say("As the installation says"), value=""),
        rx.el.option(say("Not at all: mail leaves at once"), value="0"),
        *seconds,
    ]
    return section(
        say("Writing"),
        rx.el.form(
            field(
                say("Time to undo"),
                chosen("undo_seconds", WorkspaceState.undo_seconds, choices),
                hint=say("How long an answer by e-mail waits before it leaves, so that it can be taken back."),
            ),
            buttons(save_button()),
            on_submit=WorkspaceState.save_undo,
            class_name="fields",
        ),
        rx.el.h3(say("Signature of new users")),
        plain_editor(
            label=say("Signature of new users"),
            editor_id=1,
            initial_html=WorkspaceState.signature_html,
            clear_signal=WorkspaceState.saved_signal,
            language=LanguageState.language,
            save=say("Save the signature"),
            on_save=WorkspaceState.sign,
        ),
        rx.el.p(say("{places} are filled with who writes.", places=SIGNATURE_NAMES), class_name="quiet-line"),
        hint=say("New users start with this signature, and can change it in their profile."),
    )


def _new_conversations() -> rx.Component:
    choices = [
        ("nobody", say("Nobody: unassigned")),
        ("coordinator", say("A coordinator")),
        ("in_turn", say("In turn, those who are present")),
    ]
    who = select(WorkspaceState.new_go_to, choices, name="new_go_to", on_change=WorkspaceState.choose_who)
    people = rx.foreach(WorkspaceState.people, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"]))
    coordinator = field(
        say("Coordinator"),
        chosen("coordinator", WorkspaceState.coordinator, [rx.el.option(say("Choose…"), value=""), people]),
    )
    return section(
        say("New conversations"),
        rx.el.form(
            field(say("Who gets them"), who),
            rx.cond(WorkspaceState.new_go_to == "coordinator", coordinator),
            buttons(save_button()),
            on_submit=WorkspaceState.save_who,
            class_name="fields",
        ),
        hint=say("A contact's responsible user always comes first."),
    )


def _contacts() -> rx.Component:
    return section(
        say("Contacts"),
        toggle(
            say("Two contacts may have the same address or phone"),
            WorkspaceState.allows_duplicates,
            WorkspaceState.set_duplicates,
            hint=say(
                "Otherwise the second one is refused, naming the contact that has it. Mail goes to the first of them."
            ),
        ),
    )


def _bin() -> rx.Component:
    days = text_input(WorkspaceState.bin_days, name="bin_days", type="number", min=1, max=365, required=True)
    hint = say(
        "After that the messages, files and drafts of a deleted conversation are gone for good. "
        "Reports keep their figures."
    )
    return section(
        say("Bin"),
        rx.el.form(
            field(
                say("Days in the bin"),
                days,
                hint=hint,
            ),
            buttons(save_button()),
            on_submit=WorkspaceState.save_bin,
            class_name="fields",
        ),
    )


def _safety() -> rx.Component:
    return section(
        say("Signing in"),
        toggle(
            say("Everybody needs an authenticator app"),
            WorkspaceState.requires_two_factor,
            WorkspaceState.set_two_factor,
            hint=say("Anybody without one, you included, has to set one up first. API tokens wait until then."),
        ),
    )


def _everything() -> rx.Component:
    make = confirm_button(
        say("Export everything"),
        label=say("Export everything"),
        title=say("Export everything?"),
        body=say("One file with all contacts, conversations, mails and files. Whoever has it reads all of it."),
        action=say("Export"),
        on_confirm=WorkspaceState.export_everything,
        class_name="button",
    )
    return section(
        say("Export everything"),
        rx.cond(
            WorkspaceState.exports.length() > 0,
            table(
                [say("Made"), say("Size"), say("Until"), ""],
                WorkspaceState.exports,
                _export,
                label=say("Exports that are ready"),
            ),
        ),
        rx.el.div(make),
        hint=say("A ZIP to keep, or to import into another installation. Passwords and keys are not in it."),
    )


def _export(row: rx.Var[ExportRow]) -> rx.Component:
    label = say("Download the export of {made}", made=row.made)
    fetch = rx.el.a(
        say("Download"), href=row.href, download=True, reload_document=True, aria_label=label, class_name="button"
    )
    cells = [rx.el.td(row.made), rx.el.td(row.size), rx.el.td(row.until), rx.el.td(fetch)]
    return rx.el.tr(*cells, key=row.id)
