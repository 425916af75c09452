"""/settings/templates: message templates."""

import reflex as rx

from witei_app.components.composer import plain_editor
from witei_app.components.dialog import confirm_button, dialog
from witei_app.components.empty import empty_state
from witei_app.components.form import field, paper, select, state_chip, table, text_input, toggle
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.pages.frame import framed
from witei_app.state.signed_in import SignedInState
from witei_app.state.templates import TemplateRow, TemplatesState
from witei_app.texts import say
from witei_app.texts.language import LanguageState


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(templates_page, route="/settings/templates", title="Message templates", on_load=TemplatesState.arrive)


def templates_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("New template"), class_name="button primary", on_click=TemplatesState.begin)
    nothing = empty_state(
        "template",
        say("No templates yet"),
        say("Write once what you write every day: a welcome, a reminder, the way to the office."),
    )
    return framed(
        "settings",
        say("Message templates"),
        paper(
            say("Message templates"),
            table(
                [say("Title"), say("Language"), say("For whom"), ""],
                TemplatesState.templates,
                _line,
                label=say("Message templates"),
                nothing=nothing,
            ),
            _editor(),
            lead=say("Texts to insert into an answer, by the button or by / in the composer."),
            actions=[new],
        ),
        notice=TemplatesState.editing == 0,
    )


def _line(row: rx.Var[TemplateRow]) -> rx.Component:
    title = rx.el.td(
        rx.el.b(row.title), rx.el.div(row.beginning, class_name="cut quiet-line"), style={"maxWidth": "420px"}
    )
    whom = rx.cond(row.is_shared, state_chip(say("the team"), ""), state_chip(say("only me"), "wait"))
    return rx.el.tr(
        title,
        rx.el.td(row.language),
        rx.el.td(whom),
        rx.el.td(rx.cond(row.can_change, _actions(row)), class_name="number"),
        key=row.id,
    )


def _actions(row: rx.Var[TemplateRow]) -> rx.Component:
    change = rx.el.button(
        say("Change"),
        class_name="button quiet",
        aria_label=say("Change {title}", title=row.title),
        on_click=TemplatesState.edit(row.id),
    )
    remove = confirm_button(
        icon("bin"),
        label=say("Delete {title}", title=row.title),
        title=say("Delete this template?"),
        body=say("What was written with it stays as it is."),
        action=say("Delete"),
        on_confirm=TemplatesState.delete(row.id),
        class_name="button quiet square",
    )
    return rx.fragment(change, remove)


def _editor() -> rx.Component:
    languages = [("", say("Any language")), ("es", say("Spanish")), ("en", say("English"))]
    language = select(TemplatesState.language, languages, on_change=TemplatesState.set_language)
    share = toggle(say("The whole team uses it"), TemplatesState.is_shared, TemplatesState.set_shared)
    return dialog(
        TemplatesState.editing != 0,
        rx.cond(TemplatesState.editing > 0, say("Change the template"), say("New template")),
        rx.el.div(
            refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
            field(
                say("Title"),
                text_input(TemplatesState.title, on_change=TemplatesState.set_title, custom_attrs={"data-first": ""}),
            ),
            plain_editor(
                label=say("Text"),
                editor_id=TemplatesState.editing,
                initial_html=TemplatesState.html,
                clear_signal=TemplatesState.saved_signal,
                language=LanguageState.language,
                save=say("Save"),
                on_save=TemplatesState.save,
            ),
            rx.el.p(
                say("Places that are filled in: {places}", places=PLACES),
                class_name="quiet-line",
            ),
            rx.el.div(
                field(say("Language"), language),
                rx.cond(SignedInState.may.template_level == "manage", share),
                class_name="two-fields",
            ),
            class_name="dialog-fields",
        ),
        on_close=TemplatesState.close,
    )


PLACES = "{{contact.first_name}}, {{contact.first_name|cliente}}, {{contact.name}}, {{user.name}}, {{workspace.name}} …"
