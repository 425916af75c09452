"""Loading, in the size of what will be there."""

import reflex as rx


def bone(width: str, height: str = "10px", shape: str = "") -> rx.Component:
    """One grey shape."""
    return rx.el.span(class_name=f"bone {shape}".strip(), style={"width": width, "height": height})


def skeleton_rows(count: int = 9) -> rx.Component:
    """As many list rows as fill a screen."""
    widths = ["58%", "42%", "66%", "50%"]
    return rx.fragment(*[_row(widths[index % 4], widths[(index + 2) % 4]) for index in range(count)])


def skeleton_messages() -> rx.Component:
    """A thread about to come."""
    return rx.fragment(_message("120px", "84px"), _message("90px", "64px", "out"), _message("110px", "104px"))


def _row(name: str, preview: str) -> rx.Component:
    lines = rx.el.div(bone(name), bone(preview, "9px"))
    return rx.el.li(bone("34px", "34px", "round"), lines, class_name="skeleton-row", aria_hidden=True)


def _message(name: str, body: str, kind: str = "") -> rx.Component:
    return rx.el.div(bone(name), bone("100%", body), class_name=f"skeleton-message {kind}".strip(), aria_hidden=True)
