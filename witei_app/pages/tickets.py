"""/tickets and /tickets/{id}."""

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.contact_form import PRIORITIES, choice, person_choice
from witei_app.components.crm import (
    TICKET_STATES,
    missing,
    more_button,
    record_address,
    search_line,
    state_tabs,
    tickets_table,
)
from witei_app.components.form import buttons, field, paper, save_button, section, select, text_area, text_input
from witei_app.components.icons import icon
from witei_app.components.parts.chosen import Choice
from witei_app.components.parts.records import FormFollower
from witei_app.conversations.rows import CardRow
from witei_app.crm.rows import TicketEntryRow
from witei_app.pages.frame import framed, of_address, waiting
from witei_app.pages.new_record import new_record, new_record_button
from witei_app.state.new_record import NewRecordState
from witei_app.state.tickets import TicketsState, TicketState
from witei_app.texts import say

STATES = {"open": "open", "waiting": "waiting", "closed": "closed"}


def add(app: rx.App) -> None:
    """Give the app these pages."""
    app.add_page(tickets_page, route="/tickets", title="Tickets", on_load=TicketsState.arrive)
    app.add_page(ticket_page, route="/tickets/[ticket_number]", title="Ticket", on_load=TicketState.arrive)


def tickets_page() -> rx.Component:
    chosen = TicketsState.chosen
    tabs = state_tabs(TICKET_STATES, chosen["state"], lambda state: TicketsState.narrow("state", state))
    priorities = [("", say("Any priority")), *((name, say(label)) for name, label in PRIORITIES.items())]
    priority = select(
        chosen["priority"],
        priorities,
        on_change=lambda value: TicketsState.narrow("priority", value),
        aria_label=say("Priority"),
    )
    return framed(
        "tickets",
        say("Tickets"),
        paper(
            say("Tickets"),
            record_address("/tickets", TicketsState),
            search_line(TicketsState.search, "Search contacts", TicketsState.find, tabs, priority, _assignee()),
            rx.cond(TicketsState.is_loaded, tickets_table(TicketsState.rows)),
            more_button(TicketsState.next_id, TicketsState.more),
            new_record(say("Open ticket"), "ticket"),
            actions=[new_record_button(say("Open ticket"), "ticket")],
            wide=True,
        ),
        notice=NewRecordState.kind == "",
    )


def _assignee() -> rx.Component:
    fixed = {"": "Everybody’s", "mine": "Mine", "nobody": "Nobody’s"}
    return Choice.create(
        *[rx.el.option(say(label), value=value) for value, label in fixed.items()],
        rx.foreach(TicketsState.people, lambda user: rx.el.option(user.name, value=user.id.to_string(), key=user.id)),
        value=TicketsState.chosen["assignee"],
        on_change=lambda value: TicketsState.narrow("assignee", value),
        aria_label=say("Assignee"),
        class_name="input",
    )


def ticket_page() -> rx.Component:
    head = TicketState.head
    gone = missing("ticket", "This ticket is not here, or you may not see it.", "/tickets", "All tickets")
    title = say("Ticket #{number}", number=head.number)
    page = paper(head.title, _links(), _form(), _conversations(), _history())
    return framed(
        "tickets",
        title,
        of_address(TicketState.asked_id, rx.cond(TicketState.is_missing, gone, rx.cond(head.id > 0, page, waiting()))),
    )


def _links() -> rx.Component:
    head = TicketState.head
    return rx.el.div(
        rx.el.span(say("Ticket #{number}", number=head.number), class_name="quiet-line"),
        rx.el.a(head.contact, href=rx.Var.create(f"/contacts/{head.contact_id}")),
        rx.el.span(head.created, class_name="quiet-line"),
        class_name="list-tools",
    )


def _conversations() -> rx.Component:
    def line(card: rx.Var[CardRow]) -> rx.Component:
        unlink = say("Unlink")
        link = rx.el.a(card.title, rx.el.small(card.detail), href=card.url, class_name="card")
        button = rx.el.button(
            icon("close", "small"),
            type="button",
            class_name="button quiet square",
            aria_label=rx.Var.create(f"{unlink}: {card.title}"),
            title=unlink,
            on_click=TicketState.unlink(card.id),
        )
        return rx.el.li(link, rx.cond(TicketState.may.can_write, button), key=card.id)

    options = rx.foreach(
        TicketState.linkable,
        lambda card: rx.el.option(
            rx.Var.create(f"{card.title} ({card.detail})"), value=card.id.to_string(), key=card.id
        ),
    )
    form = rx.el.form(
        rx.el.select(options, name="conversation", aria_label=say("Another conversation"), class_name="input"),
        rx.el.button(say("Link"), type="submit", class_name="button"),
        on_submit=TicketState.link,
        class_name="address-add",
    )
    listed = rx.el.ul(
        rx.foreach(TicketState.linked, line), class_name="linked", role="list", aria_label=say("Conversations")
    )
    nothing = rx.el.p(say("No conversation is linked with this ticket."), class_name="nothing")
    can_link = TicketState.may.can_write & (TicketState.linkable.length() > 0)
    return section(
        say("Conversations"), rx.cond(TicketState.linked.length() > 0, listed, nothing), rx.cond(can_link, form)
    )


def _history() -> rx.Component:
    def line(entry: rx.Var[TicketEntryRow]) -> rx.Component:
        body = rx.cond(entry.body != "", rx.el.div(entry.body, class_name="comment"))
        head = rx.el.div(rx.el.span(entry.text), " ", rx.el.time(entry.when, title=entry.at))
        return rx.el.li(
            avatar(entry.initials, entry.tint, "small"),
            rx.el.div(head, body),
            class_name=rx.cond(entry.is_comment, "spoken", ""),
            key=entry.id,
        )

    fault = TicketState.comment_fault
    form = rx.el.form(
        rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
        field(say("Comment"), text_area(TicketState.comment, name="body", rows="3", max_length=10_000)),
        buttons(rx.el.button(say("Add comment"), type="submit", class_name="button")),
        on_submit=TicketState.write_comment,
        key=TicketState.comment_turn,
        class_name="fields",
        aria_label=say("Comment"),
    )
    lines = rx.el.ol(rx.foreach(TicketState.history, line), class_name="timeline", aria_label=say("History"))
    hint = say("Comments are for the team; the contact never sees them.")
    return section(say("History"), lines, rx.cond(TicketState.may.can_write, form), hint=hint)


def _form() -> rx.Component:
    head, fault = TicketState.head, TicketState.fault
    assignee = person_choice("assignee", head.assignee_id.to_string(), TicketState.people)
    return rx.el.form(
        FormFollower.create(values=TicketState.shown, turn=TicketState.kept_turn),
        section(
            say("Ticket"),
            rx.cond(fault != "", rx.el.p(fault, role="alert", class_name="fault")),
            field(say("Title"), text_input(head.title, name="title", max_length=255)),
            field(say("State"), choice("state", head.state, STATES)),
            field(say("Priority"), choice("priority", head.priority, PRIORITIES)),
            field(say("Assignee"), assignee),
            buttons(save_button()),
        ),
        on_submit=TicketState.save,
        key=head.id,
        aria_label=say("Ticket"),
    )
