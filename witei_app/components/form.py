"""Pages of fields: sections with a title, labelled inputs, switches, tables. Used by settings, profile and the CRM."""

from typing import Any

import reflex as rx

from witei_app.components.parts.chosen import Choice, Switch
from witei_app.components.parts.handed import CopyButton, HandedLine
from witei_app.texts import say

Text = str | rx.Var[str]
# Characters, where a field says nothing else. The line to the server breaks at a megabyte, again at each try.
LONGEST_LINE = 2_000
LONGEST_TEXT = 20_000


def paper(
    title: Text, *sections: Any, lead: Text = "", actions: list[Any] | None = None, wide: bool = False
) -> rx.Component:
    """One page that scrolls: a heading with its actions, a sentence, then sections."""
    head = rx.el.header(
        rx.el.div(rx.el.h1(title), *([rx.el.p(lead)] if _is_said(lead) else [])),
        *([rx.el.div(*actions, class_name="paper-actions")] if actions else []),
    )
    return rx.el.div(head, *sections, class_name="paper wide" if wide else "paper")


def section(title: Text, *children: Any, hint: Text = "") -> rx.Component:
    """A part of a page: what it is about at the left, its fields at the right (below on a phone)."""
    about = rx.el.div(rx.el.h2(title), *([rx.el.p(hint)] if _is_said(hint) else []), class_name="about")
    return rx.el.section(about, rx.el.div(*children, class_name="fields"), class_name="part")


def field(label: Text, control: rx.Component, *, hint: Text = "", fault: Text = "") -> rx.Component:
    """A labelled control; `hint` helps before, `fault` says what is wrong with what was entered."""
    return rx.el.label(
        rx.el.span(label),
        control,
        *([rx.el.small(hint)] if _is_said(hint) else []),
        *(
            [rx.cond(fault != "", rx.el.small(fault, class_name="fault", role="alert"))]
            if isinstance(fault, rx.Var)
            else []
        ),
        class_name="field",
    )


def text_input(value: Any = "", **more: Any) -> rx.Component:
    """A line of text. It keeps what is typed; `default_value` is shown first, `on_blur`/`on_change` tell."""
    more = {"max_length": LONGEST_LINE, "auto_complete": "off", **more}
    return rx.el.input(default_value=value, class_name="input", **more)


def text_area(value: Any = "", **more: Any) -> rx.Component:
    """Several lines of text."""
    return rx.el.textarea(default_value=value, class_name="input", **{"max_length": LONGEST_TEXT, **more})


def select(value: Any, options: Any, **more: Any) -> rx.Component:
    """One of `options`: a list of (value, label), or a Var of dicts with "id" and "name"."""
    if isinstance(options, rx.Var):
        choices = [rx.foreach(options, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"]))]
    else:
        choices = [rx.el.option(label, value=name) for name, label in options]
    return Choice.create(*choices, value=value, class_name="input", **more)


def toggle(label: Text, is_on: Any, on_change: Any, *, hint: Text = "") -> rx.Component:
    """A switch with its sentence."""
    return rx.el.label(
        Switch.create(checked=is_on, on_change=on_change),
        rx.el.span(label, *([rx.el.small(hint)] if _is_said(hint) else [])),
        class_name="toggle-line",
    )


def once() -> dict[str, str]:
    """Attributes of a button that makes or sends something: pressed twice before the answer is there, it does so once.

    Forms need none: each is sent once.
    """
    return {"data-once": ""}


def buttons(*children: Any) -> rx.Component:
    """The row of buttons that ends a form."""
    return rx.el.div(*children, class_name="form-end")


def save_button(label: Text | None = None, **more: Any) -> rx.Component:
    """The primary button of a form."""
    return rx.el.button(label if label is not None else say("Save"), type="submit", class_name="button primary", **more)


def table(
    headings: list[Text],
    rows: Any,
    draw: Any,
    *,
    label: Text,
    nothing: rx.Component | None = None,
    class_name: str = "",
) -> rx.Component:
    """A table named `label`; `draw(row)` gives a `rx.el.tr`. `nothing` stands in its place while there are no rows.

    `class_name` lets the stylesheet leave out columns on a phone. A column without a heading holds buttons.
    """
    actions = rx.el.span(say("Actions"), class_name="hidden-text")
    titles = [heading if _is_said(heading) else actions for heading in headings]
    # Their roles are said, because a stylesheet that lays a table out in another way takes them from it.
    head = rx.el.thead(rx.el.tr(*[rx.el.th(title, scope="col", role="columnheader") for title in titles], role="row"))
    body = rx.el.tbody(rx.foreach(rows, draw), role="rowgroup")
    grid = wide_table(rx.el.table(head, body, role="table", aria_label=label), class_name)
    return grid if nothing is None else rx.cond(rows.length() > 0, grid, nothing)


def table_row(key: Any, *cells: Any) -> rx.Component:
    """A line of a `table`, for lists that the stylesheet lays out in another way on a phone."""
    return rx.el.tr(*[rx.el.td(cell, role="cell") for cell in cells], role="row", key=key)


def wide_table(grid: rx.Component, class_name: str = "") -> rx.Component:
    """Room in which a table wider than the window scrolls, by the arrow keys too (WCAG 2.1.1)."""
    return rx.el.div(grid, class_name=f"table-room {class_name}".strip(), tab_index=0)


def copy_line(value: Text, label: Text) -> rx.Component:
    """A value to copy by one click, shown in full."""
    return rx.el.div(
        rx.el.code(value),
        CopyButton.create(text=value, label=label, word=say("Copy"), done_word=say("Copied"), class_name="button"),
        class_name="copy-line",
    )


def handed_line(ticket: Text, label: Text) -> rx.Component:
    """The same for a secret, of which the state has but the ticket."""
    return HandedLine.create(ticket=ticket, label=label, word=say("Copy"), done_word=say("Copied"))


def state_chip(label: Text, kind: Any) -> rx.Component:
    """A word with the colour of its meaning: "good", "bad", "wait" or ""."""
    return rx.el.span(label, class_name=rx.Var.create(f"state-chip {kind}"))


def quote_tone(state: Any) -> rx.Var[str]:
    """The colour of a quote's state."""
    return rx.match(state, ("accepted", "good"), ("declined", "bad"), ("expired", "bad"), ("sent", "wait"), "")


def _is_said(text: Text) -> bool:
    return isinstance(text, rx.Var) or bool(text)
