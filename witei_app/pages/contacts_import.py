"""/contacts/import and /contacts/import/{id}."""

from typing import Any

import reflex as rx

from witei_app.components.contact_form import person_choice
from witei_app.components.crm import missing
from witei_app.components.dialog import confirm_button
from witei_app.components.form import buttons, field, paper, section, select, state_chip, table, toggle
from witei_app.components.icons import icon
from witei_app.components.jobs import progress
from witei_app.components.parts.files import FilePost
from witei_app.crm.csv_files import ENCODINGS, SEPARATORS
from witei_app.crm.import_columns import FIELDS
from witei_app.crm.rows import ColumnRow, PreviewRow, RejectedRow
from witei_app.pages.frame import framed
from witei_app.state.contacts_import import ContactsImportState
from witei_app.texts import say

_STATE = ContactsImportState


def add(app: rx.App) -> None:
    """Give the app these pages."""
    for route in ("/contacts/import", "/contacts/import/[import_number]"):
        app.add_page(import_page, route=route, title="Import contacts", on_load=_STATE.arrive)


def import_page() -> rx.Component:
    gone = missing("people", "This is not here, or somebody else asked for it.", "/contacts/import", "Import contacts")
    shown = rx.match(
        _STATE.shown.state,
        ("", rx.fragment(_choose(), _earlier())),
        ("prepared", _set_up()),
        rx.fragment(_run(), _rejected()),
    )
    back = rx.el.a(icon("back"), say("All contacts"), href="/contacts", class_name="button")
    return framed(
        "contacts",
        say("Import contacts"),
        rx.cond(
            _STATE.is_missing,
            gone,
            rx.cond(_STATE.is_loaded, paper(say("Import contacts"), shown, actions=[back], wide=True)),
        ),
    )


def _choose() -> rx.Component:
    return FilePost.create(
        url="/contacts/import/file",
        accept=".csv,.txt,.tsv,text/csv",
        label=say("Choose a file of contacts, or drop it here"),
        hint=say("CSV, as every spreadsheet and CRM saves it. You see everything before it is added."),
        failed_label=say("The file could not be uploaded. Try again."),
        sending_label=say("On its way"),
        on_done=_STATE.go_on,
    )


def _earlier() -> rx.Component:
    def line(job: Any) -> rx.Component:
        link = rx.el.a(job.label, href=job.href)
        return rx.el.tr(rx.el.td(link), rx.el.td(job.detail), key=job.id)

    heads = [say("File"), say("What came of it")]
    listed = table(heads, _STATE.earlier, line, label=say("Earlier imports"))
    return rx.cond(_STATE.earlier.length() > 0, _whole(say("Earlier imports"), listed))


def _set_up() -> rx.Component:
    shown = _STATE.shown
    quantity = rx.cond(shown.total == 1, say("1 row"), say("{number} rows", number=shown.total_label))
    begin = rx.el.button(
        rx.cond(shown.total == 1, say("Import 1 row"), say("Import {number} rows", number=shown.total_label)),
        type="button",
        class_name="button primary",
        on_click=_STATE.begin,
    )
    other = rx.el.a(say("Another file"), href="/contacts/import", class_name="button")
    return rx.fragment(
        section(
            say("File"),
            rx.el.p(rx.el.b(shown.file), rx.el.br(), quantity),
            field(say("Letters"), _choice(shown.encoding, ENCODINGS, _STATE.choose_encoding)),
            field(say("Separator"), _choice(shown.separator, SEPARATORS, _STATE.choose_separator)),
            toggle(say("The first row holds headings"), shown.has_headings, _STATE.choose_headings),
            hint=say("Strange letters, or everything in one column? Change it here."),
        ),
        _whole(say("Columns"), _columns(), hint=say("If several columns are the name, they are joined in order.")),
        section(
            say("Responsible"),
            field(
                say("For rows that name nobody"),
                person_choice("responsible", shown.responsible, _STATE.people, on_change=_STATE.choose_responsible),
            ),
        ),
        _whole(say("The first contacts, as they will be"), _preview()),
        buttons(begin, other),
    )


def _choice(value: rx.Var[str], options: dict[str, str], on_change: Any) -> rx.Component:
    named = [(key, say(label)) for key, label in options.items()]
    return select(value, named, on_change=on_change)


def _columns() -> rx.Component:
    def line(column: rx.Var[ColumnRow]) -> rx.Component:
        fields = select(
            column.field,
            [(name, say(label)) for name, label in FIELDS.items()],
            on_change=lambda name: _STATE.choose_field(column.index, name),
            aria_label=say("What {column} is", column=column.heading),
        )
        return rx.el.tr(
            rx.el.td(rx.el.b(column.heading)),
            rx.el.td(column.samples, class_name="samples"),
            rx.el.td(fields),
            class_name=rx.cond(column.field == "", "left-out", ""),
            key=column.index,
        )

    heads = [say("In the file"), say("For example"), say("Becomes")]
    return table(heads, _STATE.shown.columns, line, label=say("Columns"), class_name="import-list")


def _preview() -> rx.Component:
    def line(row: rx.Var[PreviewRow]) -> rx.Component:
        cells = [row.name, row.email, row.phone, row.more]
        good = rx.fragment(*[rx.el.td(cell) for cell in cells])
        bad = rx.el.td(icon("alert", "small"), " ", row.fault, col_span=4)
        return rx.el.tr(
            rx.el.td(row.place),
            rx.cond(row.fault != "", bad, good),
            class_name=rx.cond(row.fault != "", "fault-row", ""),
            key=row.place,
        )

    heads = [say("Row"), say("Name"), say("E-mail"), say("Phone"), say("Language and origin")]
    return table(heads, _STATE.shown.preview, line, label=say("Preview"))


def _run() -> rx.Component:
    job, shown = _STATE.job, _STATE.shown
    stop = confirm_button(
        say("Stop"),
        label=say("Stop"),
        title=say("Stop this?"),
        body=say("Contacts that are added already stay."),
        action=say("Stop"),
        on_confirm=_STATE.stop,
    )
    running = rx.fragment(
        progress(job.percent, job.label),
        rx.el.p(job.detail, role="status", class_name="how-far"),
        rx.el.p(say("You may leave this page: the import goes on, and is found again here."), class_name="quiet-line"),
        buttons(stop),
    )
    tone = rx.match(shown.state, ("done", "good"), ("failed", "bad"), "")
    words = rx.match(shown.state, ("done", say("Done")), ("failed", say("Not finished")), say("Stopped"))
    ended = rx.fragment(
        rx.el.p(state_chip(words, tone)),
        rx.el.p(job.detail, role="status", class_name="how-far"),
        buttons(
            rx.el.a(say("See the contacts"), href="/contacts", class_name="button primary"),
            rx.el.a(say("Another file"), href="/contacts/import", class_name="button"),
        ),
    )
    return section(shown.file, rx.el.div(rx.cond(job.is_open, running, ended), class_name="import-run"))


def _rejected() -> rx.Component:
    shown = _STATE.shown

    def line(row: rx.Var[RejectedRow]) -> rx.Component:
        cells = [row.place, row.reason, rx.el.span(row.cells, class_name="quiet-line")]
        return rx.el.tr(*[rx.el.td(cell) for cell in cells], key=row.place)

    download = rx.el.a(
        icon("download"),
        say("All of them as CSV"),
        href=rx.Var.create(f"/contacts/import/{shown.id}/rejected.csv"),
        download=True,
        class_name="button",
        reload_document=True,
    )
    heads = [say("Row"), say("Why it was not added"), say("What stood there")]
    return rx.cond(
        shown.rejected.length() > 0,
        _whole(
            say("Rows that were not added: {number}", number=shown.rejected_label),
            table(heads, shown.rejected, line, label=say("Rows that were not added")),
            rx.el.div(download, class_name="list-end"),
            hint=say("Correct them in the file that you download, and import that."),
        ),
    )


def _whole(title: rx.Var[str], *children: Any, hint: rx.Var[str] | None = None) -> rx.Component:
    """A section over the whole width."""
    about = rx.el.div(rx.el.h2(title), *([rx.el.p(hint)] if hint is not None else []), class_name="about")
    return rx.el.section(about, *children, class_name="part whole")
