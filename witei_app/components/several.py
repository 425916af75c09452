"""The bar over the list while several conversations are chosen."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.icons import icon
from witei_app.components.menu import menu, menu_line
from witei_app.components.parts.lists import SelectionBar
from witei_app.conversations.rows import ColleagueRow
from witei_app.texts import say


def selection_bar(
    users: rx.Var[list[ColleagueRow]],
    own_id: rx.Var[int],
    *,
    status: rx.Var[str],
    can_write: rx.Var[bool],
    can_delete: rx.Var[bool],
    on_act: Any,
) -> rx.Component:
    """Says how many are chosen, and what can be done with them: `on_act(name, ids, value)`."""
    archive = _act("archive", "archive", say("Archive"))
    change = rx.match(
        status,
        ("archived", _act("reopen", "reopen", say("Reopen"))),
        ("snoozed", rx.fragment(_act("wake", "reopen", say("Wake now")), archive)),
        archive,
    )
    acts = rx.fragment(
        rx.cond(can_write, rx.fragment(_assign(users, own_id), change)),
        _act("read", "check", say("Mark read")),
        _act("unread", "mail", say("Mark unread")),
        rx.cond(can_delete, _delete()),
    )
    return SelectionBar.create(
        rx.cond(status == "bin", rx.fragment(_act("restore", "reopen", say("Restore")), _delete_for_good()), acts),
        labels={
            "bar": say("Selected conversations"),
            "count": say("{n} selected"),
            "all": say("Select all shown"),
            "end": say("End the selection"),
            "cancel": say("Cancel"),
        },
        on_act=on_act,
    )


def _act(name: str, sign: str, label: rx.Var[str], **more: Any) -> rx.Component:
    """A button that the bar hears of by its mark: it alone knows what is chosen."""
    return rx.el.button(
        icon(sign),
        type="button",
        class_name="button quiet square",
        aria_label=label,
        title=label,
        custom_attrs={"data-act": name, **more},
    )


def _delete() -> rx.Component:
    body = say(
        "What is deleted goes away for the whole team, and waits in the bin for an administrator. Contacts stay."
    )
    asks = {"data-one": say("Delete this conversation?"), "data-several": say("Delete {n} conversations?")}
    return _act("delete", "bin", say("Delete"), **asks, **{"data-body": body})


def _delete_for_good() -> rx.Component:
    body = say("Messages, files and drafts are deleted, and nobody can bring them back. Reports keep their figures.")
    asks = {
        "data-one": say("Delete this conversation for good?"),
        "data-several": say("Delete {n} conversations for good?"),
    }
    return _act("delete_for_good", "bin", say("Delete for good"), **asks, **{"data-body": body})


def _assign(users: rx.Var[list[ColleagueRow]], own_id: rx.Var[int]) -> rx.Component:
    return menu(
        "several-assign",
        say("Assign"),
        [icon("assign")],
        _to(own_id, icon("assign"), say("Assign to me")),
        _to(0, icon("person"), say("Unassigned")),
        menu_line(),
        rx.foreach(users, lambda user: rx.cond(user.takes_conversations, _to_colleague(user))),
        class_name="button quiet square",
    )


def _to_colleague(user: rx.Var[ColleagueRow]) -> rx.Component:
    return _to(user.id, avatar(user.initials, user.tint, "small", person=user.id), user.name, key=user.id)


def _to(user_id: Any, *children: Any, **more: Any) -> rx.Component:
    return rx.el.button(
        *children,
        type="button",
        role="menuitem",
        tab_index=-1,
        class_name="item",
        custom_attrs={"data-act": "assign", "data-value": user_id},
        **more,
    )
