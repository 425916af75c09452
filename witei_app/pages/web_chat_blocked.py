"""Below the widgets of /settings/web-chat: who finds no chat, since when, by whom."""

import reflex as rx

from witei_app.components.form import field, section, table, text_input
from witei_app.state.blocked import BlockedState
from witei_app.texts import say
from witei_app.webchat.rows import BlockedRow


def blocked_section() -> rx.Component:
    """Visitors and addresses, and a field for one more address."""
    nobody = rx.el.p(
        say("Nobody is blocked. You can block a visitor beside their conversation."), class_name="quiet-line"
    )
    headings = [say("Who"), say("When"), say("By"), ""]
    return section(
        say("Blocked"),
        table(headings, BlockedState.blocked, _blocked, label=say("Blocked"), nothing=nobody, class_name="blocked"),
        _address(),
        hint=say("They are told that they can no longer write, in all widgets."),
    )


def _blocked(row: rx.Var[BlockedRow]) -> rx.Component:
    name = rx.cond(
        row.conversation_id > 0, rx.el.a(row.name, href=f"/conversations/{row.conversation_id}"), rx.el.span(row.name)
    )
    whose = rx.cond(row.about != "", rx.el.div(rx.el.small(row.about), class_name="quiet-line"))
    unblock = rx.el.button(
        say("Unblock"),
        type="button",
        class_name="button",
        aria_label=say("Unblock {name}", name=row.name),
        on_click=BlockedState.unblock(row.id),
    )
    return rx.el.tr(rx.el.td(name, whose), rx.el.td(row.at), rx.el.td(row.by), rx.el.td(unblock), key=row.id)


def _address() -> rx.Component:
    hint = say("For example 203.0.113.7, 203.0.113.0/24 or 2001:db8::1.")
    typed = text_input(
        BlockedState.address,
        placeholder="203.0.113.7",
        max_length=100,
        spell_check=False,
        on_change=BlockedState.write,
        key=BlockedState.number,
    )
    return rx.el.form(
        field(say("Address or network"), typed, hint=hint, fault=BlockedState.fault),
        rx.el.div(rx.el.button(say("Block"), type="submit", class_name="button")),
        on_submit=lambda _: BlockedState.block(),
        aria_label=say("Block an address"),
        class_name="block-address",
    )
