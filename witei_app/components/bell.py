"""The bell in the side menu: how much is new, and the list of it."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.empty import empty_state
from witei_app.components.icons import icon
from witei_app.components.parts.menus import MenuPanel
from witei_app.components.parts.notices import MuteSwitch
from witei_app.components.skeleton import skeleton_rows
from witei_app.notifications.rows import NoticeRow
from witei_app.texts import say

_SIGNS = (("message", "chat"), ("assigned", "assign"), ("mentioned", "at"), ("unassigned", "inbox"))


def bell(
    count: rx.Var[int],
    rows: rx.Var[list[NoticeRow]],
    *,
    is_loading: rx.Var[bool],
    has_more: rx.Var[bool],
    on_open: Any,
    on_close: Any,
    on_more: Any,
    on_read: Any,
    on_read_all: Any,
) -> rx.Component:
    """The button "Notifications" and its panel. Handlers: `on_read(id)`, the others take nothing."""
    label = say("Notifications")
    lines = rx.el.ul(
        rx.foreach(rows, lambda row: _line(row, on_read)), role="list", aria_label=label, class_name="notices"
    )
    earlier = rx.el.button(say("Show earlier ones"), type="button", class_name="text-button more", on_click=on_more)
    nothing = empty_state("check", say("Nothing new"), say("What concerns you is listed here."))
    listed = rx.cond(rows.length() > 0, rx.fragment(lines, rx.cond(has_more, earlier)), nothing)
    return rx.fragment(
        _button(label, count),
        MenuPanel.create(
            _head(label, count, on_read_all),
            rx.cond(is_loading, rx.el.ul(skeleton_rows(3), class_name="notices", aria_hidden=True), listed),
            rx.el.footer(
                MuteSwitch.create(label=say("Sound on this computer"), class_name="toggle-line"),
                rx.el.a(say("Settings"), href="/profile#notifications", class_name="item"),
            ),
            id="rail-bell",
            label=label,
            role="dialog",
            class_name="bell",
            on_open=on_open,
            on_close=on_close,
        ),
    )


def _button(label: rx.Var[str], count: rx.Var[int]) -> rx.Component:
    short = rx.cond(count > 99, "99+", count.to_string())
    number = rx.el.span(short, rx.el.span(say(" new"), class_name="hidden-text"), class_name="count")
    return rx.el.button(
        icon("bell"),
        rx.el.span(label, class_name="hidden-text"),
        rx.cond(count > 0, number),
        type="button",
        title=label,
        class_name="entry",
        custom_attrs={"popoverTarget": "rail-bell", "aria-haspopup": "dialog", "data-command": label},
    )


def _head(label: rx.Var[str], count: rx.Var[int], on_read_all: Any) -> rx.Component:
    words = say("Mark all as read")
    done = rx.el.button(words, type="button", class_name="text-button", on_click=on_read_all, disabled=count == 0)
    return rx.el.header(rx.el.h2(label), done)


def _line(row: rx.Var[NoticeRow], on_read: Any) -> rx.Component:
    unread = rx.el.span(say(" unread"), class_name="hidden-text")
    link = rx.el.a(
        rx.el.span(
            avatar(row.initials, row.tint, "message"),
            rx.match(row.kind, *_signs(), icon("chat", "small")),
            class_name="face",
        ),
        rx.el.span(rx.el.b(row.title, rx.cond(row.is_unread, unread)), rx.el.span(row.text, class_name="cut")),
        rx.el.time(row.when, date_time=row.at),
        href=rx.Var.create(f"/conversations/{row.conversation_id}"),
        class_name="item",
    )
    label = say("Mark as read: {what}", what=row.title)
    done = rx.el.button(
        rx.el.span(class_name="dot"),
        type="button",
        aria_label=label,
        title=say("Mark as read"),
        class_name="button quiet square",
        on_click=on_read(row.id),
    )
    return rx.el.li(link, rx.cond(row.is_unread, done), class_name=rx.cond(row.is_unread, "unread", ""), key=row.id)


def _signs() -> list[tuple[str, rx.Component]]:
    return [(kind, icon(sign, "small")) for kind, sign in _SIGNS]
