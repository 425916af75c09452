"""/settings/templates: message templates."""

import reflex as rx

from witei_app.components.composer import attached_files, plain_editor
from witei_app.components.dialog import close_button, confirm_button, dialog
from witei_app.components.empty import empty_state
from witei_app.components.form import field, paper, select, state_chip, table, table_row, text_input, toggle
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.components.parts.chosen import Choice
from witei_app.components.parts.files import FilePost
from witei_app.pages.frame import framed
from witei_app.state.signed_in import SignedInState
from witei_app.state.template_preview import TemplatePreviewState
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
                [say("Title"), say("Folder"), say("Language"), say("Used"), say("For whom"), ""],
                TemplatesState.templates,
                _line,
                label=say("Message templates"),
                nothing=nothing,
                class_name="template-list",
            ),
            _editor(),
            _import(),
            _preview(),
            lead=say("Texts to insert into an answer, with the button or with / in the composer."),
            actions=[_files(), new],
        ),
        notice=TemplatesState.editing == 0,
    )


def _line(row: rx.Var[TemplateRow]) -> rx.Component:
    title = rx.fragment(rx.el.b(row.title), rx.el.div(row.beginning, class_name="cut quiet-line"))
    whom = rx.cond(row.is_shared, state_chip(say("the team"), ""), state_chip(say("only me"), "wait"))
    acts = rx.fragment(_look(row), rx.cond(row.can_change, _actions(row)))
    return table_row(row.id, title, row.folder, row.language, row.used, whom, acts)


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


def _look(row: rx.Var[TemplateRow]) -> rx.Component:
    return rx.el.button(
        say("Preview"),
        class_name="button quiet",
        aria_label=say("Preview {title}", title=row.title),
        on_click=TemplatePreviewState.show(row.id),
    )


def _files() -> rx.Component:
    may_export = SignedInState.may.can_export | (SignedInState.may.template_level == "manage")
    export = rx.el.a(
        say("Export"), href="/templates.csv", title=say("All of them as CSV"), class_name="button", download=True
    )
    take = rx.el.button(say("Import"), class_name="button", on_click=TemplatesState.show_import)
    return rx.fragment(take, rx.cond(may_export, export))


def _import() -> rx.Component:
    post = FilePost.create(
        url="/templates/file",
        accept=".csv,.txt,text/csv",
        label=say("Choose a file of templates, or drop it here"),
        hint=say("Columns: title, html or text; folder, subject, language, channel and shared are optional."),
        failed_label=say("The file could not be uploaded. Try again."),
        sending_label=say("On its way"),
        on_done=TemplatesState.imported,
    )
    return dialog(
        TemplatesState.is_importing,
        say("Import templates"),
        rx.el.div(post, class_name="dialog-fields"),
        close_button(TemplatesState.hide_import),
        on_close=TemplatesState.hide_import,
    )


def _preview() -> rx.Component:
    people = rx.foreach(
        TemplatePreviewState.people, lambda one: rx.el.option(one.name, value=one.address, key=one.address)
    )
    chosen = Choice.create(
        people, value=TemplatePreviewState.contact, on_change=TemplatePreviewState.choose, class_name="input"
    )
    subject = TemplatePreviewState.subject
    return dialog(
        TemplatePreviewState.showing > 0,
        TemplatePreviewState.title,
        rx.el.div(
            field(say("As this contact reads it"), chosen),
            rx.cond(subject != "", rx.el.b(subject)),
            rx.html(TemplatePreviewState.html, class_name="prose template-preview"),
            class_name="dialog-fields",
        ),
        close_button(TemplatePreviewState.close),
        on_close=TemplatePreviewState.close,
    )


def _editor() -> rx.Component:
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
            _where_it_fits(),
            rx.cond(SignedInState.may.template_level == "manage", share),
            _attached(),
            rx.el.datalist(
                rx.foreach(TemplatesState.folders, lambda one: rx.el.option(value=one, key=one)), id="folders"
            ),
            _text(),
            class_name="dialog-fields",
        ),
        close_button(TemplatesState.close),
        on_close=TemplatesState.close,
    )


def _text() -> rx.Component:
    """Last, because "Save" stands below it and saves all that is above."""
    editor = plain_editor(
        label=say("Text"),
        editor_id=TemplatesState.editing,
        initial_html=TemplatesState.html,
        clear_signal=TemplatesState.saved_signal,
        language=LanguageState.language,
        save=say("Save"),
        on_save=TemplatesState.save,
    )
    places = rx.el.small(say("Placeholders: {places}", places=PLACES))
    return rx.el.div(rx.el.span(say("Text")), places, editor, class_name="field")


def _where_it_fits() -> rx.Component:
    languages = [("", say("Any language")), ("es", say("Spanish")), ("en", say("English"))]
    channels = [("", say("Everywhere")), ("email", say("E-mail")), ("web_chat", say("Web chat"))]
    folder = text_input(
        TemplatesState.folder,
        max_length=80,
        on_change=TemplatesState.set_folder.debounce(200),
        custom_attrs={"list": "folders"},
    )
    subject = text_input(TemplatesState.subject, max_length=998, on_change=TemplatesState.set_subject.debounce(200))
    return rx.el.div(
        field(say("Folder"), folder),
        field(say("Subject of a new conversation"), subject),
        field(say("Language"), select(TemplatesState.language, languages, on_change=TemplatesState.set_language)),
        field(say("Channel"), select(TemplatesState.channel, channels, on_change=TemplatesState.set_channel)),
        class_name="two-fields",
    )


def _attached() -> rx.Component:
    """What goes with it; a new one is saved first."""
    take = FilePost.create(
        url="/templates/attachment",
        fields={"template": TemplatesState.editing.to_string()},
        label=say("Attach a file"),
        hint=say("or drop it here. It is attached wherever the template is inserted."),
        failed_label=say("The file could not be uploaded. Try again."),
        sending_label=say("Sending"),
        on_done=TemplatesState.show_files,
    )
    later_on = rx.el.p(say("Files are attached once the template is saved."), class_name="quiet-line")
    listed = attached_files(TemplatesState.files, TemplatesState.remove_file)
    return rx.cond(TemplatesState.editing > 0, rx.fragment(listed, take), later_on)


PLACES = "{{contact.first_name}}, {{contact.first_name|cliente}}, {{contact.name}}, {{user.name}}, {{workspace.name}} …"
