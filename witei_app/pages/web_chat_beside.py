"""What stands beside a web chat's form: the picture, and the line for the site."""

import reflex as rx

from witei_app.components.chat_preview import ChatPicture, chat_preview
from witei_app.components.form import copy_line
from witei_app.components.icons import icon
from witei_app.pages.web_chat_fields import FORM
from witei_app.state.web_chat import WebChatState
from witei_app.texts import say
from witei_app.webchat.rows import WidgetRow


def beside() -> rx.Component:
    def words(name: str) -> rx.Var[str]:
        return rx.cond(WebChatState.own[name] != "", WebChatState.own[name], WebChatState.usual[name])

    picture = ChatPicture(
        colour=WebChatState.painted,
        ink=WebChatState.ink,
        side=FORM.position,
        caption=FORM.button_text,
        is_on=FORM.is_enabled,
        logo=rx.cond(FORM.shows_logo, WebChatState.logo, ""),
        people=WebChatState.faces,
        names=WebChatState.names,
        title=words("title"),
        subtitle=words("subtitle"),
        pace=WebChatState.pace.get(WebChatState.language, ""),
        welcome=words("welcome"),
        example=WebChatState.usual["example"],
        replies=WebChatState.replies,
        asked=WebChatState.asked,
        consent=WebChatState.agreed,
        placeholder=WebChatState.usual["placeholder"],
        takes_files=FORM.takes_files,
        nudge=rx.cond(FORM.has_nudge, words("nudge"), ""),
    )
    return rx.el.aside(
        chat_preview(picture),
        rx.foreach(WebChatState.widgets, lambda row: rx.cond(row.id == FORM.id, _on_your_site(row))),
        class_name="widget-beside",
        aria_label=say("On your site"),
    )


def _on_your_site(row: rx.Var[WidgetRow]) -> rx.Component:
    seen = rx.cond(row.seen != "", row.seen, say("Not seen on any page yet."))
    return rx.el.div(
        rx.el.h2(say("On your site")),
        rx.el.p(say("Paste this line before </body>, on each page."), class_name="quiet-line"),
        copy_line(row.snippet, say("Copy the line")),
        rx.el.p(icon("check", "small"), seen, class_name=rx.cond(row.seen != "", "widget-seen", "widget-seen never")),
        key=row.id,
    )
