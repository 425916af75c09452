"""The inputs of a web chat's form."""

from typing import Any

import reflex as rx

from witei_app.components.form import select, text_input, toggle
from witei_app.state.web_chat import WebChatState

FORM = WebChatState.form


def word(name: str, **more: Any) -> rx.Component:
    return text_input(getattr(FORM, name), on_change=lambda value: WebChatState.change(name, value), **more)


def choose(name: str, options: Any) -> rx.Component:
    return select(getattr(FORM, name), options, on_change=lambda value: WebChatState.change(name, value))


def switch(name: str, label: rx.Var[str], hint: rx.Var[str] | str = "") -> rx.Component:
    return toggle(label, getattr(FORM, name), lambda is_on: WebChatState.switch(name, is_on), hint=hint)
