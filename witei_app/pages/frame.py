"""What every page but the inbox has around it: the side menu, the notice, one page that scrolls."""

from typing import Any

import reflex as rx

from witei_app.components.notice import refusal_notice
from witei_app.components.rail import side_menu
from witei_app.components.shell import app_shell, page_keeper
from witei_app.components.skeleton import bone
from witei_app.state.signed_in import SignedInState
from witei_app.texts.language import LanguageState

# The pages that exist: a new page adds its name here, and the side menu shows it.
ENTRIES = ["conversations"]
SETTINGS: list[str] = ["web-chat", "sender-domains", "templates"]


def framed(current: str, title: Any, *children: Any, notice: bool | rx.Var[bool] = True) -> rx.Component:
    """A page: `current` is its entry in the side menu ("settings" for all settings pages).

    Refusals are said at its top while `notice`; a dialog that is open says its own.
    """
    return app_shell(
        menu_for(current),
        page_keeper(LanguageState.language, title, SignedInState.unread),
        rx.cond(notice, refusal_notice(SignedInState.notice, SignedInState.dismiss_notice)),
        rx.cond(SignedInState.is_ready, rx.fragment(*children), _waiting()),
    )


def menu_for(current: str) -> rx.Component:
    """The side menu; settings are the administrators'."""
    return side_menu(
        current,
        SignedInState.unread,
        SignedInState.me,
        ENTRIES,
        SETTINGS,
        SignedInState.is_admin,
        has_profile="profile" in ENTRIES,
    )


def _waiting() -> rx.Component:
    lines = [rx.el.div(bone("38%", "22px")), *[rx.el.div(bone(width, "12px")) for width in ("72%", "64%", "70%")]]
    return rx.el.div(*lines, class_name="paper", aria_hidden=True, style={"display": "grid", "gap": "18px"})
