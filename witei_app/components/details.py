"""The contact beside the thread."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.dialog import confirm_button
from witei_app.components.icons import icon
from witei_app.components.palette import as_command
from witei_app.components.parts.page import DetailsToggle
from witei_app.components.skeleton import bone
from witei_app.components.visit import visit_facts
from witei_app.conversations.rows import CardRow, DetailsRow
from witei_app.crm.rows import NoteRow
from witei_app.texts import say


def details_panel(
    details: rx.Var[DetailsRow],
    *,
    is_loading: rx.Var[bool],
    contact_form: rx.Component | None = None,
    address_form: rx.Component | None = None,
    note_form: rx.Component | None = None,
    ticket_form: rx.Component | None = None,
    editing: rx.Var[str] | None = None,
    actions: dict[str, Any] | None = None,
    may: Mapping[str, Any] | None = None,
) -> rx.Component:
    """The complementary "Conversation details".

    `editing` names the part that is a form now: "contact", "note", "ticket" or "". `actions` are handlers: `contact`,
    `note`, `ticket` and `quote` begin one; `change_note(id)` and `remove_note(id)` are about own notes, and
    `merge_conversation(id)` about one of the history. `may` says when they are offered.
    """
    forms = {"contact": contact_form, "addresses": address_form, "note": note_form, "ticket": ticket_form}
    return rx.el.aside(
        _close(),
        rx.cond(is_loading, _waiting(), _known(details, forms, editing, actions or {}, may or {})),
        class_name="details",
        aria_label=say("Conversation details"),
    )


def heading_action(
    label: rx.Var[str], on_click: Any, name: rx.Var[str] | None = None, *, is_command: bool = False
) -> rx.Component:
    """A word beside a heading that does something: "Edit", "Add". `name` says what to whoever only hears it, and in the
    command palette, if it `is_command`."""
    named: dict[str, Any] = {} if name is None else {"aria_label": name, "title": name}
    offered = as_command() if is_command else {}
    return rx.el.button(label, type="button", class_name="text-button", on_click=on_click, **named, **offered)


def _known(
    details: rx.Var[DetailsRow],
    forms: dict[str, Any],
    editing: Any,
    actions: dict[str, Any],
    may: Mapping[str, Any],
) -> rx.Component:
    def begin(part: str, word: rx.Var[str], name: rx.Var[str]) -> rx.Component:
        return heading_action(word, actions[part], name, is_command=True)

    def action(part: str, word: rx.Var[str], name: rx.Var[str]) -> rx.Component | None:
        return rx.cond(may.get(part, True), begin(part, word, name)) if part in actions else None

    def form_of(part: str) -> list[Any]:
        return [rx.cond(editing == part, forms[part])] if forms.get(part) is not None else []

    facts = _facts(details)
    if forms["contact"] is not None:
        facts = rx.cond(editing == "contact", rx.fragment(forms["contact"], _addresses(details, forms, actions)), facts)
    return rx.fragment(
        _who(details),
        _heading(say("Contact"), action("contact", say("Edit"), say("Edit contact"))),
        facts,
        visit_facts(details.visit, actions, may_end=may.get("end_visit", True)),
        _heading(say("Notes"), action("note", say("Add"), say("Add note"))),
        *form_of("note"),
        _notes(details.notes, actions),
        _heading(say("History")),
        _history(details.history, actions, may),
        _heading(say("Tickets"), action("ticket", say("New"), say("Open ticket"))),
        *form_of("ticket"),
        _cards(details.tickets, say("No tickets.")),
        _heading(say("Quotes"), action("quote", say("New"), say("New quote"))),
        _cards(details.quotes, say("No quotes.")),
    )


def _addresses(details: rx.Var[DetailsRow], forms: dict[str, Any], actions: dict[str, Any]) -> rx.Component:
    """Below the contact's form: its other addresses, and that it may be somebody who is here twice."""
    parts: list[Any] = []
    if forms["addresses"] is not None:
        parts += [rx.el.h3(say("Also written from")), forms["addresses"]]
    if "merge" in actions:
        parts.append(heading_action(say("Merge with another contact"), actions["merge"](details.contact_id)))
    return rx.el.div(*parts, class_name="pane-more")


def _notes(notes: rx.Var[list[NoteRow]], actions: dict[str, Any]) -> rx.Component:
    nothing = rx.el.p(say("No notes about this contact."), class_name="nothing")
    return rx.cond(notes.length() > 0, rx.foreach(notes, lambda note: note_card(note, actions)), nothing)


def note_card(note: rx.Var[NoteRow], actions: dict[str, Any]) -> rx.Component:
    """A note; its author may change and delete it."""
    parts: list[Any] = [rx.el.span(note.body, class_name="body"), rx.el.small(note.detail)]
    if "change_note" in actions:
        own = rx.el.span(
            heading_action(say("Edit"), actions["change_note"](note.id), say("Edit note")),
            _remove_note(actions["remove_note"](note.id)),
            class_name="own",
        )
        parts.append(rx.cond(note.is_own, own))
    return rx.el.div(*parts, class_name="card note-card", key=note.id)


def _remove_note(on_confirm: Any) -> rx.Component:
    return confirm_button(
        say("Delete"),
        label=say("Delete note"),
        title=say("Delete this note?"),
        body=say("This is deleted for good, for everybody. Nobody can bring it back."),
        action=say("Delete"),
        on_confirm=on_confirm,
        class_name="text-button",
    )


def _who(details: rx.Var[DetailsRow]) -> rx.Component:
    place = rx.cond(details.place != "", rx.el.span(details.place, class_name="place"))
    return rx.el.div(
        avatar(details.initials, details.tint, "large"),
        rx.el.div(rx.el.b(_breakable(details.name), class_name="clamp"), place),
        class_name="who",
    )


def _facts(details: rx.Var[DetailsRow]) -> rx.Component:
    return rx.el.dl(
        *_fact(say("Responsible"), details.responsible),
        *_fact(say("E-mail"), details.email, "mailto:"),
        *_written_from(details),
        *_fact(say("Phone"), details.phone, "tel:"),
        *_fact(say("Local time"), details.local_time),
        *_fact(say("Language"), details.language),
        *_fact(say("Origin"), details.origin),
        *_fact(say("Created"), details.created),
    )


def _written_from(details: rx.Var[DetailsRow]) -> tuple[rx.Component, rx.Component]:
    has_some = details.addresses.length() > 0
    lines = rx.foreach(details.addresses, lambda one: rx.el.div(one.address, key=one.id))
    return rx.cond(has_some, rx.el.dt(say("Also from"))), rx.cond(has_some, rx.el.dd(lines))


def _fact(label: rx.Var[str], value: rx.Var[str], scheme: str = "") -> tuple[rx.Component, rx.Component]:
    shown = rx.el.a(_breakable(value), href=rx.Var.create(f"{scheme}{value}")) if scheme else value
    return (
        rx.cond(value != "", rx.el.dt(label)),
        rx.cond(value != "", rx.el.dd(shown)),
    )


def _breakable(address: rx.Var[str]) -> rx.Component:
    """An address that does not fit goes on before its @, so that no single letter hangs over."""
    parts = address.split("@")
    return rx.fragment(parts[0], rx.cond(parts.length() > 1, rx.fragment(rx.el.wbr(), "@", parts[1])))


def _heading(label: rx.Var[str], action: rx.Component | None = None) -> rx.Component:
    return rx.el.div(rx.el.h2(label), *([] if action is None else [action]), class_name="section")


def _cards(cards: rx.Var[list[CardRow]], nothing: rx.Var[str]) -> rx.Component:
    return rx.cond(cards.length() > 0, rx.foreach(cards, _card), rx.el.p(nothing, class_name="nothing"))


def _history(cards: rx.Var[list[CardRow]], actions: dict[str, Any], may: Mapping[str, Any]) -> rx.Component:
    def earlier(card: rx.Var[CardRow]) -> rx.Component:
        merge = rx.cond(card.is_mail & may["merge_conversation"], _merge(card, actions["merge_conversation"](card.id)))
        return rx.el.li(_card(card), merge, key=card.id)

    nothing = rx.el.p(say("No earlier conversations."), class_name="nothing")
    return rx.cond(cards.length() > 0, rx.el.ul(rx.foreach(cards, earlier), class_name="linked"), nothing)


def _merge(card: rx.Var[CardRow], on_confirm: Any) -> rx.Component:
    return confirm_button(
        icon("merge", "small"),
        label=say("Merge with “{title}”", title=card.title),
        title=say("Merge the two conversations?"),
        body=say(
            "The messages of this one and of “{title}” become one conversation, in the order in which they were "
            "written, and answers to either arrive there. This cannot be undone.",
            title=card.title,
        ),
        action=say("Merge"),
        on_confirm=on_confirm,
        class_name="button quiet square",
    )


def _card(card: rx.Var[CardRow]) -> rx.Component:
    inside = rx.fragment(rx.el.span(card.title, class_name="clamp"), rx.el.small(card.detail))
    return rx.cond(
        card.url != "",
        rx.el.a(inside, href=card.url, class_name="card", key=card.id),
        rx.el.div(inside, class_name="card", key=card.id),
    )


def _close() -> rx.Component:
    return DetailsToggle.create(icon("close"), label=say("Close details"), class_name="button quiet square close")


def _waiting() -> rx.Component:
    face = rx.el.div(bone("44px", "44px", "round"), rx.el.div(bone("150px", "14px")), class_name="who")
    lines = [
        rx.el.div(
            bone("64px", "9px"), bone("140px", "9px"), style={"display": "flex", "gap": "28px", "margin": "14px 0"}
        )
    ]
    return rx.el.div(face, *lines * 5, aria_hidden=True)
