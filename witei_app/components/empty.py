"""Nothing here yet: one sentence and the next step."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon
from witei_app.texts import say


def empty_state(
    sign: str, title: str | rx.Var[str], hint: str | rx.Var[str] = "", action: rx.Component | None = None
) -> rx.Component:
    """Say why a place is empty, what will fill it, and offer the next step."""
    parts: list[Any] = [rx.el.div(icon(sign), class_name="sign"), rx.el.h2(title)]
    if isinstance(hint, rx.Var) or hint:
        parts.append(rx.el.p(hint))
    if action is not None:
        parts.append(action)
    return rx.el.div(*parts, class_name="empty")


def how_many(found: rx.Var[int], is_asked: rx.Var[bool], has_more: rx.Var[bool] | bool = False) -> rx.Component:
    """What a search or a filter left, for those who do not see the list change."""
    some = rx.cond(has_more, say("More than {n} found", n=found), say("{n} found", n=found))
    words = rx.cond(found > 0, some, say("Nothing found."))
    return rx.el.span(rx.cond(is_asked, words, ""), role="status", class_name="hidden-text")
