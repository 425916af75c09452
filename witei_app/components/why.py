"""The answer to "Why is this here?": how a mail came to its conversation, who vouches for it, where else it may go."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import close_button, dialog, dialog_actions
from witei_app.components.empty import how_many
from witei_app.components.form import state_chip
from witei_app.conversations.rows import CardRow, WhyRow
from witei_app.texts import say


def why_dialog(
    why: rx.Var[WhyRow],
    *,
    can_write: bool | rx.Var[bool],
    on_close: Any,
    on_follow: Any,
    on_join: Any,
    on_split: Any,
    is_moving: rx.Var[bool],
    targets: rx.Var[list[CardRow]],
    on_look_for: Any,
    on_move: Any,
) -> rx.Component:
    """Shown while `why.message_id` is not 0; `targets` are conversations to move it to, while `is_moving`."""
    headers = rx.Var.create(f"{why.source_url}?part=headers")
    return dialog(
        why.message_id > 0,
        say("Why is this here?"),
        rx.cond(why.reason != "", rx.el.p(why.reason)),
        rx.cond(why.points_to > 0, _elsewhere(why, can_write, on_follow, on_join)),
        rx.el.dl(
            _fact(say("Who sent it"), _verdict(why)),
            _fact(say("From (envelope)"), why.sender),
            _fact(say("To (envelope)"), why.recipient),
            class_name="facts",
        ),
        rx.cond(is_moving, _moving(targets, on_look_for, on_move)),
        dialog_actions(
            rx.el.a(say("Show the headers"), href=headers, target="_blank", rel="noopener", class_name="button"),
            rx.el.a(say("Show the source"), href=why.source_url, target="_blank", rel="noopener", class_name="button"),
            rx.cond(can_write & ~is_moving, _button(say("Move to another conversation…"), on_look_for(""))),
            rx.cond(why.can_split & can_write, _button(say("Make it a conversation of its own"), on_split)),
        ),
        close_button(on_close),
        on_close=on_close,
    )


def _elsewhere(why: rx.Var[WhyRow], can_write: Any, on_follow: Any, on_join: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(say("It seems to belong to {title}.", title=why.points_to_title)),
        rx.el.div(
            _button(say("Open that conversation"), on_follow),
            rx.cond(can_write, _button(say("Move it there"), on_join)),
            class_name="choices",
        ),
    )


def _moving(targets: rx.Var[list[CardRow]], on_look_for: Any, on_move: Any) -> rx.Component:
    """Looking for the conversation that it belongs to; without words, those of the same contact."""
    box = rx.el.input(
        type="search",
        placeholder=say("Find a conversation by its contact"),
        aria_label=say("Find a conversation by its contact"),
        class_name="input",
        auto_focus=True,
        max_length=100,
        on_change=on_look_for.debounce(200),
    )
    found = rx.foreach(
        targets,
        lambda one: rx.el.li(
            rx.el.button(
                rx.el.b(one.title, class_name="cut"),
                rx.el.span(one.detail, class_name="cut"),
                type="button",
                class_name="item",
                on_click=on_move(one.id),
            ),
            key=one.id,
        ),
    )
    none = rx.el.li(say("No other conversation by mail."), class_name="nothing")
    return rx.el.div(
        box,
        how_many(targets.length(), targets.length() > 0),
        rx.el.ul(rx.cond(targets.length() > 0, found, none), aria_label=say("Move it to"), class_name="targets"),
        class_name="moving",
    )


def _verdict(why: rx.Var[WhyRow]) -> rx.Component:
    tone = rx.match(why.verdict, ("verified", "good"), ("failed", "bad"), "")
    checks = rx.cond(why.checks != "", state_chip(why.checks, tone))
    return rx.fragment(rx.el.span(why.verdict_words), " ", checks)


def _fact(name: Any, value: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(name), rx.el.dd(value))


def _button(label: Any, on_click: Any) -> rx.Component:
    return rx.el.button(label, type="button", class_name="button", on_click=on_click)
