"""Whom a message goes to: chips to change before it is sent, lines with each one's delivery afterwards."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from witei_app.components.icons import icon
from witei_app.components.parts.source import source
from witei_app.conversations.rows import MessageRow, RecipientRow
from witei_app.texts import say

MOST_UNFOLDED = 6
_LABELS = {"to": "To", "cc": "Cc", "bcc": "Bcc"}


class AddressInput(rx.NoSSRComponent):
    """A field that makes chips: `on_add(kind, text)`, `on_back(kind)` in an empty one, `on_find(text)` to suggest.

    When `turn` changes, `rejected` stands in it again.
    """

    library = source("recipients.jsx")
    tag = "AddressInput"
    kind: rx.Var[str]
    label: rx.Var[str]
    placeholder: rx.Var[str]
    people: rx.Var[list[Any]]
    people_label: rx.Var[str]
    rejected: rx.Var[str]
    turn: rx.Var[int]
    takes_focus: rx.Var[bool]
    on_add: rx.EventHandler[passthrough_event_spec(str, str)]
    on_back: rx.EventHandler[passthrough_event_spec(str)]
    on_find: rx.EventHandler[passthrough_event_spec(str)]


@dataclass(frozen=True)
class RecipientFields:
    """The vars and handlers of a state with recipients (`RecipientsMixin`)."""

    to: rx.Var[list[RecipientRow]]
    cc: rx.Var[list[RecipientRow]]
    bcc: rx.Var[list[RecipientRow]]
    has_copies: rx.Var[bool]
    people: rx.Var[list[RecipientRow]]
    unclear: rx.Var[str]
    unclear_kind: rx.Var[str]
    unclear_turn: rx.Var[int]
    add_recipients: Any
    remove_recipient: Any
    remove_last_recipient: Any
    find_people: Any
    show_copies: Any

    @classmethod
    def of(cls, state: Any) -> "RecipientFields":
        """Those of this state."""
        return cls(**{name: getattr(state, name) for name in cls.__dataclass_fields__})


def recipient_fields(fields: RecipientFields, *beside: Any, takes_focus: bool = False) -> rx.Component:
    """To, and below it Cc and Bcc once they are wanted. `beside` stands at the end of the first line."""
    copies = rx.el.button(
        say("Cc/Bcc"), type="button", class_name="text-button", title=say("Add copies"), on_click=fields.show_copies
    )
    # They came by the button, which went with the focus; the next letters are no shortcuts. A draft's copies take none.
    are_new = (fields.cc.length() == 0) & (fields.bcc.length() == 0)
    return rx.fragment(
        rx.el.div(
            _field(fields, "to", fields.to, takes_focus=takes_focus),
            rx.cond(~fields.has_copies, copies),
            *beside,
            class_name="to",
        ),
        rx.cond(
            fields.has_copies,
            rx.fragment(
                rx.el.div(_field(fields, "cc", fields.cc, takes_focus=are_new), class_name="to"),
                rx.el.div(_field(fields, "bcc", fields.bcc), class_name="to"),
            ),
        ),
    )


def _field(
    fields: RecipientFields, kind: str, rows: rx.Var[list[RecipientRow]], *, takes_focus: bool | rx.Var[bool] = False
) -> rx.Component:
    label = say(_LABELS[kind])
    entry = AddressInput.create(
        kind=kind,
        label=label,
        people=fields.people,
        people_label=say("Contacts"),
        rejected=rx.cond(fields.unclear_kind == kind, fields.unclear, ""),
        turn=fields.unclear_turn,
        takes_focus=takes_focus,
        on_add=fields.add_recipients,
        on_back=fields.remove_last_recipient,
        on_find=fields.find_people,
    )
    chips = rx.foreach(rows, lambda row: _chip(row, fields.remove_recipient))
    return rx.fragment(
        rx.el.span(label, custom_attrs={"aria-hidden": "true"}), rx.el.span(chips, entry, class_name="chips")
    )


def _chip(row: rx.Var[RecipientRow], on_remove: Any) -> rx.Component:
    name = rx.cond(row.name != "", row.name, row.address)
    label = say("Remove {name}", name=name)
    remove = rx.el.button(
        icon("close", "small"),
        type="button",
        class_name="remove",
        aria_label=label,
        title=label,
        on_click=on_remove(row.address),
    )
    return rx.el.span(
        rx.el.span(name, class_name="cut"), remove, class_name="chip recipient", title=row.address, key=row.address
    )


def recipient_lines(item: rx.Var[MessageRow]) -> rx.Component:
    """Everybody that a message went to, each with what became of it; many are folded."""
    lines = rx.el.ul(rx.foreach(item.recipients, _line), class_name="recipients", aria_label=say("Recipients"))
    first = item.recipients[0]
    name = rx.cond(first.name != "", first.name, first.address)
    many = rx.el.summary(
        rx.el.span(first.header, class_name="header"),
        rx.el.span(say("{name} and {count} more", name=name, count=item.recipients.length() - 1), class_name="cut"),
    )
    folded = rx.el.details(many, lines, class_name="recipients-fold")
    return rx.cond(item.recipients.length() > MOST_UNFOLDED, folded, rx.cond(item.recipients.length() > 0, lines))


def _line(row: rx.Var[RecipientRow]) -> rx.Component:
    is_bad = (row.state == "failed") | (row.state == "bounced") | (row.state == "unknown")
    detail = rx.cond(row.state_detail != "", rx.Var.create(f": {row.state_detail}"), "")
    return rx.el.li(
        rx.el.span(row.header, class_name="header"),
        rx.el.span(rx.cond(row.name != "", row.name, row.address), title=row.address, class_name="cut"),
        rx.cond(
            row.state != "",
            rx.el.span(row.state_label, detail, class_name=rx.cond(is_bad, "state failed", "state")),
        ),
        key=row.address,
    )
