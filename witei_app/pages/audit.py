"""/settings/audit: who did what, when, from where."""

from typing import Any

import reflex as rx

from witei_app.audit.worded import TOPIC_NAMES, AuditRow
from witei_app.components.crm import more_button
from witei_app.components.empty import empty_state
from witei_app.components.form import paper, table, table_row
from witei_app.components.icons import icon
from witei_app.components.parts.chosen import Choice
from witei_app.pages.frame import framed
from witei_app.state.audit import AuditState
from witei_app.texts import say

_EARLIEST, _LATEST = "2000-01-01", "2100-12-31"  # with bounds a browser takes years of four digits alone


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(audit_page, route="/settings/audit", title="Audit", on_load=AuditState.arrive)


def audit_page() -> rx.Component:
    refused = empty_state("gear", say("For administrators"), say("Only administrators see this page."))
    file = rx.el.a(
        icon("download"),
        say("CSV"),
        href=AuditState.file_address,
        class_name="button",
        download=True,
        custom_attrs={"reloadDocument": True},
    )
    page = paper(
        say("Audit"),
        rx.el.div(_topics(), _people(), *_days(), class_name="list-tools"),
        _table(),
        more_button(AuditState.next_id, AuditState.more),
        lead=say("Who did what, when, and from where. Nothing here can be changed or removed."),
        actions=[file],
    )
    return framed("settings", say("Audit"), rx.cond(AuditState.is_admin, rx.cond(AuditState.is_loaded, page), refused))


def _topics() -> rx.Component:
    options = [rx.el.option(say("All topics"), value="")]
    options += [rx.el.option(say(name), value=topic.value) for topic, name in TOPIC_NAMES.items()]
    return _choice(say("Topic"), AuditState.topic, AuditState.show_topic, options)


def _people() -> rx.Component:
    people = rx.foreach(AuditState.people, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"]))
    options = [rx.el.option(say("All users"), value=""), people]
    return _choice(say("User"), AuditState.user_id, AuditState.show_user, options)


def _days() -> list[rx.Component]:
    return [
        _day(say("First day"), AuditState.first, AuditState.show_since, _EARLIEST, AuditState.last | _LATEST),
        _day(say("Last day"), AuditState.last, AuditState.show_until, AuditState.first | _EARLIEST, _LATEST),
    ]


def _day(label: rx.Var[str], value: rx.Var[str], on_change: rx.EventHandler, least: Any, most: Any) -> rx.Component:
    """Left to itself while somebody types in it: a year is whole only with its last digit."""
    day = rx.el.input(type="date", default_value=value, min=least, max=most, on_change=on_change, class_name="input")
    return rx.el.label(rx.el.span(label), day, class_name="day-choice")


def _choice(label: rx.Var[str], value: rx.Var[str], on_change: rx.EventHandler, options: list) -> rx.Component:
    return Choice.create(*options, value=value, on_change=on_change, aria_label=label, class_name="input short")


def _table() -> rx.Component:
    def line(row: rx.Var[AuditRow]) -> rx.Component:
        change = rx.foreach(row.changes, lambda one: rx.el.div(one, class_name="quiet-line"))
        what = rx.fragment(row.what, change)
        return table_row(row.id, row.when, row.who, what, rx.el.span(row.address, class_name="quiet-line"))

    nothing = empty_state("check", say("Nothing here"), say("What is done in the workspace is noted here."))
    return table(
        [say("When"), say("Who"), say("What"), say("From where")],
        AuditState.rows,
        line,
        label=say("Audit"),
        nothing=nothing,
        class_name="audit",
    )
