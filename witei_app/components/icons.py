"""Signs from one sprite (assets/icons.svg): cached by the browser, and not a byte of JavaScript."""

import reflex as rx


def icon(name: str | rx.Var[str], size: str = "") -> rx.Component:
    """Show a sign as decoration; the control around it carries the name. `size` is "" or "small"."""
    use = rx.el.svg.use(href=rx.Var.create(f"/icons.svg#{name}"))
    return rx.el.svg(use, class_name=f"icon {size}".strip(), custom_attrs={"aria-hidden": "true"})
