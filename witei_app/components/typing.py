"""The contact is writing, below the messages."""

import reflex as rx

from witei_app.components.parts.source import source
from witei_app.texts import say


class TypingLine(rx.Component):
    """Shown for some seconds after each change of `signal`, until `count` changes; 0 is nobody."""

    library = source("typing.jsx")
    tag = "TypingLine"
    signal: rx.Var[int]
    count: rx.Var[int]
    label: rx.Var[str]


def typing_line(name: rx.Var[str], signal: rx.Var[int], count: rx.Var[int]) -> rx.Component:
    """ "Marco Torres is typing…": `signal` changes with each sign of it, `count` with each message."""
    return TypingLine.create(signal=signal, count=count, label=say("{name} is typing…", name=name))
