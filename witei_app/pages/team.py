"""/settings/team: users, their permissions, invitations, leaving."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.dialog import confirm_button, dialog, dialog_actions
from witei_app.components.empty import empty_state
from witei_app.components.form import (
    field,
    handed_line,
    paper,
    save_button,
    select,
    state_chip,
    table,
    table_row,
    text_input,
    toggle,
)
from witei_app.components.icons import icon
from witei_app.components.notice import refusal_notice
from witei_app.components.parts.chosen import Choice
from witei_app.components.permissions import permission_fields
from witei_app.pages.frame import framed
from witei_app.state.signed_in import SignedInState
from witei_app.state.team import MemberRow, TeamState
from witei_app.texts import say

SET_NAMES = {"agent": "Agent", "senior": "Senior agent", "manager": "Manager", "read_only": "Read only"}
# What is said of levels that were chosen one by one.
SCOPE_NAMES = {"all": "All conversations", "own_and_unassigned": "Own and unassigned", "own": "Own conversations"}
SCOPE_NAMES |= {"none": "No conversations"}


def add(app: rx.App) -> None:
    """Give the app this page."""
    app.add_page(team_page, route="/settings/team", title="Team", on_load=TeamState.arrive)


def team_page() -> rx.Component:
    new = rx.el.button(icon("plus"), say("Invite"), class_name="button primary", on_click=TeamState.begin)
    has_dialog = (TeamState.editing != 0) | (TeamState.leaving > 0)
    return framed(
        "settings",
        say("Team"),
        rx.cond(
            TeamState.is_admin,
            paper(
                say("Team"),
                rx.cond(TeamState.link != "", _link()),
                rx.el.div(_table(), class_name="team-list"),
                _access_dialog(),
                _leaving_dialog(),
                lead=say("As many users as you like, one for each person."),
                actions=[new],
            ),
            empty_state("gear", say("For administrators"), say("Only administrators see this page.")),
        ),
        notice=~has_dialog,
    )


def _link() -> rx.Component:
    words = say("There is no mail server yet, so pass this link on yourself. It works once, within seven days.")
    return rx.el.div(
        rx.el.p(words, class_name="quiet-line"),
        handed_line(TeamState.link, say("Copy the invitation link")),
        class_name="spaced",
        role="status",
    )


def _table() -> rx.Component:
    headings: list[str | rx.Var[str]] = [say("Name"), say("Permissions"), say("State"), ""]
    return table(headings, TeamState.team, _line, label=say("Team"))


def _line(row: rx.Var[MemberRow]) -> rx.Component:
    here = rx.cond(row.is_present, rx.el.span(say("here now"), class_name="hidden-text"))
    face = rx.el.span(
        avatar(row.initials, row.tint, "small", person=row.id),
        here,
        class_name=rx.cond(row.is_present, "face here-now", "face"),
    )
    name = rx.el.div(
        face,
        rx.el.div(rx.el.div(rx.el.b(row.name), class_name="cut"), rx.el.div(row.email, class_name="cut quiet-line")),
        class_name="member",
    )
    names = {"admin": "Administrator", **SET_NAMES, **SCOPE_NAMES}
    levels = rx.match(row.levels, *[(key, say(name)) for key, name in names.items()], "")
    state = rx.match(
        row.state,
        (
            "active",
            rx.cond(
                row.is_away,
                state_chip(say("away"), "wait"),
                rx.cond(row.is_present, state_chip(say("here now"), "good"), state_chip(say("active"), "")),
            ),
        ),
        ("invited", state_chip(say("invited"), "wait")),
        state_chip(say("deactivated"), "bad"),
    )
    actions = rx.match(row.state, ("active", _of_active(row)), ("invited", _of_invited(row)), _of_gone(row))
    return table_row(row.id, name, levels, state, actions)


def _of_active(row: rx.Var[MemberRow]) -> rx.Component:
    change = _button(say("Permissions"), say("Permissions of {name}", name=row.name), TeamState.edit(row.id))
    leave = _button(say("Deactivate"), say("Deactivate {name}", name=row.name), TeamState.begin_leaving(row.id))
    app = confirm_button(
        say("Turn off the app"),
        label=say("Turn off the authenticator app of {name}", name=row.name),
        title=say("Turn off the authenticator app of {name}?", name=row.name),
        body=say(
            "For somebody who has lost both phone and recovery codes. Make sure that it really is {name} who asks.",
            name=row.name,
        ),
        action=say("Turn off"),
        on_confirm=TeamState.forget_app(row.id),
        class_name="button quiet",
    )
    others = rx.fragment(rx.cond(row.has_app, app), leave)
    return rx.fragment(change, rx.cond(row.is_me, rx.fragment(), others))


def _of_invited(row: rx.Var[MemberRow]) -> rx.Component:
    again = _button(say("Send again"), say("Send {name} the invitation again", name=row.name), TeamState.again(row.id))
    withdraw = confirm_button(
        say("Withdraw"),
        label=say("Withdraw the invitation of {name}", name=row.name),
        title=say("Withdraw this invitation?"),
        body=say("The link that was sent no longer works."),
        action=say("Withdraw"),
        on_confirm=TeamState.withdraw(row.id),
        class_name="button quiet",
    )
    return rx.fragment(again, withdraw)


def _of_gone(row: rx.Var[MemberRow]) -> rx.Component:
    return _button(say("Bring back"), say("Bring {name} back", name=row.name), TeamState.bring_back(row.id))


def _button(label: rx.Var[str], name: rx.Var[str], on_click: rx.event.EventSpec) -> rx.Component:
    return rx.el.button(label, type="button", class_name="button quiet", aria_label=name, on_click=on_click)


def _access_dialog() -> rx.Component:
    is_new = TeamState.editing < 0
    who = rx.el.div(
        field(
            say("E-mail"),
            text_input(name="email", type="email", required=True, max_length=320, custom_attrs={"data-first": ""}),
        ),
        field(say("Name"), text_input(name="name", max_length=255)),
        class_name="two-fields",
    )
    admin = toggle(
        say("Administrator"),
        TeamState.makes_admin,
        TeamState.set_admin,
        hint=say("May do everything, and manages users and settings."),
    )
    form = rx.el.form(
        refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
        rx.cond(is_new, who),
        admin,
        rx.cond(TeamState.makes_admin, rx.fragment(), _levels()),
        rx.cond(TeamState.must_pass_on, _passing_on()),
        dialog_actions(
            rx.el.button(say("Cancel"), type="button", class_name="button", on_click=TeamState.close),
            save_button(rx.cond(is_new, say("Send the invitation"), say("Save"))),
        ),
        on_submit=TeamState.save,
        class_name="dialog-fields",
    )
    title = rx.cond(is_new, say("Invite somebody"), say("Permissions of {name}", name=TeamState.edited_name))
    return dialog(TeamState.editing != 0, title, form, on_close=TeamState.close)


def _levels() -> rx.Component:
    sets = [*((key, say(name)) for key, name in SET_NAMES.items()), ("", say("Chosen one by one"))]
    return rx.fragment(
        field(say("Ready-made set"), select(TeamState.level_set, sets, on_change=TeamState.choose_set)),
        permission_fields(TeamState.levels, TeamState.set_level),
    )


def _passing_on() -> rx.Component:
    words = say(
        "{name} may not answer the {n} open conversations any more.",
        name=TeamState.edited_name,
        n=TeamState.hand_over.conversations,
    )
    choose = _successor(say("They stay where they are"))
    return rx.el.div(field(say("Who gets the open conversations"), choose, hint=words), role="status")


def _successor(unchosen: rx.Var[str], **attributes: Any) -> rx.Component:
    people = rx.foreach(TeamState.successors, lambda row: rx.el.option(row.name, value=row.id.to_string(), key=row.id))
    return Choice.create(
        rx.el.option(unchosen, value=""),
        rx.el.option(say("Nobody: unassigned"), value="0"),
        people,
        value=TeamState.successor,
        on_change=TeamState.set_successor,
        class_name="input",
        **attributes,
    )


def _leaving_dialog() -> rx.Component:
    counts = say(
        "Handed over, so that nothing is lost: contacts {contacts}, open conversations {conversations}, open tickets "
        "{tickets}, quotes without an answer {quotes}.",
        contacts=TeamState.hand_over.contacts,
        conversations=TeamState.hand_over.conversations,
        tickets=TeamState.hand_over.tickets,
        quotes=TeamState.hand_over.quotes,
    )
    return dialog(
        TeamState.leaving > 0,
        say("Deactivate {name}", name=TeamState.leaving_name),
        rx.el.div(
            refusal_notice(SignedInState.notice, SignedInState.dismiss_notice),
            rx.el.p(counts),
            field(say("To whom"), _successor(say("Choose…"), custom_attrs={"data-first": ""})),
            dialog_actions(
                rx.el.button(say("Cancel"), type="button", class_name="button", on_click=TeamState.close),
                rx.el.button(
                    say("Deactivate"),
                    type="button",
                    class_name="button danger",
                    on_click=TeamState.leave,
                    disabled=TeamState.successor == "",
                ),
            ),
            class_name="dialog-fields",
        ),
        on_close=TeamState.close,
    )
