"""Who is writing: the contact, below the messages; a colleague, above them."""

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


class WhileTyping(rx.Component):
    """`said` for some seconds after each change of `signal`, and `otherwise` else."""

    library = source("typing.jsx")
    tag = "WhileTyping"
    signal: rx.Var[int]
    said: rx.Var[str]
    otherwise: rx.Var[str]


def while_typing(signal: rx.Var[int], said: rx.Var[str], otherwise: rx.Var[str]) -> rx.Component:
    """That a colleague who has the conversation open is typing, as long as that is so."""
    return WhileTyping.create(signal=signal, said=said, otherwise=otherwise)


def typing_line(name: rx.Var[str], signal: rx.Var[int], count: rx.Var[int]) -> rx.Component:
    """ "Marco Torres is typing…": `signal` changes with each sign of it, `count` with each message."""
    return TypingLine.create(signal=signal, count=count, label=say("{name} is typing…", name=name))
