"""The side menu; a bar at the foot on a phone."""

from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex.style import color_mode, set_color_mode

from witei_app.components.avatar import avatar
from witei_app.components.icons import icon
from witei_app.components.menu import menu, menu_choice, menu_heading, menu_line, menu_link, menu_post
from witei_app.conversations.rows import PersonRow
from witei_app.texts import say

# name -> (English label, sign, address); settings pages follow in SETTINGS
_ENTRIES = {
    "conversations": ("Conversations", "chat", "/conversations"),
    "contacts": ("Contacts", "people", "/contacts"),
    "quotes": ("Quotes", "quote", "/quotes"),
    "tickets": ("Tickets", "ticket", "/tickets"),
    "reports": ("Reports", "chart", "/reports/conversations"),
}
_SETTINGS = {
    "visitors": ("Visitors now", "/visitors"),
    "web-chat": ("Web chat", "/settings/web-chat"),
    "templates": ("Message templates", "/settings/templates"),
    "mailboxes": ("Mailboxes", "/settings/mailboxes"),
    "sender-domains": ("Sender domains", "/settings/sender-domains"),
    "team": ("Team", "/settings/team"),
    "workspace": ("Workspace", "/settings/workspace"),
    "audit": ("Audit", "/settings/audit"),
    "api": ("API", "/settings/api"),
    "webhooks": ("Webhooks", "/settings/webhooks"),
    "unreadable": ("Mail that could not be read", "/settings/unreadable"),
}


def side_menu(
    current: str,
    unread_count: rx.Var[int],
    user: rx.Var[PersonRow],
    entries: Mapping[str, bool | rx.Var[bool]],
    settings: dict[str, bool | rx.Var[bool]] | None = None,
    has_profile: bool = False,
    sign_out: str = "/logout",
    bell: rx.Component | None = None,
) -> rx.Component:
    """The navigation "Main" with the pages that exist.

    `entries` names them ("dashboard", "conversations", "contacts", "quotes", "tickets", "reports") with when each is
    shown, `settings` the same for the pages under Settings ("web-chat", "templates", "mailboxes", "sender-domains",
    "team", "workspace"). `current` is one of `entries`, or "settings".
    """
    shown = [(_entry(name, current, unread_count), entries[name]) for name in _ENTRIES if name in entries]
    links = [entry if when is True else rx.cond(when, entry) for entry, when in shown]
    gear = [_settings(settings, current == "settings")] if settings else []
    return rx.el.nav(
        _mark("/" if "dashboard" in entries else "/conversations", current == "dashboard"),
        *links,
        rx.el.span(class_name="push"),
        *([] if bell is None else [bell]),
        *gear,
        _own_menu(user, has_profile, sign_out),
        class_name="rail",
        aria_label=say("Main"),
    )


def _mark(href: str, is_current: bool) -> rx.Component:
    label = say("Dashboard") if href == "/" else say("Conversations")
    attributes = {"aria-label": label, **_current(is_current)}
    return rx.el.a("w", href=href, title=label, class_name="mark", custom_attrs=attributes)


def _entry(name: str, current: str, unread_count: rx.Var[int]) -> rx.Component:
    text, sign, href = _ENTRIES[name]
    label = say(text)
    parts: list[Any] = [icon(sign), rx.el.span(label, class_name="hidden-text")]
    if name == "conversations":
        parts.append(rx.cond(unread_count > 0, _count(unread_count)))
    attributes = {"data-command": label, **_current(name == current)}
    return rx.el.a(*parts, href=href, title=label, class_name="entry", custom_attrs=attributes)


def _count(unread_count: rx.Var[int]) -> rx.Component:
    short = rx.cond(unread_count > 99, "99+", unread_count.to_string())
    return rx.el.span(short, rx.el.span(say(" unread"), class_name="hidden-text"), class_name="count")


def _settings(settings: dict[str, bool | rx.Var[bool]], is_current: bool) -> rx.Component:
    shown = [(name, menu_link(say(text), href=href)) for name, (text, href) in _SETTINGS.items() if name in settings]
    links = [link if settings[name] is True else rx.cond(settings[name], link) for name, link in shown]
    shape = "entry here" if is_current else "entry"
    return menu(
        "rail-settings", say("Settings"), [icon("gear")], menu_heading(say("Settings")), *links, class_name=shape
    )


def _own_menu(user: rx.Var[PersonRow], has_profile: bool, sign_out: str) -> rx.Component:
    profile = [menu_link(say("Profile"), href="/profile", sign="person")] if has_profile else []
    return menu(
        "rail-me",
        say("Your menu"),
        [avatar(user.initials, user.tint, person=user.id)],
        rx.el.div(class_name="own-agency", aria_hidden=True),
        menu_heading(user.name),
        *profile,
        _themes(),
        menu_line(),
        _opens("palette", say("Search and commands"), "search", "Ctrl+K"),
        _opens("keys-help", say("Keyboard shortcuts"), "keyboard", "?"),
        menu_line(),
        menu_post(say("Sign out"), sign_out, "leave"),
        class_name="entry me",
    )


def _opens(dialog: str, label: rx.Var[str], sign: str, keys: str) -> rx.Component:
    return rx.el.button(
        icon(sign),
        label,
        rx.el.span(keys, class_name="hint", aria_hidden=True),
        type="button",
        role="menuitem",
        tab_index=-1,
        class_name="item",
        custom_attrs={"data-opens": dialog},
    )


def _themes() -> rx.Component:
    return rx.el.div(
        _theme("light", say("Light"), "sun"),
        _theme("dark", say("Dark"), "moon"),
        _theme("system", say("As the system"), "screen"),
        class_name="three",
        role="group",
        aria_label=say("Colours"),
    )


def _theme(mode: str, label: rx.Var[str], sign: str) -> rx.Component:
    name = rx.el.span(label, class_name="hidden-text")
    return rx.el.span(
        menu_choice(name, sign=sign, is_on=color_mode == mode, on_click=set_color_mode(mode)),  # type: ignore[arg-type]
        title=label,
        style={"flex": "1"},
    )


def _current(is_current: bool) -> dict[str, Any]:
    return {"aria-current": "page"} if is_current else {}
