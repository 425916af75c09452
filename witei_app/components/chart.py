"""Charts by Plotly, fetched when the first one is drawn; and the table that says the same."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from witei_app.components.parts.source import source
from witei_app.texts import say

Text = str | rx.Var[str]


class Chart(rx.Component):
    """`kind` is "course", "pie", "users" or "bars". `rows` are what the page's table shows too; `csv` is the address
    of the same as a file, "" for none.

    A click on a point calls `on_pick` with the number of its series and its own.
    """

    library = source("chart.jsx")
    tag = "Chart"
    lib_dependencies: list[str] = ["plotly.js-basic-dist-min@4.1.1"]
    kind: rx.Var[str]
    rows: rx.Var[Any]
    labels: rx.Var[dict[str, str]]
    label: rx.Var[str]
    csv: rx.Var[str]
    on_pick: rx.EventHandler[passthrough_event_spec(int, int)]


def panel(title: Text, *children: Any, aside: Text = "", class_name: str = "") -> rx.Component:
    """A titled card of a report."""
    heading = rx.el.h2(title, rx.el.span(aside))
    return rx.el.section(heading, *children, class_name=f"panel {class_name}".strip(), aria_label=title)


def chart(kind: str, rows: Any, label: Text, labels: dict[str, Any] | None = None, **more: Any) -> rx.Component:
    """A chart named `label`; `labels` are the words in it."""
    words = {**_saving(), "nothing": say("Nothing happened in this range"), **(labels or {})}
    return Chart.create(kind=kind, rows=rows, label=label, labels=words, **more)


class TableSave(rx.Component):
    """Saves the table before it as a picture, as it looks, and as a file."""

    library = source("chart.jsx")
    tag = "TableSave"
    label: rx.Var[str]
    labels: rx.Var[dict[str, str]]
    csv: rx.Var[str]


def save_table(label: Text, csv: Text) -> rx.Component:
    """The same buttons as a chart has, for a table that is one."""
    return TableSave.create(label=label, labels=_saving(), csv=csv)


def _saving() -> dict[str, Any]:
    return {"png": say("Save as picture (PNG)"), "csv": say("Save as table (CSV)")}


def as_table(headings: list[Text], rows: Any, draw: Any, label: Text) -> rx.Component:
    """The chart's numbers for those who read rather than see, folded away."""
    head = rx.el.thead(rx.el.tr(*[rx.el.th(heading, scope="col") for heading in headings]))
    body = rx.el.table(head, rx.el.tbody(rx.foreach(rows, draw)), aria_label=label)
    return rx.el.details(rx.el.summary(say("As a table")), body, class_name="as-table")
