"""/: what waits, how today goes, and the way to the Conversation report."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.chart import panel
from witei_app.components.empty import empty_state
from witei_app.components.form import paper
from witei_app.components.icons import icon
from witei_app.components.skeleton import skeleton_rows
from witei_app.pages.frame import framed
from witei_app.pages.report import figure_card
from witei_app.state.dashboard import DashboardState, TeamRow, WaitingRow
from witei_app.texts import say


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(dashboard_page, route="/", title="Dashboard", on_load=DashboardState.arrive)


def dashboard_page() -> rx.Component:
    report = rx.el.a(icon("chart"), say("Conversation report"), href="/reports/conversations", class_name="button")
    return framed(
        "dashboard",
        say("Dashboard"),
        paper(
            say("Dashboard"),
            rx.cond(DashboardState.has_figures, _today()),
            rx.el.div(
                _waiting(say("Waits for me"), DashboardState.mine, DashboardState.mine_count),
                _waiting(say("Waits longest"), DashboardState.longest, DashboardState.all_count),
                class_name="panels even",
            ),
            _team(),
            actions=[rx.cond(DashboardState.has_figures, report)],
            wide=True,
        ),
    )


def _today() -> rx.Component:
    whose = rx.cond(DashboardState.sees_all, say("Today"), say("My day"))
    compared = say("compared with {day}, up to this hour", day=DashboardState.compared_with)
    figures = rx.el.ul(rx.foreach(DashboardState.today, figure_card), class_name="figures", aria_label=whose)
    return rx.el.section(rx.el.h2(whose, rx.el.span(compared)), figures, class_name="today")


def _team() -> rx.Component:
    def line(row: rx.Var[TeamRow]) -> rx.Component:
        state = rx.cond(row.is_here, say("here"), say("away"))
        words = rx.el.span(
            rx.el.b(row.name), rx.el.br(), rx.el.small(state, rx.cond(row.waiting != "", " · " + row.waiting, ""))
        )
        place = rx.cond(row.is_here, "here", "")
        return rx.el.li(avatar(row.initials, row.tint, person=row.id), words, class_name=place, key=row.id)

    people = rx.el.ul(rx.foreach(DashboardState.team, line), class_name="team-now", aria_label=say("The team now"))
    return panel(say("The team now"), people, class_name="wide")


def _waiting(title: Any, rows: rx.Var[list[WaitingRow]], count: rx.Var[str]) -> rx.Component:
    nothing = empty_state("check", say("Nobody waits"), say("Every message here has been answered."))
    lines = rx.el.ul(rx.foreach(rows, _line), class_name="waiting", aria_label=title)
    coming = rx.el.ul(skeleton_rows(5), class_name="waiting")
    found = rx.cond(rows.length() > 0, lines, nothing)
    return panel(title, rx.cond(DashboardState.is_loaded, found, coming), aside=count)


def _line(row: rx.Var[WaitingRow]) -> rx.Component:
    words = rx.el.span(rx.el.b(row.name, class_name="cut"), rx.el.small(row.preview, class_name="cut"))
    link = rx.el.a(
        avatar(row.initials, row.tint), words, rx.el.time(row.waits), href="/conversations/" + row.id.to_string()
    )
    return rx.el.li(link, key=row.id)
