"""Long work at the foot of every page: what it is, how far it got, how it ended."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.components.icons import icon
from witei_app.jobs.rows import JobRow
from witei_app.texts import say


def jobs_tray(
    jobs: rx.Var[list[JobRow]], *, on_look: Any, on_stop: Any, on_take_back: Any, on_put_away: Any
) -> rx.Component:
    """The list "Work in progress", if there is any; `on_look` reads it.

    Handlers: `on_stop(id)`, `on_take_back(id)`, `on_put_away(id)`.
    """
    lines = rx.el.ul(
        rx.foreach(jobs, lambda job: _job(job, on_stop, on_take_back, on_put_away)),
        class_name="jobs",
        role="list",
        aria_label=say("Work in progress"),
    )
    return rx.el.div(rx.cond(jobs.length() > 0, lines), on_mount=on_look, class_name="jobs-place")


def progress(percent: rx.Var[int], label: rx.Var[str]) -> rx.Component:
    """A bar of so many percent."""
    return rx.el.progress(value=percent, max=100, aria_label=label, class_name="progress")


def _job(job: rx.Var[JobRow], on_stop: Any, on_take_back: Any, on_put_away: Any) -> rx.Component:
    title = rx.cond(job.href != "", rx.el.a(job.label, href=job.href), rx.el.b(job.label))
    stop = confirm_button(
        icon("close", "small"),
        label=say("Stop"),
        title=say("Stop this?"),
        body=say("What is done stays done."),
        action=say("Stop"),
        on_confirm=on_stop(job.id),
        class_name="button quiet square",
    )
    close = rx.el.button(
        icon("close", "small"),
        type="button",
        aria_label=say("Put away"),
        title=say("Put away"),
        class_name="button quiet square",
        on_click=on_put_away(job.id),
    )
    undo = rx.el.button(say("Undo"), type="button", class_name="text-button", on_click=on_take_back(job.id))
    return rx.el.li(
        rx.el.div(
            rx.el.span(title, class_name="cut"),
            rx.cond(job.is_open, progress(job.percent, job.label)),
            rx.el.small(job.detail, role="status"),
        ),
        rx.cond(job.can_take_back, undo),
        rx.cond(job.is_open, stop, close),
        class_name=rx.cond(job.state == "failed", "failed", ""),
        key=job.id,
    )
