"""What is handed over once, and what is copied."""

import reflex as rx

from witei_app.components.parts.source import source


class CopyButton(rx.Component):
    """Copies `text`, and says so for a moment."""

    library = source("copy.jsx")
    tag = "CopyButton"
    text: rx.Var[str]
    label: rx.Var[str]
    word: rx.Var[str]
    done_word: rx.Var[str]


class HandedLine(rx.Component):
    """A secret to read and copy, fetched by its ticket (accounts/handed.py)."""

    library = source("handed.jsx")
    tag = "HandedLine"
    ticket: rx.Var[str]
    label: rx.Var[str]
    word: rx.Var[str]
    done_word: rx.Var[str]


class HandedList(rx.Component):
    """Several of them."""

    library = source("handed.jsx")
    tag = "HandedList"
    ticket: rx.Var[str]
    label: rx.Var[str]


class HandedPicture(rx.Component):
    """One of them as a QR code."""

    library = source("handed.jsx")
    tag = "HandedPicture"
    ticket: rx.Var[str]
    label: rx.Var[str]
