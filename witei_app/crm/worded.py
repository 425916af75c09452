"""Contacts, quotes and tickets in the reader's language and time zone."""

from datetime import date

from witei_app.accounts.actor import Actor
from witei_app.crm.money import euros, number, price
from witei_app.crm.quotes import Totals, line_total
from witei_app.crm.rows import ContactRow, QuoteLineRow, QuoteRow, TicketRow, TotalsRow
from witei_app.models import Contact, Quote, QuoteLine, Ticket
from witei_app.texts import later, translate
from witei_app.texts.people import initials, tint
from witei_app.texts.when import date_label, moment_label


def contact_row(contact: Contact, responsible: str | None, actor: Actor) -> ContactRow:
    """A contact for the reader."""
    return ContactRow(
        id=contact.id,
        name=contact.full_name,
        initials=initials(contact.full_name),
        tint=tint(contact.id),
        email=contact.email,
        phone=contact.phone,
        responsible=responsible or "",
        created=moment_label(contact.created_at, actor.time_zone, actor.language),
    )


def quote_row(quote: Quote, contact_name: str, actor: Actor) -> QuoteRow:
    """A quote for the reader."""
    return QuoteRow(
        id=quote.id,
        number=quote.number,
        title=quote.title,
        total=euros(quote.total, actor.language),
        state=quote.state,
        state_label=translate(quote.state, actor.language),
        contact_id=quote.contact_id,
        contact=contact_name,
        valid_until=_day(quote.valid_until, actor),
        created=moment_label(quote.created_at, actor.time_zone, actor.language),
    )


def quote_log(quote: Quote, actor: Actor) -> list[str]:
    """What happened to a quote since it was sent, in order."""
    lines = []
    for moment, text in (
        (quote.sent_at, later("Sent on {day}")),
        (quote.read_at, later("First read by the contact on {day}")),
        (quote.answered_at, _ANSWERS.get(quote.state, "") if quote.answered_by else ""),
    ):
        if moment is not None and text:
            day = moment_label(moment, actor.time_zone, actor.language)
            lines.append(translate(text, actor.language, day=day, name=quote.answered_by))
    return lines


_ANSWERS = {"accepted": later("Accepted by {name} on {day}"), "declined": later("Declined by {name} on {day}")}


def line_row(line: QuoteLine, actor: Actor) -> QuoteLineRow:
    """A line as the reader would type it."""
    return QuoteLineRow(
        line.description,
        number(line.quantity, actor.language),
        price(line.price, actor.language),
        number(line.vat, actor.language),
        euros(line_total(line), actor.language),
    )


def totals_row(sums: Totals, lang: str) -> TotalsRow:
    """The sums for the reader."""
    vat = [
        translate("VAT {rate} % of {base}", lang, rate=number(rate, lang), base=euros(base, lang))
        + f": {euros(tax, lang)}"
        for rate, base, tax in sums.vat
    ]
    return TotalsRow(euros(sums.net, lang), vat, euros(sums.total, lang))


def ticket_row(ticket: Ticket, contact_name: str, assignee: str | None, actor: Actor) -> TicketRow:
    """A ticket for the reader."""
    return TicketRow(
        id=ticket.id,
        number=ticket.number,
        title=ticket.title,
        state=ticket.state,
        state_label=translate(ticket.state, actor.language),
        priority=ticket.priority,
        priority_label=translate(ticket.priority, actor.language),
        contact_id=ticket.contact_id,
        contact=contact_name,
        assignee_id=ticket.assignee_id or 0,
        assignee=assignee or "",
        conversation_id=ticket.conversation_id or 0,
        created=moment_label(ticket.created_at, actor.time_zone, actor.language),
    )


def _day(day: date | None, actor: Actor) -> str:
    return date_label(day, actor.language) if day else ""
