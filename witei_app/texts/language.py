"""Which language the page speaks: the one state that texts need."""

import reflex as rx


class LanguageState(rx.State):
    """The reader's language, set when the user is known."""

    language: str = "en"
