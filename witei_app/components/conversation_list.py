"""The list of conversations: its rows, and what is shown instead of rows."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.empty import empty_state, how_many
from witei_app.components.icons import icon
from witei_app.components.parts.lists import AddressKeeper, EndOfList, RowCheck, RowLink
from witei_app.components.skeleton import skeleton_rows
from witei_app.conversations.rows import ConversationRow
from witei_app.texts import say


def conversation_list(
    rows: rx.Var[list[ConversationRow]],
    selected_id: rx.Var[int],
    *,
    head: rx.Component,
    bar: rx.Component,
    view: rx.Var[str],
    status: rx.Var[str],
    search: rx.Var[str],
    is_narrowed: rx.Var[bool],
    sees_some: rx.Var[bool],
    address: rx.Var[str],
    is_loading: rx.Var[bool],
    has_more: rx.Var[bool],
    on_open: Any,
    on_more: Any,
    found: rx.Component | None = None,
) -> rx.Component:
    """The left pane: `head` (list_head.py), `bar` (several.py), then the rows in the order they come.

    `view`, `status`, `search` and `is_narrowed` (by a filter) say what to write where there are none; `address` is the
    view as the page's address says it. Handlers: `on_open(id)`, `on_more()`.
    `found` stands below the rows of a search.
    """
    lines = rx.fragment(
        rx.foreach(rows, lambda row: _line(row, selected_id, on_open)),
        rx.cond(has_more, _more(rows, on_more)),
    )
    nothing = rx.cond(sees_some, _nothing(view, status, search, is_narrowed), _not_theirs())
    shown = rx.cond(rows.length() == 0, nothing, lines)
    return rx.el.section(
        AddressKeeper.create(prefix="/conversations", query=address, is_known=~is_loading, on_arrive=on_open),
        head,
        bar,
        how_many(rows.length(), ~is_loading & ((search != "") | is_narrowed), has_more),
        _rows(shown, is_loading),
        *([found] if found else []),
        class_name=rx.cond(search != "", "list searching", "list"),
        aria_label=say("Inbox"),
    )


def _rows(shown: rx.Component, is_loading: rx.Var[bool]) -> rx.Component:
    return rx.el.ul(
        rx.cond(is_loading, skeleton_rows(), shown),
        class_name="rows",
        role="list",
        aria_label=say("Conversations"),
        custom_attrs={"data-scrolls": "", "aria-busy": is_loading},
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
    words = rx.fragment(
        rx.cond(item.is_unread, rx.el.span(say(" unread"), class_name="hidden-text")),
        rx.cond(item.needs_reply, rx.el.span(say(" needs reply"), class_name="hidden-text")),
    )
    link = RowLink.create(
        avatar(item.initials, item.tint, "face"),
        rx.el.span(item.contact_name, words, class_name="name cut", dir="auto"),
        rx.el.time(item.when, date_time=item.at),
        rx.cond(item.subject != "", rx.el.span(item.subject, class_name="subject cut", dir="auto")),
        _preview(item),
        _end(item),
        href=rx.Var.create(f"/conversations/{item.id}"),
        current=is_selected,
        on_open=on_open,
    )
    box = RowCheck.create(row_id=item.id, label=say("Select {name}", name=item.contact_name))
    return rx.el.li(link, box, rest, class_name=_row_class(item))


def _line(row: rx.Var[ConversationRow], selected_id: rx.Var[int], on_open: Any) -> rx.Component:
    return conversation_row(item=row, is_selected=row.id == selected_id, on_open=on_open(row.id), key=row.id)


def _row_class(item: rx.Var[ConversationRow]) -> rx.Var[str]:
    unread = rx.cond(item.is_unread, " unread", "")
    return rx.Var.create(f"row{unread}")


def _preview(item: rx.Var[ConversationRow]) -> rx.Component:
    failed = rx.cond(item.has_failed, rx.el.b(_what_failed(item), class_name="bad"))
    draft = rx.cond(item.has_draft, rx.el.b(say("Draft: ")), failed)
    return rx.el.span(draft, item.preview, class_name="preview cut", dir="auto")


def _what_failed(item: rx.Var[ConversationRow]) -> rx.Var[str]:
    """Before our own words, or before what the contact has written since: that was delivered."""
    ours = rx.cond(item.is_unsure, say("Perhaps sent: "), say("Not delivered: "))
    since = rx.cond(item.is_unsure, say("Answer perhaps sent. "), say("Answer not delivered. "))
    return rx.cond(item.is_ours, ours, since)


def _end(item: rx.Var[ConversationRow]) -> rx.Component:
    """How it came, who has it, whether the contact waits for an answer, and the green dot. Mail is what most are: its
    channel is said to those who do not see that the others have a chip."""
    assignee = avatar(item.assignee_initials, item.assignee_tint, "tiny", item.assignee_name, item.assignee_id)
    return rx.el.span(
        rx.cond(
            item.channel == "web_chat",
            rx.el.span(say("chat"), class_name="chip"),
            rx.el.span(say("e-mail"), class_name="hidden-text"),
        ),
        rx.cond(item.assignee_name != "", assignee),
        rx.cond(item.needs_reply, rx.el.span(icon("reply", "small"), title=say("Needs reply"), class_name="waits")),
        rx.cond(item.is_unread, rx.el.span(class_name="dot", title=say("unread"))),
        class_name="end",
    )


def _more(rows: rx.Var[list[ConversationRow]], on_more: Any) -> rx.Component:
    return rx.fragment(EndOfList.create(on_reach=on_more, key=rows.length()), skeleton_rows(2))


def _not_theirs() -> rx.Component:
    hint = say("An administrator can give them to you, under Settings, Team.")
    return rx.el.li(empty_state("gear", say("This is not among your permissions"), hint), role="presentation")


def _nothing(view: rx.Var[str], status: rx.Var[str], search: rx.Var[str], is_narrowed: rx.Var[bool]) -> rx.Component:
    nobody = empty_state(
        "search", say("Nobody found"), say("No contact here has that name. Try fewer letters, or the other status.")
    )
    filtered = empty_state(
        "filter", say("Nothing like that here"), say("No conversation in this view matches the filter.")
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
        say("No open conversations"),
        say("They appear here when a contact writes by e-mail or in the web chat."),
    )
    by_view = rx.match(view, ("mine", mine), ("unassigned", unassigned), none)
    put_off = say("What you put off waits here until its time, or until the contact writes.")
    snoozed = empty_state("snooze", say("Nothing snoozed"), put_off)
    before_they_go = say("Deleted conversations wait here before they go for good.")
    empty_bin = empty_state("bin", say("The bin is empty"), before_they_go)
    by_status = rx.match(status, ("archived", archived), ("snoozed", snoozed), ("bin", empty_bin), by_view)
    return rx.el.li(
        rx.cond(search != "", nobody, rx.cond(is_narrowed, filtered, by_status)),
        role="presentation",
    )
