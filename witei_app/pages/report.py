"""/reports/conversations: the Conversation report."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import field, select, table
from witei_app.components.icons import icon
from witei_app.components.menu import menu
from witei_app.pages.frame import framed
from witei_app.pages.report_charts import by_user, course, heat, responses, shares, sources, users
from witei_app.reports.by_mail import MailRow
from witei_app.reports.cards import FigureRow
from witei_app.reports.choices import Menu
from witei_app.reports.rows import EvidenceRow, LinkRow
from witei_app.reports.sparkline import HEIGHT, WIDTH
from witei_app.state.report import BehindState, ReportState
from witei_app.state.report_mail import ReportMailState
from witei_app.texts import say


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(report_page, route="/reports/conversations", title="Conversation report", on_load=ReportState.arrive)


def report_page() -> rx.Component:
    ahead = empty_state("chart", say("This range has not begun yet"), ReportState.begins)
    return framed(
        "reports",
        say("Conversation report"),
        rx.el.div(
            _header(),
            rx.cond(ReportState.is_dates, _dates()),
            rx.cond(ReportState.begins != "", ahead, _figures_and_charts()),
            _behind(),
            _mails(),
            class_name="paper wide report",
        ),
    )


def _figures_and_charts() -> rx.Component:
    figures = rx.el.ul(rx.foreach(ReportState.figures, figure_card), class_name="figures", aria_label=say("Figures"))
    return rx.fragment(
        figures,
        rx.el.div(course(), shares(), class_name="panels"),
        rx.el.div(users(), responses(), sources(), class_name="panels three"),
        by_user(),
        heat(),
    )


def _header() -> rx.Component:
    menus = ReportState.choices
    choices = [
        _choice("report-range", say("Range"), menus.ranges),
        rx.cond(ReportState.sees_all, _choice("report-user", say("User"), menus.people)),
        _choice("report-channel", say("Channel"), menus.channels),
        rx.cond(menus.origins.label != "", _choice("report-origin", say("Origin"), menus.origins)),
        rx.cond(menus.times.label != "", _choice("report-times", say("Times"), menus.times)),
        rx.el.button(say("By e-mail"), type="button", class_name="button", on_click=ReportMailState.open),
        rx.cond(ReportState.exports.length() > 0, _export()),
    ]
    title = rx.el.div(rx.el.h1(say("Conversation report")), rx.el.p(ReportState.dates))
    return rx.el.header(title, rx.el.div(*choices, class_name="paper-actions"))


def _choice(name: str, label: Any, chosen: rx.Var[Menu]) -> rx.Component:
    """Named after what is chosen, too: whoever only hears the button, or calls it by what stands on it, needs both."""
    named = rx.Var.create(f"{label}: {chosen.label}")
    return menu(name, named, [chosen.label, icon("down", "small")], rx.foreach(chosen.links, _link))


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

    shown = [say("Export"), icon("down", "small")]
    return menu("report-export", say("Export"), shown, rx.foreach(ReportState.exports, link))


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
    more = {"required": True, "class_name": "input"}
    return rx.el.input(type="date", name=name, id=f"report-{name}", default_value=value, **more)


def figure_card(row: rx.Var[FigureRow]) -> rx.Component:
    """One figure: its value, how it changed, its course, and what it means, on hover and on focus."""
    number = rx.el.b(row.value)
    course = rx.el.svg(
        rx.el.path(d=row.line, custom_attrs={"vectorEffect": "non-scaling-stroke"}),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        custom_attrs={"preserveAspectRatio": "none", "aria-hidden": "true"},
        class_name="sparkline",
    )
    value = rx.cond(row.href != "", rx.el.a(number, href=row.href), number)
    return rx.el.li(
        rx.el.span(row.name, tab_index=0, class_name="figure-name", aria_description=row.definition),
        rx.el.div(value, rx.cond(row.line != "", course), class_name="figure-value"),
        rx.el.small(rx.el.span(row.change, class_name=row.tone), " ", rx.el.span(row.before)),
        rx.cond(row.note != "", rx.el.small(row.note)),
        rx.el.span(row.definition, class_name="definition", custom_attrs={"aria-hidden": "true"}),
        class_name="figure",
        key=row.name,
    )


def _behind() -> rx.Component:
    names = ["Contact", "Channel", "Opened", "When", "Took", "User"]

    def line(row: rx.Var[EvidenceRow]) -> rx.Component:
        name = rx.cond(row.href != "", rx.el.a(row.name, href=row.href), row.name)
        cells = [name, row.channel, row.opened, row.at, row.took, row.user]
        return rx.el.tr(*[rx.el.td(cell) for cell in cells], key=row.number)

    return dialog(
        BehindState.title != "",
        BehindState.title,
        table(
            [say(name) for name in names],
            BehindState.rows,
            line,
            label=say("Conversations behind the number"),
            nothing=rx.el.p(say("There are none.")),
        ),
        dialog_actions(
            rx.cond(BehindState.next_href != "", rx.el.a(say("Next"), href=BehindState.next_href, class_name="button")),
            rx.el.button(say("Close"), type="button", class_name="button", on_click=BehindState.close),
        ),
        on_close=BehindState.close,
    )


def _mails() -> rx.Component:
    often = [("", say("Never")), ("week", say("Each week, on Monday")), ("month", say("Each month, on the first"))]

    def line(row: rx.Var[MailRow]) -> rx.Component:
        who = rx.el.span(row.name, rx.el.br(), rx.el.small(row.email))
        chosen = select(row.every, often, on_change=lambda every: ReportMailState.choose(row.id, every))
        return rx.el.li(rx.el.label(who, chosen), key=row.id)

    return dialog(
        ReportMailState.is_open,
        say("The report by e-mail"),
        rx.el.p(say("Each reader gets what they may see when it is sent: everybody's figures or their own.")),
        rx.el.ul(rx.foreach(ReportMailState.rows, line), class_name="report-mails"),
        dialog_actions(rx.el.button(say("Close"), type="button", class_name="button", on_click=ReportMailState.close)),
        on_close=ReportMailState.close,
    )
