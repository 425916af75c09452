"""The open conversation: its head and its messages."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.dialog import confirm_button
from witei_app.components.empty import empty_state
from witei_app.components.icons import icon
from witei_app.components.menu import menu, menu_choice, menu_heading, menu_item, menu_line
from witei_app.components.message import message_entry
from witei_app.components.parts.page import DetailsToggle
from witei_app.components.parts.thread import PictureViewer, ScrollKeeper
from witei_app.components.put_off import snooze_items, snooze_menu
from witei_app.components.skeleton import bone, skeleton_messages
from witei_app.components.typing import while_typing
from witei_app.conversations.rows import ColleagueRow, HeaderRow, MessageRow, PersonRow
from witei_app.texts import say


def thread_header(
    header: rx.Var[HeaderRow],
    users: rx.Var[list[ColleagueRow]],
    own_id: rx.Var[int],
    *,
    lookers: rx.Var[list[PersonRow]] | None = None,
    writing: rx.Var[dict[int, int]] | None = None,
    on_back: Any,
    on_assign: Any,
    on_archive: Any,
    on_reopen: Any,
    on_delete: Any,
    on_unread: Any,
    on_snooze: Any,
    on_choose_snooze: Any,
    on_wake: Any,
    can_write: rx.Var[bool],
    can_assign_others: rx.Var[bool],
    can_delete: rx.Var[bool],
) -> rx.Component:
    """Whom it is about, who has it, what can be done with it. Handlers: `on_assign(user_id)`, 0 for nobody; the
    others take nothing, but for `on_snooze(when)`. `lookers` are the other users who have it open; `writing` changes
    with each sign of one who writes."""
    parts = [
        _back(on_back),
        rx.cond(header.id > 0, avatar(header.initials, header.tint), bone("34px", "34px", "round")),
        rx.cond(header.id > 0, _whose(header), rx.el.div(bone("160px", "12px"), class_name="who")),
        *([] if lookers is None else [_lookers(lookers, writing)]),
    ]
    snoozing = {"on_snooze": on_snooze, "on_choose": on_choose_snooze, "on_wake": on_wake}
    is_open = header.status != "archived"
    acts = rx.fragment(
        rx.cond(can_write, _assign(header, users, own_id, can_assign_others, on_assign), _assignee(header)),
        rx.cond(can_write, _status_button(header, on_archive, on_reopen)),
        rx.cond(can_write & is_open, snooze_menu(header, **snoozing)),
        _square("mail", say("Mark unread"), on_unread, "u", "button quiet square roomy"),
        rx.cond(can_delete, _delete(header, on_delete)),
        _more(header, on_unread, can_write & is_open, snoozing),
    )
    return rx.el.header(*parts, rx.cond(header.in_bin_until == "", acts, _assignee(header)), _details_toggle())


def message_log(
    messages: rx.Var[list[MessageRow]],
    *,
    conversation_id: rx.Var[int],
    jump_signal: rx.Var[int],
    has_older: rx.Var[bool],
    is_loading: rx.Var[bool],
    on_older: Any,
    on_why: Any = None,
    on_again: Any = None,
    target: rx.Var[int] | int = 0,
    target_signal: rx.Var[int] | int = 0,
) -> rx.Component:
    """The log "Messages", the oldest first.

    It opens at the bottom, stays there when a message comes, and keeps the reader's place otherwise. A change of
    `jump_signal` goes to the bottom (after an own message); with a `target`, a message's number, it opens at that one
    and marks it, again when `target_signal` changes. `on_older()` is called near the top while `has_older`;
    `on_why(message_id)` asks why a mail is here, `on_again(message_id)` has an answer sent again.
    """
    older = rx.cond(has_older, rx.el.span(say("Loading earlier messages…"), class_name="older"))
    log = ScrollKeeper.create(
        rx.cond(is_loading, skeleton_messages(), rx.fragment(older, rx.foreach(messages, _entry))),
        label=say("Messages"),
        reset_key=rx.cond(is_loading, 0, conversation_id),
        jump_signal=jump_signal,
        target=target,
        target_signal=target_signal,
        has_older=has_older & ~is_loading,
        new_label=say("New messages"),
        on_older=on_older,
        **({} if on_why is None else {"on_why": on_why}),
        **({} if on_again is None else {"on_again": on_again}),
    )
    return rx.fragment(log, _picture_viewer())


def _picture_viewer() -> rx.Component:
    return PictureViewer.create(
        labels={
            "viewer": say("Pictures"),
            "before": say("Picture before"),
            "after": say("Next picture"),
            "download": say("Download"),
            "close": say("Close"),
            "broken": say("This picture cannot be shown. Download it to look at it in another program."),
        }
    )


def thread_panel(*children: Any) -> rx.Component:
    """The middle pane around header, log, notices and composer."""
    return rx.el.section(*children, class_name="thread", aria_label=say("Conversation"))


def no_thread(is_quiet: rx.Var[bool], has_choice: rx.Var[bool]) -> rx.Component:
    """The middle pane while nothing is open: all is done, or there is something to choose, or the list says why not."""
    choose = empty_state(
        "chat", say("Choose a conversation"), say("Open one from the list, or walk through them with J and K.")
    )
    wait = empty_state("inbox", say("All quiet"), say("The next message opens here."))
    return thread_panel(rx.cond(is_quiet, wait, rx.cond(has_choice, choose)))


def _entry(message: rx.Var[MessageRow]) -> rx.Component:
    return message_entry(item=message, key=message.id)


def _back(on_back: Any) -> rx.Component:
    label = say("Back to the list")
    return rx.el.button(
        icon("back"),
        type="button",
        class_name="button quiet square back",
        aria_label=label,
        title=label,
        on_click=on_back,
    )


def _whose(header: rx.Var[HeaderRow]) -> rx.Component:
    channel = rx.match(header.channel, ("web_chat", say("web chat")), ("email", say("e-mail")), "")
    subject = rx.cond(header.subject != "", rx.fragment(rx.el.bdi(header.subject), " · ", channel), channel)
    return rx.el.div(
        rx.el.h1(header.contact_name, class_name="cut", title=header.contact_name, dir="auto"),
        rx.el.span(subject, class_name="subject cut", title=header.subject),
        class_name="who",
    )


def _lookers(lookers: rx.Var[list[PersonRow]], writing: Any) -> rx.Component:
    def looker(person: rx.Var[PersonRow]) -> rx.Component:
        words = say("{name} is looking", name=person.name)
        return rx.el.span(
            avatar(person.initials, person.tint, "tiny", person=person.id),
            while_typing(writing[person.id], say("{name} is typing…", name=person.name), words),
            class_name="chip",
            title=words,
            key=person.id,
        )

    return rx.el.span(rx.foreach(lookers, looker), class_name="looking", role="status")


def _assignee(header: rx.Var[HeaderRow]) -> rx.Component:
    """Who has it, for those who may not change it."""
    face = avatar(header.assignee.initials, header.assignee.tint, "tiny", person=header.assignee.id)
    name = rx.el.span(header.assignee.name, class_name="cut")
    return rx.cond(header.assignee.id > 0, rx.el.span(face, name, class_name="chip"))


def _assign(
    header: rx.Var[HeaderRow],
    users: rx.Var[list[ColleagueRow]],
    own_id: rx.Var[int],
    can_assign_others: bool | rx.Var[bool],
    on_assign: Any,
) -> rx.Component:
    """Named "Assign" for whoever cannot see the face on it; the name of the assignee follows in its text.

    Who may not assign to others takes what nobody has, and gives it back.
    """
    assignee = header.assignee
    is_mine_to_give = (assignee.id == 0) | (assignee.id == own_id) | can_assign_others

    def choice(person: rx.Var[ColleagueRow]) -> rx.Component:
        face = avatar(person.initials, person.tint, "small", person=person.id)
        line = menu_choice(
            face,
            person.name,
            _away(person),
            is_on=person.id == assignee.id,
            on_click=on_assign(person.id),
            key=person.id,
        )
        return rx.cond(person.takes_conversations, line)

    own = rx.fragment(
        rx.cond(assignee.id != own_id, menu_item(say("Assign to me"), sign="assign", on_click=on_assign(own_id))),
        menu_choice(say("Unassigned"), sign="person", is_on=assignee.id == 0, on_click=on_assign(0)),
    )
    return menu(
        "thread-assign",
        say("Assign"),
        [_face_on_it(assignee), icon("down", "small")],
        rx.cond(is_mine_to_give, own, menu_heading(say("You may not assign the conversations of others."))),
        rx.cond(can_assign_others, rx.fragment(menu_line(), rx.foreach(users, choice))),
        class_name="button assign",
        shortcut="a",
    )


def _face_on_it(assignee: rx.Var[PersonRow]) -> rx.Component:
    return rx.cond(
        assignee.id > 0,
        rx.fragment(
            avatar(assignee.initials, assignee.tint, "small", person=assignee.id),
            rx.el.span(assignee.name, class_name="label cut"),
        ),
        rx.fragment(icon("assign"), rx.el.span(say("Assign"), class_name="label")),
    )


def _status_button(header: rx.Var[HeaderRow], on_archive: Any, on_reopen: Any) -> rx.Component:
    archive = _square("archive", say("Archive"), on_archive)
    return rx.cond(header.status == "archived", _square("reopen", say("Reopen"), on_reopen), archive)


def _more(
    header: rx.Var[HeaderRow], on_unread: Any, can_snooze: bool | rx.Var[bool], snoozing: dict[str, Any]
) -> rx.Component:
    """On a phone: what there is no room for."""
    return menu(
        "thread-more",
        say("More"),
        [icon("more")],
        menu_item(say("Mark unread"), sign="mail", on_click=on_unread),
        rx.cond(can_snooze, rx.fragment(menu_line(), *snooze_items(header, **snoozing))),
        class_name="button quiet square narrow-only",
    )


def _square(
    sign: str, label: rx.Var[str], on_click: Any, shortcut: str = "e", class_name: str = "button quiet square"
) -> rx.Component:
    return rx.el.button(
        icon(sign),
        type="button",
        class_name=class_name,
        aria_label=label,
        title=label,
        on_click=on_click,
        custom_attrs={"aria-keyshortcuts": shortcut},
    )


def _delete(header: rx.Var[HeaderRow], on_delete: Any) -> rx.Component:
    return confirm_button(
        icon("bin"),
        label=say("Delete"),
        title=say("Delete this conversation?"),
        body=say(
            "What was written with {name} here goes away for the whole team, and waits in the bin for an "
            "administrator. The contact stays.",
            name=header.contact_name,
        ),
        action=say("Delete conversation"),
        on_confirm=on_delete,
        class_name="button quiet square",
        is_command=True,
    )


def _details_toggle() -> rx.Component:
    return DetailsToggle.create(
        icon("panel"), label=say("Details"), shortcut="i", class_name="button quiet square details-toggle"
    )


def _away(person: rx.Var[PersonRow]) -> rx.Component:
    return rx.cond(person.is_away, rx.el.span(say("away"), class_name="hint"))
