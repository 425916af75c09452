"""/settings/web-chat: the chats on the agency's sites, each with its picture beside the form."""

from typing import Any
from zoneinfo import available_timezones

import reflex as rx

from witei_app.components.chat_preview import ChatPicture, chat_preview
from witei_app.components.dialog import confirm_button
from witei_app.components.empty import empty_state
from witei_app.components.form import (
    buttons,
    copy_line,
    field,
    handed_line,
    paper,
    section,
    select,
    text_area,
    text_input,
    toggle,
)
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.components.office_hours import office_hours_fields
from witei_app.pages.frame import framed
from witei_app.pages.web_chat_blocked import blocked_section
from witei_app.settings import settings
from witei_app.state.blocked import BlockedState
from witei_app.state.signed_in import SignedInState
from witei_app.state.web_chat import WebChatState
from witei_app.texts import say
from witei_app.webchat.rows import WidgetRow

FORM = WebChatState.form


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(
        web_chat_page, route="/settings/web-chat", title="Web chat", on_load=[WebChatState.arrive, BlockedState.arrive]
    )


def web_chat_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("New widget"), class_name="button", on_click=WebChatState.begin)
    nobody = empty_state("bubble", say("Web chats are the administrators' business"))
    return framed(
        "settings",
        say("Web chat"),
        paper(
            say("Web chat"),
            rx.cond(SignedInState.may.can_manage_web_chat, rx.cond(WebChatState.is_loaded, _widgets()), nobody),
            lead=say("One line puts the chat on your site. What visitors write arrives in the inbox at once."),
            actions=[rx.cond(SignedInState.may.can_manage_web_chat, new)],
            wide=True,
        ),
        notice=False,
    )


def _widgets() -> rx.Component:
    return rx.fragment(
        rx.el.nav(rx.foreach(WebChatState.widgets, _choice), class_name="widget-row", aria_label=say("Widgets")),
        rx.el.div(_form(), _beside(), class_name="widget-page", key=WebChatState.form_number),
        blocked_section(),
    )


def _choice(row: rx.Var[WidgetRow]) -> rx.Component:
    dot = rx.el.i(style={"background": row.colour})
    state = rx.cond(row.is_enabled, rx.fragment(), rx.el.small(say("off")))
    return rx.el.button(
        dot,
        rx.el.span(row.name, class_name="cut"),
        state,
        type="button",
        class_name="widget-choice",
        custom_attrs={"aria-current": rx.cond(row.id == FORM.id, "true", "false")},
        on_click=WebChatState.choose(row.id),
        key=row.id,
    )


def _form() -> rx.Component:
    return rx.el.form(
        _basics(),
        _look(),
        _texts(),
        _nudge(),
        _where(),
        _asked(),
        _hours(),
        rx.cond(FORM.id > 0, _known()),
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        buttons(rx.el.button(say("Save"), type="submit", class_name="button primary"), _delete()),
        on_submit=lambda _: WebChatState.save(),
        class_name="widget-form",
        aria_label=say("Widget"),
    )


def _word(name: str, **more: Any) -> rx.Component:
    return text_input(getattr(FORM, name), on_change=lambda value: WebChatState.change(name, value), **more)


def _choose(name: str, options: Any) -> rx.Component:
    return select(getattr(FORM, name), options, on_change=lambda value: WebChatState.change(name, value))


def _switch(name: str, label: rx.Var[str], hint: rx.Var[str] | str = "") -> rx.Component:
    return toggle(label, getattr(FORM, name), lambda is_on: WebChatState.switch(name, is_on), hint=hint)


def _basics() -> rx.Component:
    people = [
        rx.el.option(say("Nobody: they wait unassigned"), value=""),
        rx.el.option(say("Each in turn, of those who are present"), value="turn"),
    ]
    people += [rx.foreach(WebChatState.people, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"]))]
    who = rx.el.select(
        *people,
        value=FORM.assignee_id,
        class_name="input",
        on_change=lambda value: WebChatState.change("assignee_id", value),
    )
    return section(
        say("General"),
        field(say("Name"), _word("name", max_length=80), hint=say("For you alone: the site that it is for.")),
        _switch("is_enabled", say("Show the chat")),
        field(say("New chats go to"), who),
        _switch("takes_files", say("Visitors may send files and pictures")),
        rx.cond(FORM.takes_files, _files()),
    )


def _files() -> rx.Component:
    kinds = [("all", say("All kinds")), ("pictures", say("Pictures alone")), ("documents", say("Documents alone"))]
    size = _word("most_file_mb", input_mode="numeric", max_length=4, placeholder=str(settings().max_upload_mb))
    return rx.el.div(
        field(say("Kinds of files"), _choose("file_kinds", kinds)),
        field(say("At most (MB)"), size),
        class_name="two-fields",
    )


def _look() -> rx.Component:
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
            field(say("Position"), _choose("position", sides)),
            field(say("Words on the button"), _word("button_text", max_length=40), hint=say("Empty: only the sign.")),
            class_name="two-fields",
        ),
        _switch("shows_logo", say("Your logo at the head of the chat"), say("It is chosen in Settings, Workspace.")),
    )


def _contrast() -> rx.Component:
    ink = rx.cond(WebChatState.ink == "#fff", say("White letters on it"), say("Black letters on it"))
    shown = say("{letters}: contrast {ratio} to 1.", letters=ink, ratio=WebChatState.ink_contrast)
    faint = say("On a white page the button is hard to see ({ratio} to 1).", ratio=WebChatState.page_contrast)
    return rx.fragment(
        rx.el.small(shown),
        rx.cond(WebChatState.page_contrast != "", rx.el.small(faint, class_name="warned")),
    )


def _texts() -> rx.Component:
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
            hint=say("At most five. One click asks them."),
        ),
        field(say("Language of the chat"), _language()),
        hint=say("What you leave empty is said in our words."),
    )


def _nudge() -> rx.Component:
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
            field(say("After how many seconds"), _word("nudge_seconds", input_mode="numeric", max_length=3)),
            field(say("On these pages, one to a line"), pages, hint=say("Empty: on each page.")),
            class_name="two-fields",
        ),
    )
    return section(
        say("Speak first"),
        _switch("has_nudge", say("Show a line beside the button by itself, once to each visitor")),
        rx.cond(FORM.has_nudge, fields),
    )


def _language() -> rx.Component:
    return rx.el.select(
        rx.el.option(say("The page's, else the browser's"), value=""),
        rx.foreach(WebChatState.languages, lambda one: rx.el.option(one["name"], value=one["id"], key=one["id"])),
        value=FORM.language,
        class_name="input",
        on_change=lambda value: WebChatState.change("language", value),
    )


def _where() -> rx.Component:
    sites = text_area(
        FORM.sites,
        rows=3,
        placeholder="https://www.agency.com",
        spell_check=False,
        on_change=lambda value: WebChatState.change("sites", value),
    )
    return section(
        say("Sites"),
        field(say("Where it may run, one to a line"), sites, hint=say("Empty: everywhere. Other sites get nothing.")),
    )


def _asked() -> rx.Component:
    how = [("", say("Not asked")), ("optional", say("Asked")), ("required", say("Required"))]
    privacy = field(
        say("Address of your privacy policy"),
        _word("privacy_url", input_mode="url", placeholder="https://www.agency.com/privacy"),
    )
    return section(
        say("Before the first message"),
        rx.el.div(
            field(say("Name"), _choose("ask_name", how)),
            field(say("E-mail"), _choose("ask_email", how)),
            field(say("Phone"), _choose("ask_phone", how)),
            class_name="two-fields",
        ),
        _switch("has_consent", say("The visitor must agree that you use the data")),
        rx.cond(FORM.has_consent, privacy),
        hint=say("Each question costs you visitors. What they type is not verified."),
    )


def _hours() -> rx.Component:
    return section(
        say("Office hours"),
        _switch("has_hours", say("Outside these hours the chat says so and asks for an e-mail address")),
        rx.cond(
            FORM.has_hours,
            rx.fragment(
                _switch(
                    "follows_workspace",
                    say("The same hours as the workspace"),
                    say("Administrators set them under Settings, Workspace."),
                ),
                rx.cond(FORM.follows_workspace, rx.fragment(), _own_hours()),
            ),
        ),
        field(
            say("Ask for an address when nobody has answered for so many minutes"),
            _word("patience_minutes", input_mode="numeric", max_length=3),
        ),
    )


def _own_hours() -> rx.Component:
    zones = rx.el.datalist(*[rx.el.option(value=zone) for zone in sorted(available_timezones())], id="zones")
    zone = _word("time_zone", placeholder=say("The workspace's"), custom_attrs={"list": "zones"})
    return rx.fragment(
        office_hours_fields(
            FORM.days,
            FORM.holidays,
            lambda number: {"on_change": lambda value: WebChatState.change_day(number, value)},
            {"on_change": lambda value: WebChatState.change("holidays", value)},
        ),
        field(say("Time zone"), zone),
        zones,
    )


def _known() -> rx.Component:
    new = confirm_button(
        say("New secret"),
        label=say("New secret"),
        title=say("Make a new secret?"),
        body=say("What the old one signed is right for a day more, so that you can change your site."),
        action=say("Make it"),
        on_confirm=WebChatState.new_secret,
    )
    shown = rx.fragment(
        handed_line(WebChatState.secret, say("Copy the secret")),
        buttons(rx.el.button(say("Hide"), type="button", class_name="button", on_click=WebChatState.hide_secret), new),
    )
    show = rx.el.button(say("Show the secret"), type="button", class_name="button", on_click=WebChatState.show_secret)
    return section(
        say("Signed-in visitors"),
        rx.cond(WebChatState.secret != "", shown, buttons(show)),
        hint=say(
            "Your site can tell the chat who is signed in there. It signs that with this secret, on its server; "
            "without a signature the chat calls it not verified. How: docs/web-chat.md."
        ),
    )


def _delete() -> rx.Component:
    button = confirm_button(
        say("Delete"),
        label=say("Delete {name}", name=FORM.name),
        title=say("Delete this widget?"),
        body=say("The chat goes from all pages with it. The conversations stay."),
        action=say("Delete"),
        on_confirm=WebChatState.delete(FORM.id),
    )
    return rx.cond(FORM.id > 0, button)


def _beside() -> rx.Component:
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
        consent=rx.cond(FORM.has_consent, WebChatState.usual["agree"], ""),
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
