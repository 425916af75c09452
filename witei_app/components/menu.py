"""Menus: a button and the panel it opens, with the keyboard of a real menu."""

from typing import Any

import reflex as rx

from witei_app.components.icons import icon
from witei_app.components.parts.menus import MenuPanel, PostForm


def menu(
    name: str, label: str | rx.Var[str], trigger: list[Any], *items: Any, class_name: str = "button", shortcut: str = ""
) -> rx.Component:
    """A button showing `trigger`, named `label`, that opens a menu of `items`. `name` is unique on the page."""
    opens: dict[str, Any] = {"popoverTarget": name, "aria-haspopup": "menu"}
    if shortcut:
        opens["aria-keyshortcuts"] = shortcut
    return rx.fragment(
        rx.el.button(*trigger, type="button", title=label, aria_label=label, class_name=class_name, custom_attrs=opens),
        MenuPanel.create(*items, id=name, label=label),
    )


def menu_item(*children: Any, sign: str = "", is_danger: bool = False, on_click: Any = None) -> rx.Component:
    """One command of a menu."""
    return rx.el.button(
        *_with_sign(sign, children),
        type="button",
        role="menuitem",
        tab_index=-1,
        class_name="item danger" if is_danger else "item",
        **_clicks(on_click),
    )


def menu_choice(
    *children: Any,
    is_on: bool | rx.Var[bool],
    sign: str = "",
    on_click: Any = None,
    key: Any = None,
    role: str = "menuitemradio",
) -> rx.Component:
    """One of several values, with a check mark on the current one. `key` is needed inside a `rx.foreach`.

    Something to switch on and off by itself has the `role` "menuitemcheckbox".
    """
    return rx.el.button(
        *_with_sign(sign, children),
        type="button",
        role=role,
        tab_index=-1,
        class_name="item",
        custom_attrs={"aria-checked": is_on},
        **_clicks(on_click),
        **({} if key is None else {"key": key}),
    )


def menu_link(*children: Any, href: str, sign: str = "") -> rx.Component:
    """Where a menu leads: a page of the app."""
    return rx.el.a(*_with_sign(sign, children), href=href, role="menuitem", tab_index=-1, class_name="item")


def menu_post(label: rx.Var[str], action: str, sign: str = "") -> rx.Component:
    """What the server does when this address is posted to. No link could: a picture in a mail can follow those."""
    parts = _with_sign(sign, (label,))
    return PostForm.create(
        rx.el.button(*parts, type="submit", role="menuitem", tab_index=-1, class_name="item"), action=action
    )


def menu_heading(text: str | rx.Var[str]) -> rx.Component:
    """What the items below have in common."""
    return rx.el.div(text, class_name="heading", role="presentation")


def menu_line() -> rx.Component:
    """A hairline between groups of items."""
    return rx.el.hr()


def _with_sign(sign: str, children: tuple[Any, ...]) -> tuple[Any, ...]:
    return (icon(sign), *children) if sign else children


def _clicks(on_click: Any) -> dict[str, Any]:
    return {} if on_click is None else {"on_click": on_click}
