"""A quote on its way: its PDF, made and put into a draft."""

import asyncio

from sqlmodel import select

from witei_app.accounts.actor import Actor
from witei_app.conversations.files import NewFile, attach
from witei_app.conversations.visible import see_conversation
from witei_app.crm.quote_pdf import Sheet, file_name, quote_pdf
from witei_app.crm.quotes import find_quote, lines_of
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.files import keep
from witei_app.models import Contact, Quote, Upload, User, Workspace


async def pdf_of(db: Session, actor: Actor, quote: Quote) -> tuple[str, bytes]:
    """Name and bytes, in the contact's language where we have it, else the agency's."""
    contact = await db.get_one(Contact, quote.contact_id)
    workspace = await db.get_one(Workspace, actor.workspace_id)
    agent = (await db.exec(select(User.name).where(User.id == quote.author_id))).first() or ""
    language = contact.language[:2] or workspace.language
    sheet = Sheet(workspace.name, contact, language, workspace.time_zone, agent)
    lines = list(await lines_of(db, quote))
    return file_name(quote, language), await asyncio.to_thread(quote_pdf, quote, lines, sheet)


async def attach_quote(db: Session, actor: Actor, conversation_id: int, quote_id: int) -> Upload:
    """Let a quote of the conversation's contact wait in the actor's draft as PDF. Refuses an empty one."""
    conversation = await see_conversation(db, actor, conversation_id)
    quote = await find_quote(db, actor, quote_id)
    if quote.contact_id != conversation.contact_id:
        raise Refused("This quote is for somebody else.")
    if not quote.total and not await lines_of(db, quote):
        raise Refused("Write the lines of this quote before sending it.")
    name, data = await pdf_of(db, actor, quote)
    file = NewFile(await keep(data), name, "application/pdf", len(data), quote.id)
    return await attach(db, actor, conversation.id, file)
