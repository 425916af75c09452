"""A mail that cannot be read here says so, wherever its words are shown: thread, list, search, what is quoted of it."""

from dataclasses import replace

from sqlmodel import select

from witei_app.conversations.arrival import Arrival
from witei_app.db import reading
from witei_app.mail.encrypted import ENCRYPTED, without_blocks
from witei_app.models import Workspace
from witei_app.texts import translate


async def said_of_encrypted(arrival: Arrival) -> Arrival:
    """The same with a sentence, in the workspace's language, in the place of what cannot be read."""
    async with reading() as db:
        query = select(Workspace.language).where(Workspace.id == arrival.mail.workspace_id)
        words = translate(ENCRYPTED, (await db.exec(query)).one())
    parsed = arrival.parsed
    new, blocks = without_blocks(parsed.new_text, words)
    if not blocks:  # all of it; what can be read was added on the way
        new = f"{words}\n\n{new}".strip()
    rest = "\n\n".join(filter(None, (blocks, parsed.rest_text)))
    return replace(arrival, parsed=replace(parsed, new_text=new, rest_text=rest, html=""))
