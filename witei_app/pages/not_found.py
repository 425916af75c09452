"""What an address shows where nothing is."""

import reflex as rx

from witei_app.components.empty import empty_state
from witei_app.components.parts.page import MissingPage
from witei_app.texts import say


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(not_found_page, route=rx.constants.Page404.SLUG, title="Not found")


def not_found_page() -> rx.Component:
    """Known to nobody in particular: it neither asks who reads it nor tells them what exists."""
    back = rx.el.a(say("To the conversations"), href="/conversations", class_name="button")
    hint = say("The link may be old, or a part of it is missing.")
    empty = empty_state("search", say("There is nothing at this address"), hint, back)
    return rx.el.main(MissingPage.create(empty), class_name="alone")
