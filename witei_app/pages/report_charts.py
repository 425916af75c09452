"""The report's charts, each with its table."""

from typing import Any

import reflex as rx

from witei_app.components.chart import as_table, chart, panel, save_table
from witei_app.components.empty import empty_state
from witei_app.components.form import table, wide_table
from witei_app.reports.rows import CourseRow, HeatCell, HeatRow, PartRow, UserRow
from witei_app.state.report import ReportState
from witei_app.texts import say


def _drawn(name: str, kind: str, rows: Any, label: rx.Var[str], words: dict[str, Any] | None = None) -> rx.Component:
    """A chart whose parts open their conversations, saved as a picture or as a table."""
    return chart(
        kind,
        rows,
        label,
        words,
        csv=rx.cond(ReportState.exports.length() > 0, f"/reports/chart/{name}.csv?" + ReportState.query, ""),
        on_pick=lambda series, point: ReportState.pick(kind if kind != "bars" else name, series, point),
    )


def course() -> rx.Component:
    words = {"new": say("New conversations"), "closed": say("Closed"), "backlog": say("Open")}
    label = say("New, closed and open conversations over time")

    def line(row: rx.Var[CourseRow], index: rx.Var[int]) -> rx.Component:
        return rx.el.tr(
            rx.el.th(row.label, scope="row"),
            *[
                _number(value, on_click=ReportState.pick("course", series, index))
                for series, value in enumerate((row.new, row.closed, row.backlog))
            ],
            key=index,
        )

    return panel(
        say("New, closed and open"),
        _drawn("course", "course", ReportState.course, label, words),
        as_table([say("When"), *words.values()], ReportState.course, line, label),
        aside=ReportState.step,
    )


def shares() -> rx.Component:
    label = say("Conversations per user")
    pie = _drawn("users", "pie", ReportState.users, label, {"others": say("{number} others", number="{number}")})
    return panel(label, pie, _users_table(label), aside=say("share of the new"))


def users() -> rx.Component:
    words = {"new": say("New conversations"), "closed": say("Closed")}
    label = say("New and closed by user")
    return panel(label, _drawn("users", "users", ReportState.users, label, words), _users_table(label))


def _users_table(label: rx.Var[str]) -> rx.Component:
    def line(row: rx.Var[UserRow]) -> rx.Component:
        numbers = [_number(row.new, href=row.new_href), _number(row.closed, href=row.closed_href)]
        return rx.el.tr(rx.el.th(row.name, scope="row"), *numbers, key=row.id)

    return as_table([say("User"), say("New conversations"), say("Closed")], ReportState.users, line, label)


def by_user() -> rx.Component:
    names = ["User", "Conversations", "Closed", "Messages sent", "First response", "Closing", "Rating"]
    nothing = empty_state("chart", say("Nothing happened in this range"), say("Choose a longer one."))

    def line(row: rx.Var[UserRow]) -> rx.Component:
        cells = [
            (row.new, row.new_href),
            (row.closed, row.closed_href),
            (row.sent, row.sent_href),
            (row.first_response, row.first_response_href),
            (row.closing, row.closed_href),
            (row.rating, row.rating_href),
        ]
        numbers = [_number(value, href=href) for value, href in cells]
        return rx.el.tr(rx.el.th(row.name, scope="row"), *numbers, key=row.id)

    rows = table([say(name) for name in names], ReportState.users, line, label=say("By user"), nothing=nothing)
    return panel(say("By user"), rows, aside=say("click a number for its conversations"), class_name="wide")


def responses() -> rx.Component:
    label = say("First response times")
    drawn = _drawn("responses", "bars", ReportState.responses, label)
    return panel(label, drawn, _parts_table(ReportState.responses, label, say("First response")))


def sources() -> rx.Component:
    label = say("Where new conversations came from")
    drawn = _drawn("sources", "bars", ReportState.sources, label)
    return panel(label, drawn, _parts_table(ReportState.sources, label, say("Origin")))


def _parts_table(rows: rx.Var[list[PartRow]], label: rx.Var[str], part: rx.Var[str]) -> rx.Component:
    def line(row: rx.Var[PartRow]) -> rx.Component:
        number = rx.cond(row.href != "", rx.el.a(row.quantity, href=row.href), row.quantity)
        return rx.el.tr(rx.el.th(row.label, scope="row"), rx.el.td(number, class_name="number"), key=row.href)

    return as_table([part, say("Conversations")], rows, line, label)


def heat() -> rx.Component:
    def line(row: rx.Var[HeatRow]) -> rx.Component:
        return rx.el.tr(rx.el.th(row.label, scope="row"), rx.foreach(row.cells, cell), key=row.label)

    def cell(one: rx.Var[HeatCell]) -> rx.Component:
        button = rx.el.button(one.quantity, type="button", on_click=ReportState.pick_hour(one.slot))
        shade = "heat-" + one.shade.to_string()
        return rx.el.td(rx.cond(one.quantity > 0, button, one.quantity), class_name=shade, key=one.slot)

    hours = [rx.el.th(str(hour), scope="col") for hour in range(24)]
    head = rx.el.thead(rx.el.tr(rx.el.td(), *hours))
    body = rx.el.table(head, rx.el.tbody(rx.foreach(ReportState.heat, line)), aria_label=say("When contacts write"))
    return panel(
        say("When contacts write"),
        wide_table(body, "heat"),
        save_table(
            say("When contacts write"),
            rx.cond(ReportState.exports.length() > 0, "/reports/chart/heat.csv?" + ReportState.query, ""),
        ),
        aside=say("messages received, by weekday and hour"),
        class_name="wide",
    )


def _number(value: Any, href: Any = "", on_click: Any = None) -> rx.Component:
    """A number that leads to its conversations: a chart is for the mouse, its table for the keyboard too."""
    opens = rx.el.a(value, href=href) if on_click is None else rx.el.button(value, type="button", on_click=on_click)
    return rx.el.td(opens, class_name="number")
