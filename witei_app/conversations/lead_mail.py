"""A lead becomes a conversation with whom it is from, not with the portal that passed it on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.arrival import Arrival, in_plain_sight, storable
from witei_app.conversations.own_addresses import plain_address
from witei_app.conversations.own_mail import SENT_HERE, Team
from witei_app.conversations.receive import Incoming, receive_messages
from witei_app.conversations.route import Route
from witei_app.conversations.start import Beginning, start_conversations
from witei_app.crm.contacts import add_contact, contacts_of_addresses, search_text
from witei_app.crm.phones import country_of, international
from witei_app.db import Session
from witei_app.mail.leads import Lead, read_lead
from witei_app.mail.sanitize import text_to_html
from witei_app.models import Channel, Contact, ContactAddress, Workspace
from witei_app.texts import later, translate

BROUGHT = later("It is a lead from {name}. Who filled in the form says who it is from; nobody has checked that.")
FORM = later("The form of a website brought it. Who filled it in says who it is from; nobody has checked that.")
WEB_FORM = later("Web form")  # as an origin, worded for each reader


@dataclass(frozen=True)
class LeadMail:
    """A mail that brings a lead."""

    arrival: Arrival
    lead: Lead


def lead_of(team: Team, arrival: Arrival) -> LeadMail | None:
    """What a portal or a form brings; None when it is an ordinary mail, or a colleague wrote it."""
    ours = {*team.own, *team.users}
    is_colleagues = plain_address(arrival.sender.email) in team.users
    if is_colleagues or arrival.mail.verdict == SENT_HERE:
        return None
    lead = read_lead(arrival.parsed, team.own)
    return LeadMail(arrival, lead) if lead is not None and lead.email not in ours else None


async def receive_lead(db: Session, workspace_id: int, brought: LeadMail) -> None:
    """Open a conversation with the person. It joins none, whatever it says: an address in a form proves nothing."""
    workspace = await db.get_one(Workspace, workspace_id)
    arrival, lead = brought.arrival, brought.lead
    contact = await _contact(db, workspace, lead, lead.portal or WEB_FORM)
    route = Route(None, f"{BROUGHT}\n{lead.portal}" if lead.portal else FORM)
    incoming = _incoming(arrival, lead, contact, route, workspace.language)
    beginning = Beginning(contact, incoming.subject, arrival.mail.received_at, arrival.mail.is_history)
    system = Actor.system(workspace_id)
    (conversation,) = await start_conversations(db, system, Channel.EMAIL, [beginning])
    await receive_messages(db, system, [(conversation, incoming)])


async def _contact(db: Session, workspace: Workspace, lead: Lead, portal: str) -> Contact:
    """By the address; without one by the telephone. What is known of a contact stays as it is."""
    workspace_id, phone = workspace.id, international(lead.phone, country_of(workspace.time_zone))
    same_phone = await _by_phone(db, workspace_id, phone)
    if not lead.email and len(same_phone) == 1:
        return same_phone[0]
    name = storable(lead.name or lead.email or phone or lead.phone)
    if not lead.email:
        contact, is_new = await add_contact(db, workspace_id, name=name, origin=portal), True
    else:
        email = storable(lead.email)
        is_new = not await _is_known(db, workspace_id, email)
        contact = (await contacts_of_addresses(db, workspace_id, {email: name}, origin=portal))[email]
    if is_new and not contact.phone and not same_phone:
        contact.phone = (phone or storable(lead.phone))[:32]
        contact.search_text = search_text(contact)
        await db.flush()
    return contact


async def _by_phone(db: Session, workspace_id: int, phone: str) -> Sequence[Contact]:
    if not phone:
        return []
    query = select(Contact).where(
        Contact.workspace_id == workspace_id, Contact.phone == phone, col(Contact.merged_into_id).is_(None)
    )
    return (await db.exec(query.limit(2))).all()


async def _is_known(db: Session, workspace_id: int, email: str) -> bool:
    query = select(ContactAddress.id).where(
        ContactAddress.workspace_id == workspace_id, ContactAddress.address == email[:320]
    )
    return (await db.exec(query)).first() is not None


def _incoming(arrival: Arrival, lead: Lead, contact: Contact, route: Route, language: str) -> Incoming:
    """The person's words, what the form says besides, and folded below it the whole mail."""
    facts = {"Reference": lead.reference, "Name": lead.name, "Phone": lead.phone, "E-mail": lead.email}
    listed = "\n".join(f"{translate(name, language)}: {value}" for name, value in facts.items() if value)
    # What is under no label may be the person's words: without any message all is shown.
    text = storable(f"{lead.message}\n\n{listed}".strip() if lead.message else arrival.parsed.new_text)
    is_all = lead.message in ("", arrival.parsed.new_text)
    return replace(
        arrival.incoming(route),
        author_name=in_plain_sight(lead.name) or contact.full_name,
        address=storable(lead.email)[:320],
        text=text,
        html=text_to_html(text),
        rest_text=storable(arrival.parsed.rest_text if is_all else arrival.parsed.text).strip(),
        is_rich=False,
        is_automatic=False,
        named=(),
    )
