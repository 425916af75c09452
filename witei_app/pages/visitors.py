"""/visitors: who has the chat open on the agency's sites and has not written yet; one may speak first."""

import reflex as rx

from witei_app.components.empty import empty_state
from witei_app.components.form import buttons, field, paper, table, text_area
from witei_app.components.notice import refusal_notice
from witei_app.pages.frame import framed
from witei_app.state.signed_in import SignedInState
from witei_app.state.visitors import VisitorsState
from witei_app.texts import say
from witei_app.webchat.rows import PresentRow


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(visitors_page, route="/visitors", title="Visitors now", on_load=VisitorsState.arrive)


def visitors_page() -> rx.Component:
    return framed(
        "settings",
        say("Visitors now"),
        paper(
            say("Visitors now"),
            rx.cond(VisitorsState.is_loaded, rx.fragment(_speak(), _visitors())),
            lead=say("They have the chat open on your site and have not written yet."),
        ),
        notice=VisitorsState.chosen == "",
    )


def _visitors() -> rx.Component:
    return table(
        [say("Page"), say("Here since"), ""],
        VisitorsState.visitors,
        _visitor,
        label=say("Visitors now"),
        nothing=empty_state("bubble", say("Nobody has the chat open"), say("Whoever opens it appears here.")),
    )


def _visitor(one: rx.Var[PresentRow]) -> rx.Component:
    page = rx.cond(
        one.page_url != "",
        rx.el.a(one.page, href=one.page_url, target="_blank", rel="noopener noreferrer nofollow"),
        one.page,
    )
    offer = rx.el.button(say("Offer help"), type="button", class_name="button", on_click=VisitorsState.choose(one.id))
    where = rx.cond(one.country != "", rx.fragment(" · ", one.country))
    with_what = rx.el.div(rx.el.small(one.browser, " · ", one.language, where), class_name="quiet-line")
    return rx.el.tr(rx.el.td(page, with_what), rx.el.td(one.since), rx.el.td(offer), key=one.id)


def _speak() -> rx.Component:
    words = text_area(
        VisitorsState.words,
        rows=2,
        max_length=2000,
        auto_focus=True,
        placeholder=say("Hello, may I help you?"),
        on_change=VisitorsState.write,
    )
    form = rx.el.form(
        field(say("What you say first"), words),
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        buttons(
            rx.el.button(say("Send"), type="submit", class_name="button primary"),
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=VisitorsState.choose("")),
        ),
        on_submit=lambda _: VisitorsState.offer(),
        aria_label=say("Offer help"),
        class_name="offer",
    )
    return rx.cond(VisitorsState.chosen != "", form)
