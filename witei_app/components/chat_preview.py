"""What visitors will see, drawn beside the form while it is written."""

from dataclasses import dataclass

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.icons import icon
from witei_app.conversations.rows import PersonRow
from witei_app.texts import say


@dataclass(frozen=True)
class ChatPicture:
    """What the picture is made of; all of it are vars."""

    colour: rx.Var[str]
    ink: rx.Var[str]
    side: rx.Var[str]
    caption: rx.Var[str]
    is_on: rx.Var[bool]
    logo: rx.Var[str]
    people: rx.Var[list[PersonRow]]
    names: rx.Var[str]
    title: rx.Var[str]
    subtitle: rx.Var[str]
    pace: rx.Var[str]
    welcome: rx.Var[str]
    example: rx.Var[str]
    replies: rx.Var[list[str]]
    asked: rx.Var[list[str]]
    consent: rx.Var[str]
    placeholder: rx.Var[str]
    takes_files: rx.Var[bool]
    nudge: rx.Var[str]


def chat_preview(chat: ChatPicture) -> rx.Component:
    """The open chat and its button, with the widget's colour, side and words."""
    button = rx.el.div(
        icon("bubble"),
        rx.cond(chat.caption != "", rx.el.span(chat.caption, class_name="cut")),
        class_name="chat-button",
    )
    nudge = rx.cond(chat.nudge != "", rx.el.p(chat.nudge, class_name="chat-nudge"))
    return rx.el.div(
        rx.el.div(_head(chat), _lines(chat), _write(chat), class_name="chat-window"),
        rx.el.div(nudge, button, class_name="chat-foot"),
        rx.cond(chat.is_on, rx.fragment(), rx.el.p(say("Switched off: visitors see nothing"), class_name="chat-off")),
        class_name=rx.cond(chat.side == "left", "chat-preview left", "chat-preview"),
        role="img",
        aria_label=say("How the chat looks"),
        style={"--chat": chat.colour, "--chat-ink": chat.ink},
    )


def _head(chat: ChatPicture) -> rx.Component:
    faces = rx.foreach(chat.people, lambda one: rx.el.i(avatar(one.initials, one.tint, person=one.id), key=one.id))
    return rx.el.div(
        rx.cond(chat.logo != "", rx.el.img(src=chat.logo, alt="")),
        rx.cond(
            chat.people.length() > 0,
            rx.el.div(faces, rx.el.span(chat.names, class_name="cut"), class_name="chat-faces"),
        ),
        rx.el.b(chat.title),
        rx.el.span(chat.subtitle),
        rx.cond(chat.pace != "", rx.el.span(chat.pace)),
        class_name="chat-head",
    )


def _lines(chat: ChatPicture) -> rx.Component:
    question = rx.el.p(chat.example, class_name="chat-me")
    is_begun = (chat.replies.length() == 0) & (chat.asked.length() == 0) & (chat.consent == "")
    return rx.el.div(
        rx.el.p(chat.welcome, class_name="chat-them"), rx.cond(is_begun, question), class_name="chat-lines"
    )


def _write(chat: ChatPicture) -> rx.Component:
    asked = rx.el.div(
        rx.foreach(chat.asked, lambda name: rx.el.span(name, key=name)),
        rx.cond(chat.consent != "", rx.el.small("☐ ", chat.consent)),
        class_name="chat-asked",
    )
    replies = rx.el.div(rx.foreach(chat.replies, lambda text: rx.el.span(text, key=text)), class_name="chat-replies")
    return rx.fragment(
        rx.cond((chat.asked.length() > 0) | (chat.consent != ""), asked),
        rx.cond(chat.replies.length() > 0, replies),
        rx.el.div(
            rx.el.span(chat.placeholder, class_name="cut"),
            icon("smile"),
            rx.cond(chat.takes_files, icon("clip")),
            icon("send"),
            class_name="chat-write",
        ),
    )
