"""Nothing here yet: one sentence and the next step."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon


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
