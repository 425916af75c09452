"""/tickets and /tickets/{id}."""

import reflex as rx

from witei_app.components.contact_form import PRIORITIES, choice, person_choice
from witei_app.components.crm import TICKET_STATES, missing, more_button, search_line, state_tabs, tickets_table
from witei_app.components.form import buttons, field, paper, save_button, section, text_input
from witei_app.pages.frame import framed
from witei_app.state.tickets import TicketsState, TicketState
from witei_app.texts import say

STATES = {"open": "open", "waiting": "waiting", "closed": "closed"}


def add(app: rx.App) -> None:
    """Give the app these pages."""
    app.add_page(tickets_page, route="/tickets", title="Tickets", on_load=TicketsState.arrive)
    app.add_page(ticket_page, route="/tickets/[ticket_number]", title="Ticket", on_load=TicketState.arrive)


def tickets_page() -> rx.Component:
    tabs = state_tabs(TICKET_STATES, TicketsState.shown, TicketsState.show)
    return framed(
        "tickets",
        say("Tickets"),
        paper(
            say("Tickets"),
            search_line(TicketsState.search, "Search contacts", TicketsState.find, tabs),
            rx.cond(TicketsState.is_loaded, tickets_table(TicketsState.rows)),
            more_button(TicketsState.next_id, TicketsState.more),
            wide=True,
        ),
    )


def ticket_page() -> rx.Component:
    head = TicketState.head
    gone = missing("ticket", "This ticket is not here, or you may not see it.", "/tickets", "All tickets")
    title = say("Ticket #{number}", number=head.number)
    return framed(
        "tickets",
        title,
        rx.cond(TicketState.is_missing, gone, rx.cond(head.id > 0, paper(title, _links(), _form(), lead=head.title))),
    )


def _links() -> rx.Component:
    head = TicketState.head
    conversation = rx.el.a(say("Its conversation"), href=rx.Var.create(f"/conversations/{head.conversation_id}"))
    return rx.el.div(
        rx.el.a(head.contact, href=rx.Var.create(f"/contacts/{head.contact_id}")),
        rx.cond(head.conversation_id > 0, conversation),
        rx.el.span(head.created, class_name="quiet-line"),
        class_name="list-tools",
    )


def _form() -> rx.Component:
    head, fault = TicketState.head, TicketState.fault
    assignee = person_choice("assignee", head.assignee_id.to_string(), TicketState.people)
    return rx.el.form(
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
