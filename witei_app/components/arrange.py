"""Vars that the browser puts together from pieces (arrange.jsx); which piece holds what is the states' business."""

from collections.abc import Sequence

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from witei_app.conversations.rows import ConversationRow

_LIBRARY = rx.asset("arrange.jsx", shared=True).importable_path


def arranged_rows(
    rows: rx.Var[list[ConversationRow]], pieces: Sequence[rx.Var[list[ConversationRow]]], gone: rx.Var[list[int]]
) -> rx.Var[list[ConversationRow]]:
    """The list as it is to be seen."""
    return _call("arranged", rows, rx.Var.create(list(pieces)), gone).to(list[ConversationRow])


def _call(function: str, *arguments: rx.Var) -> rx.Var:
    """A function of arrange.jsx, called in the browser."""
    imported = VarData(imports={_LIBRARY: [ImportVar(tag=function)]})
    words = ", ".join(str(argument) for argument in arguments)
    known = VarData.merge(imported, *(argument._get_all_var_data() for argument in arguments))
    return rx.Var(f"{function}({words})", _var_data=known)
