"""Files that agents attach: posted one by one, checked, and kept waiting in the sender's draft."""

from typing import Any

from starlette.routing import Route

from witei_app.accounts.actor import Actor
from witei_app.conversations.files import NEW, NewFile, about_to_name, attach, check_may_attach, checked_type
from witei_app.db import reading, transaction
from witei_app.files import keep
from witei_app.http.posted import Posted, taking
from witei_app.mail.files import safe_file_name
from witei_app.texts import later

FAILED = later("The file could not be uploaded. Your text is kept; try again.")


async def take_file(actor: Actor, posted: Posted) -> dict[str, Any]:
    """Let it wait for the answer in the field "conversation". Gives {"id"}."""
    conversation_id = max(int(posted.fields["conversation"][:19]), NEW)  # the page counts new ones below zero
    async with reading() as db:
        await check_may_attach(db, actor, conversation_id)  # before the disk holds what nobody may send
    name = safe_file_name(posted.name)
    content_type = checked_type(name, posted.data)
    file = NewFile(await keep(posted.data), name, content_type, len(posted.data))
    async with about_to_name(actor.workspace_id, file.sha256), transaction() as db:
        return {"id": (await attach(db, actor, conversation_id, file)).id}


routes = [Route("/uploads", taking(take_file, FAILED), methods=["POST"])]
