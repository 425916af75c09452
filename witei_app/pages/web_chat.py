"""/settings/web-chat: the chats on the agency's sites, each with its picture beside the form."""

import reflex as rx

from witei_app.components.dialog import confirm_button, dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import buttons, field, paper, section
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.components.parts.chosen import Choice
from witei_app.pages.frame import framed
from witei_app.pages.web_chat_beside import beside
from witei_app.pages.web_chat_blocked import blocked_section
from witei_app.pages.web_chat_fields import FORM, choose, switch, word
from witei_app.pages.web_chat_look import look, nudge, texts
from witei_app.pages.web_chat_rules import asked, hours, known, where
from witei_app.settings import settings
from witei_app.state.blocked import BlockedState
from witei_app.state.signed_in import SignedInState
from witei_app.state.web_chat import WebChatState
from witei_app.texts import say
from witei_app.webchat.rows import WidgetRow


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(
        web_chat_page, route="/settings/web-chat", title="Web chat", on_load=[WebChatState.arrive, BlockedState.arrive]
    )


def web_chat_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("New widget"), class_name="button", on_click=WebChatState.begin)
    nobody = empty_state("bubble", say("Only administrators manage web chats"))
    return framed(
        "settings",
        say("Web chat"),
        paper(
            say("Web chat"),
            rx.cond(SignedInState.may.can_manage_web_chat, rx.cond(WebChatState.is_loaded, _widgets()), nobody),
            lead=say("One line puts the chat on your site. What visitors write arrives in the inbox at once."),
            actions=[rx.cond(SignedInState.may.can_manage_web_chat, new)],
        ),
        notice=False,
    )


def _widgets() -> rx.Component:
    return rx.fragment(
        rx.el.nav(rx.foreach(WebChatState.widgets, _choice), class_name="widget-row", aria_label=say("Widgets")),
        rx.el.div(_form(), beside(), class_name="widget-page", key=WebChatState.form_number),
        blocked_section(),
        _unsaved(),
    )


def _unsaved() -> rx.Component:
    back = rx.el.button(say("Go back"), type="button", class_name="button", on_click=WebChatState.stay)
    go = rx.el.button(say("Discard changes"), type="button", class_name="button primary", on_click=WebChatState.let_go)
    return dialog(
        WebChatState.is_leaving,
        say("Your changes are not saved"),
        rx.el.p(say("Go back to save them, or go on without them.")),
        dialog_actions(back, go),
        on_close=WebChatState.stay,
    )


def _choice(row: rx.Var[WidgetRow]) -> rx.Component:
    dot = rx.el.i(style={"background": row.colour})
    state = rx.cond(row.is_enabled, rx.fragment(), rx.el.small(say("off")))
    return rx.el.button(
        dot,
        rx.el.span(row.name, class_name="cut"),
        state,
        type="button",
        class_name="widget-choice",
        custom_attrs={"aria-current": rx.cond(row.id == FORM.id, "true", "false")},
        on_click=WebChatState.choose(row.id),
        key=row.id,
    )


def _form() -> rx.Component:
    return rx.el.form(
        _basics(),
        look(),
        texts(),
        nudge(),
        where(),
        asked(),
        hours(),
        rx.cond(FORM.id > 0, known()),
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        buttons(rx.el.button(say("Save"), type="submit", class_name="button primary"), _delete()),
        on_submit=lambda _: WebChatState.save(),
        class_name="widget-form",
        aria_label=say("Widget"),
    )


def _basics() -> rx.Component:
    people = [
        rx.el.option(say("Nobody: they wait unassigned"), value=""),
        rx.el.option(say("Each in turn, of those who are present"), value="turn"),
    ]
    people += [rx.foreach(WebChatState.people, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"]))]
    who = Choice.create(
        *people,
        value=FORM.assignee_id,
        class_name="input",
        on_change=lambda value: WebChatState.change("assignee_id", value),
    )
    return section(
        say("General"),
        field(
            say("Name"), word("name", max_length=80), hint=say("Only your team sees it. Name the site that it is for.")
        ),
        switch("is_enabled", say("Show the chat")),
        field(say("New chats go to"), who),
        switch("takes_files", say("Visitors may send files and pictures")),
        rx.cond(FORM.takes_files, _files()),
    )


def _files() -> rx.Component:
    kinds = [("all", say("All kinds")), ("pictures", say("Pictures alone")), ("documents", say("Documents alone"))]
    size = word("most_file_mb", input_mode="numeric", max_length=4, placeholder=str(settings().max_upload_mb))
    return rx.el.div(
        field(say("Kinds of files"), choose("file_kinds", kinds)),
        field(say("At most (MB)"), size),
        class_name="two-fields",
    )


def _delete() -> rx.Component:
    button = confirm_button(
        say("Delete"),
        label=say("Delete {name}", name=FORM.name),
        title=say("Delete this widget?"),
        body=say("The chat disappears from all pages that have it. The conversations stay."),
        action=say("Delete"),
        on_confirm=WebChatState.delete(FORM.id),
    )
    return rx.cond(FORM.id > 0, button)
