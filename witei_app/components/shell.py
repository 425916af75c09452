"""The frame of every page: the side menu, and the stage beside it."""

from typing import Any

import reflex as rx

from witei_app.components.parts.page import PageKeeper
from witei_app.texts import say


def app_shell(rail: rx.Component, *panes: Any, kind: str = "scrolls", pane: str | rx.Var[str] = "list") -> rx.Component:
    """Put `panes` beside the `rail`.

    `kind` is "inbox" (list, thread, details) or "scrolls" (one page that scrolls). `pane` is "list" or "thread": the
    one shown where there is room for one only.
    """
    stage = rx.el.main(*panes, id="stage", class_name=f"stage {kind}", tab_index=-1)
    skip = rx.el.a(say("Skip to the content"), href="#stage", reload_document=True, class_name="skip")
    return rx.el.div(skip, rail, stage, class_name="shell", custom_attrs={"data-pane": pane})


def page_keeper(
    language: rx.Var[str], title: str | rx.Var[str], unread: int | rx.Var[int] = 0, on_visible: Any = None
) -> rx.Component:
    """Keep the tab's language, title with the `unread` count, and sign; `on_visible(bool)` says if it is looked at."""
    tells = {} if on_visible is None else {"on_visible": on_visible}
    return PageKeeper.create(language=language, title=title, unread=unread, **tells)
