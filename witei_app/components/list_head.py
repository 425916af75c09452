"""Above the rows of the list: title, search, views, status, filter and sort."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon
from witei_app.components.menu import menu, menu_choice, menu_heading, menu_line
from witei_app.components.parts.lists import SearchBox, SelectSeveral
from witei_app.texts import say


def list_head(
    *,
    view: rx.Var[str],
    status: rx.Var[str],
    is_admin: rx.Var[bool],
    search: rx.Var[str],
    channel: rx.Var[str],
    order: rx.Var[str],
    needs_reply: rx.Var[bool],
    counts: rx.Var[dict[str, int]],
    on_view: Any,
    on_status: Any,
    on_search: Any,
    on_channel: Any,
    on_order: Any,
    on_needs_reply: Any,
    own_views: rx.Var[list[dict[str, str]]],
    new_button: rx.Component,
) -> rx.Component:
    """`view` is "all", "mine", "unassigned" or the id of one of `own_views` (dicts with "id" and "name").

    `status` is "open", "archived", "snoozed" or, for administrators, "bin"; `channel` "" (all), "email" or "web_chat";
    `order` "newest" or "waiting"; `counts` has "all", "mine" and "unassigned". Handlers take the new value; `on_search`
    is debounced here.
    """
    filters = _filters(channel, order, needs_reply, on_channel, on_order, on_needs_reply)
    is_narrowed = (channel != "") | needs_reply | (order != "newest")
    return rx.el.header(
        rx.el.div(rx.el.h1(say("Conversations")), new_button, class_name="title"),
        _search_box(search, on_search),
        _tab_row(view, counts, on_view, own_views),
        rx.el.div(
            _status_switch(status, is_admin, on_status),
            rx.el.span(class_name="push"),
            _filter_menu(filters, is_narrowed),
            class_name="switch-row",
        ),
        rx.cond(is_narrowed, _narrowed_to(channel, order, needs_reply, on_channel, on_order, on_needs_reply)),
    )


def _filters(
    channel: Any, order: Any, needs_reply: Any, on_channel: Any, on_order: Any, on_needs_reply: Any
) -> list[rx.Component]:
    return [
        *_channel_choices(channel, on_channel),
        menu_line(),
        *_order_choices(order, on_order),
        menu_line(),
        _needs_reply_choice(needs_reply, on_needs_reply),
    ]


def _filter_menu(filters: list[rx.Component], is_narrowed: rx.Var[bool]) -> rx.Component:
    shape = rx.cond(is_narrowed, "button quiet square filtered", "button quiet square")
    several = SelectSeveral.create(icon("check"), say("Select several"))
    return menu(
        "list-filter", say("Filter and sort"), [icon("filter")], *filters, menu_line(), several, class_name=shape
    )


def _channel_choices(channel: Any, on_channel: Any) -> list[rx.Component]:
    choices = [("", "inbox", say("All channels")), ("email", "mail", say("E-mail")), ("web_chat", "bubble", _chat())]
    items = [
        menu_choice(label, sign=sign, is_on=channel == value, on_click=on_channel(value))
        for value, sign, label in choices
    ]
    return [menu_heading(say("Channel")), *items]


def _order_choices(order: Any, on_order: Any) -> list[rx.Component]:
    choices = [("newest", "arrow-down", say("Newest first")), ("waiting", "clock", say("Longest waiting first"))]
    items = [
        menu_choice(label, sign=sign, is_on=order == value, on_click=on_order(value)) for value, sign, label in choices
    ]
    return [menu_heading(say("Sort")), *items]


def _needs_reply_choice(needs_reply: Any, on_needs_reply: Any) -> rx.Component:
    return menu_choice(
        say("Needs reply"),
        sign="reply",
        is_on=needs_reply,
        on_click=on_needs_reply(~needs_reply),
        role="menuitemcheckbox",
    )


def _narrowed_to(
    channel: Any, order: Any, needs_reply: Any, on_channel: Any, on_order: Any, on_needs_reply: Any
) -> rx.Component:
    """What makes the list shorter or puts it in another order, each with a way back."""
    word = rx.match(channel, ("web_chat", _chat()), say("E-mail"))
    return rx.el.div(
        rx.cond(needs_reply, _filter_chip(say("Needs reply"), on_needs_reply(False))),
        rx.cond(channel != "", _filter_chip(word, on_channel(""))),
        rx.cond(order != "newest", _filter_chip(say("Longest waiting first"), on_order("newest"))),
        class_name="filter-chips",
        role="group",
        aria_label=say("Filters"),
    )


def _filter_chip(word: Any, on_click: Any) -> rx.Component:
    return rx.el.button(
        word,
        icon("close", "small"),
        type="button",
        class_name="chip",
        aria_label=say("Without the filter: {name}", name=word),
        on_click=on_click,
    )


def _chat() -> rx.Var[str]:
    return say("Web chat")


def _search_box(search: rx.Var[str], on_search: Any) -> rx.Component:
    box = SearchBox.create(search=search, label=say("Search contacts"), longest=100, on_search=on_search)
    return rx.el.label(icon("search"), box, rx.el.kbd("/", aria_hidden=True), class_name="search")


def _tab_row(view: Any, counts: Any, on_view: Any, own_views: Any) -> rx.Component:
    views = rx.el.div(
        _tab(say("All"), view == "all", on_view("all"), counts["all"]),
        _tab(say("Mine"), view == "mine", on_view("mine"), counts["mine"]),
        _tab(say("Unassigned"), view == "unassigned", on_view("unassigned"), counts["unassigned"]),
        class_name="tabs",
        role="tablist",
        aria_label=say("Views"),
    )
    return rx.el.div(views, rx.el.span(class_name="push"), _own_views(own_views, view, on_view), class_name="tab-row")


def _status_switch(status: Any, is_admin: Any, on_status: Any) -> rx.Component:
    return rx.el.div(
        _tab(say("Open"), status == "open", on_status("open")),
        _tab(say("Archived"), status == "archived", on_status("archived")),
        _sign_tab("snooze", say("Snoozed"), status == "snoozed", on_status("snoozed")),
        rx.cond(is_admin, _sign_tab("bin", say("Bin"), status == "bin", on_status("bin"))),
        class_name="switch",
        role="tablist",
        aria_label=say("Status"),
    )


def _tab(label: rx.Var[str], is_on: rx.Var[bool], on_click: Any, count: Any = None) -> rx.Component:
    number = [] if count is None else [rx.el.span(count, class_name="number", aria_hidden=True)]
    attributes = {"aria-selected": is_on}
    return rx.el.button(
        label, *number, type="button", role="tab", class_name="tab", on_click=on_click, custom_attrs=attributes
    )


def _sign_tab(sign: str, label: rx.Var[str], is_on: rx.Var[bool], on_click: Any) -> rx.Component:
    """One that is looked at more rarely, and takes less room."""
    return rx.el.button(
        icon(sign, "small"),
        type="button",
        role="tab",
        class_name="tab",
        aria_label=label,
        title=label,
        on_click=on_click,
        custom_attrs={"aria-selected": is_on},
    )


def _own_views(own_views: Any, view: Any, on_view: Any) -> rx.Component:
    choices = rx.foreach(
        own_views,
        lambda one: menu_choice(one["name"], is_on=view == one["id"], on_click=on_view(one["id"]), key=one["id"]),
    )
    more = menu("list-views", say("Your views"), [icon("more")], choices, class_name="button quiet square")
    return rx.cond(own_views.length() > 0, more)
