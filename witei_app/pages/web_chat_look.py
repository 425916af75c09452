"""How a web chat looks and what it says."""

from typing import Any

import reflex as rx

from witei_app.components.form import field, section, select, text_area, text_input
from witei_app.components.parts.chosen import Choice
from witei_app.pages.web_chat_fields import FORM, choose, switch, word
from witei_app.state.web_chat import WebChatState
from witei_app.texts import say


def look() -> rx.Component:
    picker = rx.el.input(
        type="color",
        value=WebChatState.painted,
        aria_label=say("Choose the colour"),
        class_name="colour",
        on_change=lambda value: WebChatState.change("colour", value),
    )
    colour = rx.el.div(
        picker,
        rx.el.input(
            value=FORM.colour,
            class_name="input",
            max_length=7,
            aria_label=say("Colour"),
            on_change=lambda value: WebChatState.change("colour", value),
        ),
        class_name="colour-line",
    )
    sides = [("right", say("At the right")), ("left", say("At the left"))]
    return section(
        say("Look"),
        rx.el.div(rx.el.span(say("Colour"), class_name="field-name"), colour, _contrast(), class_name="field"),
        rx.el.div(
            field(say("Position"), choose("position", sides)),
            field(
                say("Words on the button"),
                word("button_text", max_length=40),
                hint=say("Leave it empty to show only the icon."),
            ),
            class_name="two-fields",
        ),
        switch("shows_logo", say("Your logo at the head of the chat"), say("Choose it in Settings, Workspace.")),
    )


def _contrast() -> rx.Component:
    ink = rx.cond(WebChatState.ink == "#fff", say("White letters on it"), say("Black letters on it"))
    shown = say("{letters}: contrast {ratio} to 1.", letters=ink, ratio=WebChatState.ink_contrast)
    faint = say("On a white page the button is hard to see ({ratio} to 1).", ratio=WebChatState.page_contrast)
    return rx.fragment(
        rx.el.small(shown),
        rx.cond(WebChatState.page_contrast != "", rx.el.small(faint, class_name="warned")),
    )


def texts() -> rx.Component:
    languages = select(WebChatState.language, WebChatState.languages, on_change=WebChatState.show_language)

    def own(name: str, make: Any, **more: Any) -> rx.Component:
        return make(
            WebChatState.own[name],
            on_change=lambda value: WebChatState.change_text(name, value),
            **({"placeholder": WebChatState.usual[name]} | more),
        )

    return section(
        say("Texts"),
        field(say("In this language"), languages),
        field(say("Title"), own("title", text_input, max_length=80)),
        field(say("Line below it"), own("subtitle", text_input, max_length=160)),
        field(say("Welcome"), own("welcome", text_area, rows=3, max_length=1000)),
        field(
            say("Questions to begin with, one to a line"),
            own("replies", text_area, rows=3, max_length=400, placeholder=""),
            hint=say("Five at most. Visitors ask them with one click."),
        ),
        field(say("Language of the chat"), _language()),
        hint=say("What you leave empty uses our own words."),
    )


def nudge() -> rx.Component:
    pages = text_area(
        FORM.nudge_pages,
        rows=2,
        placeholder="/flats/*",
        spell_check=False,
        on_change=lambda value: WebChatState.change("nudge_pages", value),
    )
    line = text_input(
        WebChatState.own["nudge"],
        placeholder=WebChatState.usual["nudge"],
        max_length=160,
        on_change=lambda value: WebChatState.change_text("nudge", value),
    )
    fields = rx.fragment(
        field(say("What it says"), line, hint=say("In the language that is chosen above.")),
        rx.el.div(
            field(say("After how many seconds"), word("nudge_seconds", input_mode="numeric", max_length=3)),
            field(say("On these pages, one to a line"), pages, hint=say("Empty: on each page.")),
            class_name="two-fields",
        ),
    )
    return section(
        say("Speak first"),
        switch("has_nudge", say("Show a line beside the button by itself, once to each visitor")),
        rx.cond(FORM.has_nudge, fields),
    )


def _language() -> rx.Component:
    return Choice.create(
        rx.el.option(say("The page's, else the browser's"), value=""),
        rx.foreach(WebChatState.languages, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"])),
        value=FORM.language,
        class_name="input",
        on_change=lambda value: WebChatState.change("language", value),
    )
