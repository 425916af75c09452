"""A quote on its way: its PDF, made and put into a draft."""

import asyncio

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.files import NewFile, attach, safe_file_name, tell_own_tabs
from witei_app.conversations.visible import see_conversation
from witei_app.crm.quote_link import Offer, link_to, offer_about
from witei_app.crm.quote_pdf import Sheet, file_name, quote_pdf
from witei_app.crm.quotes import find_quote, must_be_written
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.files import keep
from witei_app.logo import logo_of
from witei_app.models import Conversation, Quote, QuoteState, UnusedFile, Upload


async def pdf_of(db: Session, quote: Quote) -> tuple[str, bytes]:
    """Name and bytes, in the contact's language where we have it, else the agency's."""
    return await pdf_of_offer(await offer_about(db, quote))


async def pdf_of_offer(offer: Offer) -> tuple[str, bytes]:
    """The same of what was read already."""
    workspace = offer.workspace
    link = link_to(offer.quote)
    logo = await logo_of(workspace)
    sheet = Sheet(workspace.name, offer.contact, offer.language, workspace.time_zone, offer.agent, link, logo)
    data = await asyncio.to_thread(quote_pdf, offer.quote, offer.lines, sheet)
    return file_name(offer.quote, offer.language), data


async def attach_quote(db: Session, actor: Actor, conversation_id: int, quote_id: int) -> Upload:
    """Let a quote of the conversation's contact wait in the actor's draft as PDF. Refuses one not written yet."""
    conversation = await see_conversation(db, actor, conversation_id)
    quote = await find_quote(db, actor, quote_id)
    if quote.contact_id != conversation.contact_id:
        raise Refused("This quote is for somebody else.")
    if quote.state == QuoteState.DRAFT:
        await must_be_written(db, quote)
    name, data = await pdf_of_offer(await offer_about(db, quote))
    file = NewFile(await keep(data), name, "application/pdf", len(data), quote.id)
    return await attach(db, actor, conversation.id, file)


async def renew_waiting(db: Session, quote: Quote) -> None:
    """Wherever it waits in a draft it is as it is now: a contact never reads one price in the PDF, another at its link.

    `quote` is locked.
    """
    of_contact = select(Conversation.id).where(Conversation.contact_id == quote.contact_id)
    query = select(Upload).where(Upload.quote_id == quote.id, col(Upload.conversation_id).in_(of_contact))
    waiting = (await db.exec(query.with_for_update())).all()
    if not waiting:
        return
    name, data = await pdf_of(db, quote)
    sha256 = await keep(data)
    for upload in waiting:
        db.add(UnusedFile(workspace_id=upload.workspace_id, sha256=upload.sha256))
        upload.sha256, upload.name, upload.size = sha256, safe_file_name(name), len(data)
        tell_own_tabs(db, upload)
