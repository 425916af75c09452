"""What is seen while the page's scripts are on their way: its outline, in its final places, without a word."""

import reflex as rx

from witei_app.components.skeleton import bone, skeleton_rows


def inbox_outline() -> rx.Component:
    """The side menu, the list and an empty thread. Give it to `rx.App(hydrate_fallback=)`; it knows no state."""
    stage = rx.el.main(_list(), rx.el.section(class_name="thread"), class_name="stage inbox")
    rail = rx.el.div(rx.el.span("w", class_name="mark"), bone("40px", "40px", "soft"), class_name="rail")
    return rx.el.div(rail, stage, class_name="shell", custom_attrs={"data-pane": "list", "aria-busy": "true"})


def _list() -> rx.Component:
    head = rx.el.header(
        rx.el.div(bone("128px", "16px"), class_name="title"),
        rx.el.div(class_name="search"),
        rx.el.div(bone("190px", "11px"), class_name="tab-row", style={"height": "37px"}),
        rx.el.div(bone("104px", "22px"), class_name="switch"),
    )
    return rx.el.section(head, rx.el.ul(skeleton_rows(), class_name="rows"), class_name="list")
