"""Where the visitor of a web chat is, among the details."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.conversations.rows import VisitRow
from witei_app.texts import say


def visit_facts(visit: rx.Var[VisitRow], actions: dict[str, Any], *, may_end: Any = True) -> rx.Component:
    """The heading "Visit" and what is known; nothing where there is no visitor.

    `actions`: "shut_out" closes the chat to them; "block", "unblock" and "block_address" keep them out of all;
    `may_end` says whether these are offered.
    """
    page = rx.cond(
        visit.page_url != "",
        rx.el.a(visit.page, href=visit.page_url, target="_blank", rel="noopener noreferrer nofollow"),
        visit.page,
    )
    facts = rx.el.dl(
        *_fact(say("Signed in as"), visit.account, _how_sure(visit.account, visit.is_proven)),
        *_fact(say("E-mail"), visit.email, _how_sure(visit.email, visit.is_email_proven)),
        *_fact(say("Phone"), visit.phone, _unverified(visit.phone)),
        *_fact(say("Page"), visit.page, page),
        *_fact(say("Came from"), visit.referrer),
        *_fact(say("Browser"), visit.browser),
        *_fact(say("Language"), visit.language),
        *_fact(say("Country"), visit.country),
        *_fact(say("Local time"), visit.local_time),
        *_fact(say("Blocked by"), visit.blocked),
    )
    heading = rx.el.div(rx.el.h2(say("Visit")), class_name="section")
    step = rx.foreach(
        visit.path,
        lambda page: rx.el.li(
            rx.el.time(page.at),
            rx.el.a(page.title, href=page.url, target="_blank", rel="noopener noreferrer nofollow", class_name="cut"),
        ),
    )
    path = rx.el.details(rx.el.summary(say("Pages in this visit")), rx.el.ol(step), class_name="visit-path")
    end = rx.cond(may_end, _ends(visit, actions)) if "shut_out" in actions else rx.fragment()
    shown = rx.fragment(heading, facts, rx.cond(visit.path.length() > 0, path), end)
    return rx.cond((visit.browser != "") | (visit.page != ""), shown)


def _unverified(value: rx.Var[str]) -> rx.Component:
    return rx.fragment(value, " ", rx.el.small(say("not verified"), class_name="unverified"))


def _ends(visit: rx.Var[VisitRow], actions: dict[str, Any]) -> rx.Component:
    blocked = rx.fragment(
        _word_button(say("Unblock"), actions["unblock"]),
        rx.cond(visit.has_address, _block_address(actions["block_address"])),
    )
    free = rx.fragment(_shut_out(actions["shut_out"]), _block(actions["block"]))
    return rx.el.div(rx.cond(visit.blocked != "", blocked, free), class_name="visit-ends")


def _block(on_confirm: Any) -> rx.Component:
    body = say("They are told that they can no longer write in the chat. It can be undone here and in the settings.")
    return _asked(say("Block this visitor"), say("Block this visitor?"), body, say("Block"), on_confirm)


def _block_address(on_confirm: Any) -> rx.Component:
    title = say("Block the address that they wrote from?")
    body = say("Nobody there finds the chat any more. That may be a whole office, or many people on a mobile network.")
    return _asked(say("Block their address too"), title, body, say("Block"), on_confirm)


def _shut_out(on_confirm: Any) -> rx.Component:
    title = say("Close the chat to this visitor?")
    body = say("Every browser that has this chat open loses it, and links sent by e-mail stop working. You keep it.")
    return _asked(say("Close the chat to this visitor"), title, body, say("Close it"), on_confirm)


def _asked(
    label: rx.Var[str], title: rx.Var[str], body: rx.Var[str], action: rx.Var[str], on_confirm: Any
) -> rx.Component:
    more = {"title": title, "body": body, "action": action, "on_confirm": on_confirm}
    return confirm_button(label, label=label, class_name="text-button", **more)


def _how_sure(value: rx.Var[str], is_proven: rx.Var[bool]) -> rx.Component:
    sure = rx.fragment(value, " ", rx.el.small(say("verified"), class_name="verified"))
    return rx.cond(is_proven, sure, _unverified(value))


def _word_button(label: rx.Var[str], on_click: Any) -> rx.Component:
    return rx.el.button(label, type="button", class_name="text-button", on_click=on_click)


def _fact(label: rx.Var[str], value: rx.Var[str], shown: object = None) -> tuple[rx.Component, rx.Component]:
    return (
        rx.cond(value != "", rx.el.dt(label)),
        rx.cond(value != "", rx.el.dd(shown if shown is not None else value)),
    )
