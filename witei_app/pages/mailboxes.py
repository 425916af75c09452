"""/settings/mailboxes: the mailboxes that mail is fetched from."""

import reflex as rx

from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import field, paper, save_button, text_input
from witei_app.components.icons import icon
from witei_app.components.mailbox import mailbox
from witei_app.components.notice import refusal_notice
from witei_app.pages.frame import framed
from witei_app.state.mailboxes import MailboxesState
from witei_app.state.signed_in import SignedInState
from witei_app.texts import say

FORM = MailboxesState.form


def add(app: rx.App) -> None:
    """One page with all of them."""
    app.add_page(mailboxes_page, route="/settings/mailboxes", title="Mailboxes", on_load=MailboxesState.arrive)


def mailboxes_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("Add mailbox"), class_name="button primary", on_click=MailboxesState.begin)
    lead = say(
        "Keep the mailbox that your agency has: new mails in it come here at once, and stay there as they are. "
        "Answers go out from your sender address."
    )
    return framed(
        "settings",
        say("Mailboxes"),
        rx.cond(
            MailboxesState.is_admin,
            paper(say("Mailboxes"), _list(), _access_dialog(), _backfill_dialog(), lead=lead, actions=[new]),
            empty_state("gear", say("For administrators"), say("Only administrators see this page.")),
        ),
        notice=(MailboxesState.editing == 0) & (MailboxesState.filling == 0),
    )


def _list() -> rx.Component:
    nothing = empty_state(
        "mail",
        say("No mailbox yet"),
        say("Mail also comes in without one, by the address that is shown under Workspace."),
    )
    return rx.fragment(
        rx.foreach(MailboxesState.mailboxes, _mailbox),
        rx.cond(MailboxesState.is_loaded & (MailboxesState.mailboxes.length() == 0), nothing),
    )


def _mailbox(row: rx.Var) -> rx.Component:
    return mailbox(
        row,
        on_switch=MailboxesState.switch,
        on_edit=MailboxesState.edit,
        on_again=MailboxesState.again,
        on_backfill=MailboxesState.begin_backfill,
        on_sent=MailboxesState.add_sent,
        on_remove=MailboxesState.remove,
    )


def _access_dialog() -> rx.Component:
    is_new = MailboxesState.editing < 0
    form = rx.el.form(
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        field(
            say("Address of the mailbox"),
            text_input(
                FORM.address,
                name="address",
                type="email",
                required=True,
                max_length=320,
                placeholder="info@agency.com",
                custom_attrs={"data-first": ""},
            ),
        ),
        rx.el.div(_host(), _port(), _security(), class_name="two-fields"),
        rx.el.div(_username(), _password(is_new), class_name="two-fields"),
        field(
            say("Folder"),
            text_input(FORM.folder, name="folder", max_length=255),
            hint=say("Usually INBOX. A subfolder is written as the server does, such as INBOX.Web."),
        ),
        _marks_read(),
        dialog_actions(
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=MailboxesState.close),
            save_button(
                rx.cond(MailboxesState.is_trying, say("Connecting…"), say("Connect and save")),
                disabled=MailboxesState.is_trying,
            ),
        ),
        on_submit=MailboxesState.save,
        key=MailboxesState.form_number,
        class_name="dialog-fields",
    )
    title = rx.cond(is_new, say("Add mailbox"), say("Change {address}", address=FORM.address))
    return dialog(MailboxesState.editing != 0, title, form, on_close=MailboxesState.close)


def _host() -> rx.Component:
    return field(
        say("Mail server (IMAP)"),
        text_input(FORM.host, name="host", required=True, max_length=253, placeholder="imap.agency.com"),
    )


def _port() -> rx.Component:
    digits = {"input_mode": "numeric", "pattern": "[0-9]+"}
    return field(say("Port"), text_input(FORM.port, name="port", required=True, max_length=5, **digits))


def _security() -> rx.Component:
    choices = [
        ("tls", say("TLS (usual, port 993)")),
        ("starttls", say("STARTTLS (port 143)")),
        ("none", say("None (own network only)")),
    ]
    options = [rx.el.option(label, value=name) for name, label in choices]
    chosen = rx.el.select(*options, name="security", default_value=FORM.security, class_name="input")
    return field(say("Encryption"), chosen)


def _username() -> rx.Component:
    return field(
        say("User name"),
        text_input(FORM.username, name="username", max_length=320),
        hint=say("Empty: the address."),
    )


def _password(is_new: rx.Var[bool]) -> rx.Component:
    return field(
        say("Password"),
        text_input(name="password", type="password", required=is_new, max_length=1000, auto_complete="new-password"),
        hint=rx.cond(
            is_new,
            say("An app password, if the provider asks for one. It is kept encrypted."),
            say("Leave empty to keep the current one."),
        ),
    )


def _marks_read() -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            role="switch",
            name="marks_read",
            default_checked=FORM.marks_read,
            class_name="toggle",
        ),
        rx.el.span(
            say("Mark as read there"),
            rx.el.small(say("What was fetched counts as read in the mailbox. Without it, nothing there is changed.")),
        ),
        class_name="toggle-line",
    )


def _backfill_dialog() -> rx.Component:
    words = say(
        "They come with the times at which they arrived. Nobody is told, nothing is answered, and what was read "
        "there counts as read here. What is here already does not come twice."
    )
    days = text_input("30", name="days", required=True, max_length=4, input_mode="numeric", pattern="[0-9]+")
    form = rx.el.form(
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        rx.el.p(words),
        field(say("Days back"), days),
        dialog_actions(
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=MailboxesState.close),
            save_button(say("Fetch them")),
        ),
        on_submit=MailboxesState.backfill,
        class_name="dialog-fields",
    )
    return dialog(MailboxesState.filling > 0, say("Fetch older mails"), form, on_close=MailboxesState.close)
