"""The list of conversations: search, views, rows, and what is shown instead of rows."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.empty import empty_state
from witei_app.components.icons import icon
from witei_app.components.menu import menu, menu_choice
from witei_app.components.parts import AddressKeeper, EndOfList, RowLink
from witei_app.components.skeleton import skeleton_rows
from witei_app.conversations.rows import ConversationRow
from witei_app.texts import say


def conversation_list(
    rows_fresh: rx.Var[list[ConversationRow]],
    rows: rx.Var[list[ConversationRow]],
    fresh_ids: rx.Var[list[int]],
    selected_id: rx.Var[int],
    *,
    view: rx.Var[str],
    status: rx.Var[str],
    search: rx.Var[str],
    counts: rx.Var[dict[str, int]],
    is_loading: rx.Var[bool],
    has_more: rx.Var[bool],
    on_open: Any,
    on_view: Any,
    on_status: Any,
    on_search: Any,
    on_more: Any,
    own_views: rx.Var[list[dict[str, str]]] | None = None,
    new_button: rx.Component | None = None,
) -> rx.Component:
    """The left pane.

    Rows come from two vars: `rows_fresh`, what moved to the top since the page was loaded, then `rows` without those
    whose id is in `fresh_ids`. `view` is "all", "mine", "unassigned" or the id of one of `own_views` (dicts with "id"
    and "name"); `status` "open" or "archived"; `counts` has "all", "mine" and "unassigned". Handlers: `on_open(id)`,
    `on_view(name)`, `on_status(name)`, `on_search(text)` (debounced here), `on_more()`.
    """
    head = rx.el.header(
        _title(new_button),
        _search_box(search, on_search),
        _tab_row(view, status, counts, on_view, on_status, own_views),
    )
    is_empty = ~is_loading & (rows.length() == 0) & (rows_fresh.length() == 0)
    shown = rx.fragment(
        rx.foreach(rows_fresh, lambda row: _line(row, selected_id, on_open)),
        rx.foreach(
            rows, lambda row: rx.cond(fresh_ids.contains(row.id), rx.fragment(), _line(row, selected_id, on_open))
        ),
        rx.cond(has_more, _more(rows, on_more)),
    )
    return rx.el.section(
        AddressKeeper.create(prefix="/conversations", on_arrive=on_open),
        head,
        rx.el.ul(
            rx.cond(is_loading, skeleton_rows(), rx.cond(is_empty, _nothing(view, status, search), shown)),
            class_name="rows",
            role="list",
            aria_label=say("Conversations"),
            custom_attrs={"data-scrolls": "", "aria-busy": is_loading},
        ),
        class_name="list",
        aria_label=say("Inbox"),
    )


@rx.memo
def conversation_row(
    rest: rx.RestProp,
    *,
    item: rx.Var[ConversationRow],
    is_selected: rx.Var[bool],
    on_open: rx.EventHandler[rx.event.no_args_event_spec],
) -> rx.Component:
    """One line of the list; drawn again only when its own values change."""
    words = rx.cond(item.is_unread, rx.el.span(say(" unread"), class_name="hidden-text"))
    link = RowLink.create(
        avatar(item.initials, item.tint, "face"),
        rx.el.span(item.contact_name, words, class_name="name cut"),
        rx.el.time(item.when, date_time=item.at),
        rx.el.span(rx.cond(item.has_draft, rx.el.b(say("Draft: "))), item.preview, class_name="preview cut"),
        _end(item),
        href=rx.Var.create(f"/conversations/{item.id}"),
        current=is_selected,
        on_open=on_open,
    )
    return rx.el.li(link, rest, class_name=_row_class(item))


def _line(row: rx.Var[ConversationRow], selected_id: rx.Var[int], on_open: Any) -> rx.Component:
    return conversation_row(item=row, is_selected=row.id == selected_id, on_open=on_open(row.id), key=row.id)


def _row_class(item: rx.Var[ConversationRow]) -> rx.Var[str]:
    unread = rx.cond(item.is_unread, " unread", "")
    failed = rx.cond(item.has_failed, " failed", "")
    return rx.Var.create(f"row{unread}{failed}")


def _end(item: rx.Var[ConversationRow]) -> rx.Component:
    """How it came when that is not mail, who has it, and the green dot."""
    assignee = avatar(item.assignee_initials, item.assignee_tint, "tiny", item.assignee_name)
    return rx.el.span(
        rx.cond(item.channel == "web_chat", rx.el.span(say("chat"), class_name="chip")),
        rx.cond(item.assignee_name != "", assignee),
        rx.cond(item.is_unread, rx.el.span(class_name="dot", title=say("unread"))),
        class_name="end",
    )


def _title(new_button: rx.Component | None) -> rx.Component:
    return rx.el.div(rx.el.h1(say("Conversations")), *([new_button] if new_button else []), class_name="title")


def _search_box(search: rx.Var[str], on_search: Any) -> rx.Component:
    box = rx.el.input(
        type="search",
        default_value=search,
        placeholder=say("Search contacts"),
        aria_label=say("Search contacts"),
        auto_complete="off",
        spell_check=False,
        max_length=200,
        on_change=on_search.debounce(200),
        custom_attrs={"aria-keyshortcuts": "/"},
    )
    return rx.el.label(icon("search"), box, rx.el.kbd("/", aria_hidden=True), class_name="search")


def _tab_row(view: Any, status: Any, counts: Any, on_view: Any, on_status: Any, own_views: Any) -> rx.Component:
    views = rx.el.div(
        _tab(say("All"), view == "all", on_view("all"), counts["all"]),
        _tab(say("Mine"), view == "mine", on_view("mine"), counts["mine"]),
        _tab(say("Unassigned"), view == "unassigned", on_view("unassigned"), counts["unassigned"]),
        class_name="tabs",
        role="tablist",
        aria_label=say("Views"),
    )
    return rx.fragment(
        rx.el.div(views, rx.el.span(class_name="push"), *_own_views(own_views, view, on_view), class_name="tab-row"),
        _status_switch(status, on_status),
    )


def _status_switch(status: Any, on_status: Any) -> rx.Component:
    return rx.el.div(
        _tab(say("Open"), status == "open", on_status("open")),
        _tab(say("Archived"), status == "archived", on_status("archived")),
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


def _own_views(own_views: Any, view: Any, on_view: Any) -> list[rx.Component]:
    if own_views is None:
        return []
    choices = rx.foreach(
        own_views,
        lambda one: menu_choice(one["name"], is_on=view == one["id"], on_click=on_view(one["id"]), key=one["id"]),
    )
    more = menu("list-views", say("Your views"), [icon("more")], choices, class_name="button quiet square")
    return [rx.cond(own_views.length() > 0, more)]


def _more(rows: rx.Var[list[ConversationRow]], on_more: Any) -> rx.Component:
    return rx.fragment(EndOfList.create(on_reach=on_more, key=rows.length()), skeleton_rows(2))


def _nothing(view: rx.Var[str], status: rx.Var[str], search: rx.Var[str]) -> rx.Component:
    nobody = empty_state(
        "search", say("Nobody found"), say("No contact here has that name. Try fewer letters, or the other status.")
    )
    archived = empty_state(
        "archive", say("Nothing archived"), say("What you archive rests here, and comes back when the contact writes.")
    )
    mine = empty_state(
        "check", say("Nothing waits for you"), say("Take one from Unassigned, or see what the team has in All.")
    )
    unassigned = empty_state(
        "check", say("Everything has somebody"), say("New conversations appear here until somebody takes them.")
    )
    none = empty_state(
        "inbox",
        say("No conversations yet"),
        say("They appear here when a contact writes by e-mail or in the web chat."),
    )
    by_view = rx.match(view, ("mine", mine), ("unassigned", unassigned), none)
    return rx.el.li(
        rx.cond(search != "", nobody, rx.cond(status == "archived", archived, by_view)), role="presentation"
    )
