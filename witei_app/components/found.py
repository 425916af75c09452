"""Conversations found by what was written in them: the words around, marked. All of it is plain text."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.icons import icon
from witei_app.components.parts.lists import EndOfList, RowLink
from witei_app.conversations.rows import FoundRow, Piece
from witei_app.texts import say


def found_list(
    rows: rx.Var[list[FoundRow]],
    *,
    is_asked: rx.Var[bool],
    turn: rx.Var[int],
    has_more: rx.Var[bool],
    since: rx.Var[str],
    is_looking: rx.Var[bool],
    selected_id: rx.Var[int],
    on_open: Any,
    on_more: Any,
    on_further: Any,
) -> rx.Component:
    """Below the contacts of a search, while `is_asked`. Handlers: `on_open(conversation_id, number)`, `on_more()`.

    `turn` counts the looks. `since` says how far back it has been looked, when that is not all; `on_further()` goes on.
    """
    more = EndOfList.create(on_reach=on_more, margin=200, key=rx.Var.create(f"found-{turn}"))
    lines = rx.el.ul(
        rx.foreach(rows, lambda row: _line(row, selected_id, on_open)),
        rx.cond(has_more, rx.el.li(more, role="presentation")),
        role="list",
        aria_label=say("Found in messages"),
    )
    nothing = rx.el.p(say("No message holds these words."))
    is_cut_short = since != ""
    return rx.cond(
        is_asked,
        rx.el.section(
            rx.el.h2(say("In messages")),
            rx.cond((rows.length() > 0) | has_more, lines, rx.cond(~is_cut_short, nothing)),
            rx.cond(is_cut_short, _so_far(since, is_looking, on_further)),
            class_name="found",
            custom_attrs={"data-scrolls": ""},
        ),
    )


def _so_far(since: rx.Var[str], is_looking: rx.Var[bool], on_further: Any) -> rx.Component:
    further = rx.el.button(say("Look further back"), type="button", class_name="text-button", on_click=on_further)
    return rx.el.p(
        say("Looked through what was written since {moment}.", moment=since),
        " ",
        rx.cond(is_looking, say("Looking…"), further),
        role="status",
    )


@rx.memo
def found_entry(
    rest: rx.RestProp,
    *,
    item: rx.Var[FoundRow],
    is_selected: rx.Var[bool],
    on_open: rx.EventHandler[rx.event.no_args_event_spec],
) -> rx.Component:
    """One conversation with the newest of its messages that was found."""
    name = rx.el.span(item.contact_name, class_name="name cut")
    note = rx.cond(item.is_note, rx.el.span(icon("note", "small"), title=say("internal note"), class_name="chip"))
    archived = rx.cond(item.is_archived, rx.el.span(say("archived"), class_name="chip"))
    link = RowLink.create(
        avatar(item.initials, item.tint, "face"),
        name,
        rx.el.time(item.when, date_time=item.at),
        rx.el.span(_pieces(item.subject), class_name="preview cut"),
        rx.el.span(note, archived, class_name="end"),
        rx.el.span(rx.cond(item.author != "", rx.el.b(item.author, ": ")), _pieces(item.excerpt), class_name="excerpt"),
        href=rx.Var.create(f"/conversations/{item.conversation_id}"),
        current=is_selected,
        on_open=on_open,
    )
    return rx.el.li(link, rest, class_name="row")


def _line(row: rx.Var[FoundRow], selected_id: rx.Var[int], on_open: Any) -> rx.Component:
    is_selected = row.conversation_id == selected_id
    on_click = on_open(row.conversation_id, row.number)
    return found_entry(item=row, is_selected=is_selected, on_open=on_click, key=row.id)


def _pieces(pieces: rx.Var[list[Piece]]) -> rx.Component:
    return rx.foreach(pieces, lambda piece: rx.cond(piece.is_found, rx.el.mark(piece.text), piece.text))
