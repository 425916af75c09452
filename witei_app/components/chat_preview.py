"""What visitors will see, drawn beside the form while it is written."""

import reflex as rx

from witei_app.components.icons import icon
from witei_app.texts import say


def chat_preview(
    *,
    colour: rx.Var[str],
    ink: rx.Var[str],
    side: rx.Var[str],
    caption: rx.Var[str],
    title: rx.Var[str],
    subtitle: rx.Var[str],
    welcome: rx.Var[str],
    placeholder: rx.Var[str],
    is_on: rx.Var[bool],
) -> rx.Component:
    """A picture of the open chat and its button, with the widget's colour, side and words."""
    return rx.el.div(
        _window(title, subtitle, welcome, placeholder),
        rx.el.div(
            icon("bubble"), rx.cond(caption != "", rx.el.span(caption, class_name="cut")), class_name="chat-button"
        ),
        rx.cond(is_on, rx.fragment(), rx.el.p(say("Switched off: visitors see nothing"), class_name="chat-off")),
        class_name=rx.cond(side == "left", "chat-preview left", "chat-preview"),
        role="img",
        aria_label=say("How the chat looks"),
        style={"--chat": colour, "--chat-ink": ink},
    )


def _window(title: rx.Var[str], subtitle: rx.Var[str], welcome: rx.Var[str], placeholder: rx.Var[str]) -> rx.Component:
    head = rx.el.div(rx.el.b(title), rx.el.span(subtitle), class_name="chat-head")
    lines = rx.el.div(
        rx.el.p(welcome, class_name="chat-them"),
        rx.el.p(say("Hello, is the flat still free?"), class_name="chat-me"),
        class_name="chat-lines",
    )
    write = rx.el.div(rx.el.span(placeholder, class_name="cut"), icon("send"), class_name="chat-write")
    return rx.el.div(head, lines, write, class_name="chat-window")
