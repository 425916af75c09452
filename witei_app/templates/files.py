"""Files that go with a template: put there by whoever may change it, in the draft of whoever inserts it."""

from collections.abc import Sequence

from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.files import MOST_FILES, NewFile, attach
from witei_app.db import Session
from witei_app.errors import NotFound, Refused
from witei_app.mail.files import safe_file_name
from witei_app.models import MessageTemplate, TemplateFile, UnusedFile
from witei_app.settings import settings
from witei_app.templates.library import find_template


async def add_file(db: Session, actor: Actor, template_id: int, file: NewFile) -> TemplateFile:
    """One more. Refuses whoever may not change the template, and more than one message takes."""
    template = await find_template(db, actor, template_id)
    others = await files_of(db, template)
    if len(others) >= MOST_FILES:
        raise Refused("A message takes {most} files.", most=MOST_FILES)
    if sum(other.size for other in others) + file.size > settings().max_upload_mb * 1024 * 1024:
        raise Refused("The files of one message may have {most} MB together.", most=settings().max_upload_mb)
    added = TemplateFile(
        workspace_id=actor.workspace_id,
        template_id=template.id,
        sha256=file.sha256,
        name=safe_file_name(file.name),
        content_type=file.content_type,
        size=file.size,
    )
    db.add(added)
    await db.flush()
    return added


async def remove_file(db: Session, actor: Actor, file_id: int) -> None:
    """It goes with the template no more; drafts that have it keep it."""
    query = select(TemplateFile).where(TemplateFile.id == file_id, TemplateFile.workspace_id == actor.workspace_id)
    file = (await db.exec(query)).one_or_none()
    if file is None:
        raise NotFound("This file is not here any more.")
    await find_template(db, actor, file.template_id)
    db.add(UnusedFile(workspace_id=file.workspace_id, sha256=file.sha256))
    await db.delete(file)


async def files_of(db: Session, template: MessageTemplate) -> Sequence[TemplateFile]:
    """Those of a template, in the order they came."""
    query = select(TemplateFile).where(TemplateFile.template_id == template.id)
    return (await db.exec(query.order_by(col(TemplateFile.id)))).all()


async def attach_files(db: Session, actor: Actor, template: MessageTemplate, conversation_id: int) -> int:
    """Let them wait in the actor's draft, as if they had been attached one by one. Gives how many."""
    files = await files_of(db, template)
    for file in files:
        await attach(db, actor, conversation_id, NewFile(file.sha256, file.name, file.content_type, file.size))
    return len(files)
