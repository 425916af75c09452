"""A person as two letters on one of five tints."""

import reflex as rx


def avatar(
    initials: str | rx.Var[str],
    tint: int | rx.Var[int],
    size: str = "",
    title: str | rx.Var[str] = "",
    person: int | rx.Var[int] = 0,
) -> rx.Component:
    """Show the initials; `size` is "", "tiny", "small", "message" or "large". Decoration unless it has a `title`.

    `person` is the id of a user, whose picture the stylesheet /portraits.css puts in the place of the letters.
    """
    named: dict[str, object] = {"title": title, "role": "img", "aria-label": title}
    attributes = named if isinstance(title, rx.Var) or title else {"aria-hidden": "true"}
    # The letters are drawn by the stylesheet: they are no text, so a row still begins with the person's name.
    return rx.el.span(
        class_name=rx.Var.create(f"avatar {size} a{tint}"),
        custom_attrs={"data-initials": initials, "data-person": person, **attributes},
    )
