"""/contacts and /contacts/{id}."""

import reflex as rx

from witei_app.components.contact_form import contact_form, note_form, ticket_form
from witei_app.components.crm import (
    cards,
    contacts_table,
    missing,
    more_button,
    quotes_table,
    record_address,
    search_line,
    tickets_table,
)
from witei_app.components.details import note_card
from witei_app.components.dialog import dialog
from witei_app.components.erase import erase_dialog
from witei_app.components.form import once, paper, section
from witei_app.components.icons import icon
from witei_app.components.merge import address_list
from witei_app.components.palette import as_command
from witei_app.components.parts.records import FormFollower
from witei_app.pages.frame import MAY, MAY_BEGIN, framed, of_address, waiting
from witei_app.pages.merging import merging
from witei_app.state.contacts import ContactsState, ContactState
from witei_app.state.erase import EraseState
from witei_app.state.merge import MergeState
from witei_app.state.new_conversation import NewConversationState
from witei_app.texts import say


def add(app: rx.App) -> None:
    """Give the app these pages."""
    app.add_page(contacts_page, route="/contacts", title="Contacts", on_load=ContactsState.arrive)
    app.add_page(contact_page, route="/contacts/[contact_number]", title="Contact", on_load=ContactState.arrive)


def contacts_page() -> rx.Component:
    new = rx.el.button(
        icon("plus"), say("New contact"), class_name="button primary", on_click=ContactsState.begin, **as_command()
    )
    return framed(
        "contacts",
        say("Contacts"),
        paper(
            say("Contacts"),
            record_address("/contacts", ContactsState),
            search_line(ContactsState.search, "Search contacts", ContactsState.find),
            rx.cond(ContactsState.is_loaded, contacts_table(ContactsState.rows, ContactsState.search)),
            more_button(ContactsState.next_id, ContactsState.more),
            _new_contact(),
            actions=[_import(), _export(), rx.cond(ContactsState.may.can_write, new)],
            wide=True,
        ),
    )


def _import() -> rx.Component:
    link = rx.el.a(say("Import"), href="/contacts/import", class_name="button")
    return rx.cond(ContactsState.may.can_write, link)


def _export() -> rx.Component:
    link = rx.el.a(
        say("Export"),
        href=ContactsState.export_href,
        title=say("Those that are found, as CSV"),
        download=True,
        class_name="button",
        reload_document=True,
    )
    return rx.cond(ContactsState.may.can_export, link)


def _new_contact() -> rx.Component:
    form = contact_form(
        ContactsState.fields,
        ContactsState.people,
        ContactsState.fault,
        on_save=ContactsState.create,
        on_cancel=ContactsState.cancel,
    )
    return dialog(ContactsState.is_adding, say("New contact"), form, on_close=ContactsState.cancel)


def contact_page() -> rx.Component:
    head = ContactState.head
    gone = missing("people", "This contact is not here, or you may not see it.", "/contacts", "All contacts")
    return framed(
        "contacts",
        rx.cond(head.name != "", head.name, say("Contact")),
        of_address(
            ContactState.asked_id, rx.cond(ContactState.is_missing, gone, rx.cond(head.id > 0, _contact(), waiting()))
        ),
        merging(ContactState.head.id),
        erase_dialog(EraseState.row, head.id, EraseState.notice, on_erase=EraseState.erase, on_close=EraseState.cancel),
        notice=EraseState.row.id == 0,
    )


def _contact() -> rx.Component:
    parts = [_fields(), _addresses(), _notes(), _conversations(), _quotes(), _tickets(), _merges()]
    return paper(ContactState.head.name, *parts, lead=_reach(), actions=[_data(), _merge(), _erase(), _write()])


def _reach() -> rx.Component:
    """How the contact is reached, one touch away."""
    head = ContactState.head
    phone = rx.el.a(head.phone, href=rx.Var.create(f"tel:{head.phone}"))
    return rx.fragment(
        rx.cond(head.phone != "", rx.fragment(phone, " · ")),
        rx.cond(head.email != "", rx.fragment(rx.el.span(head.email), " · ")),
        say("Created {day}", day=head.created),
    )


def _write() -> rx.Component:
    head = ContactState.head
    button = rx.el.button(
        icon("compose"),
        say("Write"),
        type="button",
        class_name="button primary",
        title=say("Write to {name}", name=head.name),
        on_click=NewConversationState.begin_to(head.id),
        **as_command(),
    )
    return rx.cond(MAY_BEGIN & (head.email != ""), button)


def _fields() -> rx.Component:
    form = contact_form(
        ContactState.fields,
        ContactState.people,
        ContactState.contact_fault,
        on_save=ContactState.save,
        on_cancel=None,
        email_turn=ContactState.email_turn,
        follower=FormFollower.create(values=ContactState.shown, turn=ContactState.kept_turn),
        # Another contact's form is another one: fields keep what stands in them.
        key=ContactState.head.id,
    )
    return section(say("Contact"), form)


def _addresses() -> rx.Component:
    names = ("add_address", "remove_address", "make_main")
    actions = {name: getattr(ContactState, name) for name in names}
    listed = address_list(ContactState.addresses, ContactState.address_fault, ContactState.address_turn, actions)
    return section(say("Also written from"), listed, hint=say("Mail from these addresses is this contact's too."))


def _merge() -> rx.Component:
    button = rx.el.button(
        say("Merge"),
        type="button",
        class_name="button",
        title=say("Merge with another contact"),
        on_click=MergeState.begin(ContactState.head.id),
    )
    return rx.cond(ContactState.may.can_write, button)


def _data() -> rx.Component:
    link = rx.el.a(
        say("Download data"),
        href=rx.Var.create(f"/contacts/{ContactState.head.id}/data.zip"),
        title=say("Everything about this contact as a ZIP, for a contact who asks what you keep about them"),
        download=True,
        reload_document=True,
        class_name="button",
    )
    return rx.cond(ContactState.may.can_export, link)


def _erase() -> rx.Component:
    button = rx.el.button(
        say("Erase"),
        type="button",
        class_name="button",
        title=say("Erase this contact with all data"),
        on_click=EraseState.begin(ContactState.head.id),
    )
    return rx.cond(ContactState.is_admin, button)


def _merges() -> rx.Component:
    lines = rx.el.ul(rx.foreach(ContactState.merges, lambda one: rx.el.li(one, key=one)), class_name="log-lines")
    return rx.cond(ContactState.merges.length() > 0, section(say("Merged"), lines))


def _notes() -> rx.Component:
    actions = {"change_note": ContactState.change_note, "remove_note": ContactState.remove_note}
    form = note_form(
        ContactState.note_body,
        ContactState.note_id,
        ContactState.fault,
        on_save=ContactState.save_note,
        on_cancel=ContactState.cancel,
    )
    new = rx.el.button(
        say("Add note"), type="button", class_name="button", on_click=ContactState.write_note, **as_command()
    )
    return section(
        say("Notes"),
        rx.cond(ContactState.editing == "note", form, rx.cond(ContactState.may.can_write, rx.el.div(new))),
        rx.el.div(rx.foreach(ContactState.notes, lambda note: note_card(note, actions))),
    )


def _conversations() -> rx.Component:
    return section(say("Conversations"), cards(ContactState.history, say("No earlier conversations.")))


def _quotes() -> rx.Component:
    new = rx.el.button(
        say("New quote"),
        type="button",
        class_name="button",
        on_click=ContactState.begin_quote,
        custom_attrs={"data-command": "", **once()},
    )
    listed = rx.cond(ContactState.quotes.length() > 0, quotes_table(ContactState.quotes, has_contact=False))
    return rx.cond(MAY["quotes"], section(say("Quotes"), rx.cond(ContactState.may.can_write, rx.el.div(new)), listed))


def _tickets() -> rx.Component:
    new = rx.el.button(
        say("Open ticket"), type="button", class_name="button", on_click=ContactState.begin_ticket, **as_command()
    )
    form = ticket_form(ContactState.fault, on_save=ContactState.save_ticket, on_cancel=ContactState.cancel)
    listed = rx.cond(ContactState.tickets.length() > 0, tickets_table(ContactState.tickets, has_contact=False))
    begin = rx.cond(ContactState.may.can_write, rx.el.div(new))
    return rx.cond(
        MAY["tickets"], section(say("Tickets"), rx.cond(ContactState.editing == "ticket", form, begin), listed)
    )
