"""Where the JavaScript of this folder is found by the pages."""

import reflex as rx


def source(name: str) -> str:
    """The address to import a `.jsx` file of this folder from; it is among the pages' files from then on."""
    return rx.asset(name, shared=True).importable_path
