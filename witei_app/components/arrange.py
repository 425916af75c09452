"""Vars that the browser puts together from pieces (arrange.jsx); which piece holds what is the states' business."""

from collections.abc import Sequence

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from witei_app.components.parts.source import source
from witei_app.conversations.rows import ConversationRow, MessageRow

_LIBRARY = source("arrange.jsx")


def arranged_rows(
    rows: rx.Var[list[ConversationRow]], pieces: Sequence[rx.Var[list[ConversationRow]]], gone: rx.Var[list[int]]
) -> rx.Var[list[ConversationRow]]:
    """The list as it is to be seen."""
    return _call("arranged", rows, rx.Var.create(list(pieces)), gone).to(list[ConversationRow])


def strung_rows(
    page: rx.Var[list[MessageRow]],
    pieces: Sequence[rx.Var[list[MessageRow]]],
    turn: rx.Var[int],
    gone: rx.Var[list[int]],
) -> rx.Var[list[MessageRow]]:
    """The thread as it is to be seen."""
    return _call("strung", page, rx.Var.create(list(pieces)), turn, gone).to(list[MessageRow])


def _call(function: str, *arguments: rx.Var) -> rx.Var:
    """A function of arrange.jsx, called in the browser."""
    imported = VarData(imports={_LIBRARY: [ImportVar(tag=function)]})
    words = ", ".join(str(argument) for argument in arguments)
    known = VarData.merge(imported, *(argument._get_all_var_data() for argument in arguments))
    return rx.Var(f"{function}({words})", _var_data=known)
