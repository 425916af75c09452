"""What went wrong, said where it happened, and what is safe."""

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_connection_errors

from witei_app.components.empty import empty_state
from witei_app.components.icons import icon
from witei_app.components.parts.page import LineKeeper, Toast, UnsavedKeeper
from witei_app.texts import say


def refusal_notice(notice: rx.Var[str], on_dismiss: Any = None) -> rx.Component:
    """Show a refusal as long as there is one."""
    parts: list[Any] = [icon("alert"), rx.el.span(notice)]
    if on_dismiss is not None:
        parts.append(_dismiss(on_dismiss))
    return rx.cond(notice != "", rx.el.div(*parts, role="alert", class_name="refusal"))


def line_keeper(trouble: rx.Var[str], is_hydrated: rx.Var[bool]) -> rx.Component:
    """A thin bar while the connection is lost, or something behind the pages is away; it goes by itself."""
    return LineKeeper.create(
        has_errors=has_connection_errors,
        is_hydrated=is_hydrated,
        trouble=trouble,
        words={
            "line": say("Reconnecting… what you write is kept"),
            "silence": say("The server does not answer… what you write is kept"),
            "database": say("The database does not answer… what you write is kept"),
            "redis": say("What is new may show some seconds late"),
            "lost": say("What you were writing in “{title}” is kept: open it again."),
        },
    )


def unsaved_keeper() -> rx.Component:
    """Asks before a page with unsaved changes is left."""
    return UnsavedKeeper.create(
        words={
            "title": say("Your changes are not saved"),
            "body": say("Go back to save them, or go on without them."),
            "stay": say("Go back"),
            "leave": say("Discard changes"),
        }
    )


def toast(
    text: rx.Var[str],
    signal: rx.Var[int],
    action: str | rx.Var[str] = "",
    on_action: Any = None,
    seconds: int | rx.Var[int] = 5,
) -> rx.Component:
    """Say something done for some seconds, again whenever `signal` changes; `action` may offer to undo it."""
    offers = {} if on_action is None else {"action": action, "on_action": on_action}
    return Toast.create(text=text, signal=signal, seconds=seconds, is_hydrated=rx.State.is_hydrated, **offers)


def error_state(title: rx.Var[str], hint: rx.Var[str], action: rx.Var[str], on_action: Any) -> rx.Component:
    """What happened, what is safe, one button."""
    return empty_state(
        "alert", title, hint, rx.el.button(action, type="button", class_name="button", on_click=on_action)
    )


def fault_boundary() -> rx.Component:
    """Shown instead of a page whose script failed. Give it to `rx.App(app_wraps={(55, "ErrorBoundary"): …})`."""
    again = rx.el.a(say("Load the page again"), href="", reload_document=True, class_name="button")
    hint = say("It is noted for the administrator. Nothing that was sent is lost, and drafts are kept.")
    fault = rx.el.div(empty_state("alert", say("This page stumbled"), hint, again), role="alert")
    return ErrorBoundary.create(fallback_render=rx.Var.create(fault))


def _dismiss(on_dismiss: Any) -> rx.Component:
    return rx.el.button(
        icon("close", "small"),
        type="button",
        aria_label=say("Dismiss"),
        class_name="button quiet square",
        on_click=on_dismiss,
    )
