"""/reports/conversations: the Conversation report."""

from typing import Any

import reflex as rx

from witei_app.components.chart import as_table, chart, panel
from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import field, table, wide_table
from witei_app.components.menu import menu
from witei_app.pages.frame import framed
from witei_app.reports.rows import (
    CourseRow,
    EvidenceRow,
    FigureRow,
    HeatCell,
    HeatRow,
    LinkRow,
    PartRow,
    UserRow,
)
from witei_app.state.report import ReportState
from witei_app.texts import say


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(report_page, route="/reports/conversations", title="Conversation report", on_load=ReportState.arrive)


def report_page() -> rx.Component:
    return framed(
        "reports",
        say("Conversation report"),
        rx.el.div(
            _header(),
            rx.cond(ReportState.is_dates, _dates()),
            rx.el.ul(rx.foreach(ReportState.figures, figure_card), class_name="figures", aria_label=say("Figures")),
            rx.el.div(_course(), _shares(), class_name="panels"),
            _by_user(),
            rx.el.div(_responses(), _sources(), class_name="panels even"),
            _heat(),
            _behind(),
            class_name="paper wide report",
        ),
    )


def _header() -> rx.Component:
    choices = [
        _choice("report-range", say("Range"), ReportState.range_label, ReportState.ranges),
        rx.cond(
            ReportState.sees_all, _choice("report-user", say("User"), ReportState.person_label, ReportState.people)
        ),
        _choice("report-channel", say("Channel"), ReportState.channel_label, ReportState.channels),
        rx.cond(ReportState.exports.length() > 0, _export()),
    ]
    title = rx.el.div(rx.el.h1(say("Conversation report")), rx.el.p(ReportState.dates_label))
    return rx.el.header(title, rx.el.div(*choices, class_name="paper-actions"))


def _choice(name: str, label: Any, current: Any, links: rx.Var[list[LinkRow]]) -> rx.Component:
    return menu(name, label, [current, " ▾"], rx.foreach(links, _link))


def _link(row: rx.Var[LinkRow]) -> rx.Component:
    return rx.el.a(
        row.name,
        href=row.href,
        role="menuitemradio",
        tab_index=-1,
        class_name="item",
        custom_attrs={"aria-checked": row.is_on},
        key=row.href,
    )


def _export() -> rx.Component:
    def link(row: rx.Var[LinkRow]) -> rx.Component:
        return rx.el.a(
            row.name,
            href=row.href,
            role="menuitem",
            tab_index=-1,
            class_name="item",
            reload_document=True,
            download=True,
            key=row.name,
        )

    return menu("report-export", say("Export"), [say("Export"), " ▾"], rx.foreach(ReportState.exports, link))


def _dates() -> rx.Component:
    return rx.el.form(
        field(say("First day"), _day("from", ReportState.first)),
        field(say("Last day"), _day("to", ReportState.last)),
        rx.el.button(say("Show"), type="submit", class_name="button"),
        on_submit=ReportState.choose_dates,
        class_name="report-dates",
        key=ReportState.first + ReportState.last,
    )


def _day(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.input(type="date", name=name, id=f"report-{name}", default_value=value, class_name="input")


def figure_card(row: rx.Var[FigureRow]) -> rx.Component:
    """One figure: its value, how it changed, and on hover what it means."""
    number = rx.el.b(row.value)
    return rx.el.li(
        rx.el.span(row.name),
        rx.cond(row.href != "", rx.el.a(number, href=row.href), number),
        rx.el.small(rx.el.span(row.change, class_name=row.tone), " ", row.note),
        title=row.definition,
        class_name="figure",
        key=row.name,
    )


def _course() -> rx.Component:
    words = {"new": say("New conversations"), "closed": say("Closed"), "backlog": say("Open")}
    label = say("New, closed and open conversations over time")

    def line(row: rx.Var[CourseRow], index: rx.Var[int]) -> rx.Component:
        return rx.el.tr(
            rx.el.th(row.label, scope="row"),
            *[_number(value) for value in (row.new, row.closed, row.backlog)],
            key=index,
        )

    return panel(
        say("New, closed and open"),
        chart("course", ReportState.course, label, words),
        as_table([say("When"), *words.values()], ReportState.course, line, label),
        aside=ReportState.step_label,
    )


def _shares() -> rx.Component:
    label = say("Conversations per user")
    return panel(label, chart("pie", ReportState.users, label))


def _by_user() -> rx.Component:
    names = ["User", "Conversations", "Closed", "Messages sent", "First response", "Closing"]
    nothing = empty_state("chart", say("Nothing happened in this range"), say("Choose a longer one."))

    def line(row: rx.Var[UserRow]) -> rx.Component:
        cells = [
            (row.new, row.new_href),
            (row.closed, row.closed_href),
            (row.sent, row.sent_href),
            (row.first_response, row.first_response_href),
            (row.closing, row.closed_href),
        ]
        numbers = [rx.el.td(rx.el.a(value, href=href), class_name="number") for value, href in cells]
        return rx.el.tr(rx.el.th(row.name, scope="row"), *numbers, key=row.id)

    rows = table([say(name) for name in names], ReportState.users, line, label=say("By user"), nothing=nothing)
    return panel(say("By user"), rows, aside=say("click a number for its conversations"), class_name="wide")


def _responses() -> rx.Component:
    label = say("First response times")
    return panel(label, chart("bars", ReportState.responses, label), _parts_table(ReportState.responses, label))


def _sources() -> rx.Component:
    label = say("Where new conversations came from")
    return panel(label, chart("bars", ReportState.sources, label), _parts_table(ReportState.sources, label))


def _parts_table(rows: rx.Var[list[PartRow]], label: rx.Var[str]) -> rx.Component:
    def line(row: rx.Var[PartRow]) -> rx.Component:
        return rx.el.tr(rx.el.th(row.label, scope="row"), _number(row.quantity), key=row.label)

    return as_table(["", say("Conversations")], rows, line, label)


def _heat() -> rx.Component:
    def line(row: rx.Var[HeatRow]) -> rx.Component:
        return rx.el.tr(rx.el.th(row.label, scope="row"), rx.foreach(row.cells, cell), key=row.label)

    def cell(one: rx.Var[HeatCell]) -> rx.Component:
        return rx.el.td(one.quantity, class_name="heat-" + one.shade.to_string(), key=one.hour)

    hours = [rx.el.th(str(hour), scope="col") for hour in range(24)]
    head = rx.el.thead(rx.el.tr(rx.el.td(), *hours))
    body = rx.el.table(head, rx.el.tbody(rx.foreach(ReportState.heat, line)), aria_label=say("When contacts write"))
    return panel(
        say("When contacts write"),
        wide_table(body, "heat"),
        aside=say("messages received, by weekday and hour"),
        class_name="wide",
    )


def _behind() -> rx.Component:
    names = ["Contact", "Channel", "Opened", "When", "Took", "User"]

    def line(row: rx.Var[EvidenceRow]) -> rx.Component:
        name = rx.cond(row.href != "", rx.el.a(row.name, href=row.href), row.name)
        cells = [name, row.channel, row.opened, row.at, row.took, row.user]
        return rx.el.tr(*[rx.el.td(cell) for cell in cells], key=row.number)

    return dialog(
        ReportState.behind_title != "",
        ReportState.behind_title,
        table(
            [say(name) for name in names],
            ReportState.behind,
            line,
            label=say("Conversations behind the number"),
            nothing=rx.el.p(say("There are none.")),
        ),
        rx.cond(ReportState.behind_more, rx.el.p(say("These are the first 200. Export shows all."))),
        dialog_actions(
            rx.el.button(say("Close"), type="button", class_name="button", on_click=ReportState.close_behind)
        ),
        on_close=ReportState.close_behind,
    )


def _number(value: Any) -> rx.Component:
    return rx.el.td(value, class_name="number")
