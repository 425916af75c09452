"""What a user has begun to write: kept on the server, one for each user and conversation."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.files import waiting_files
from witei_app.conversations.rows import FileRow
from witei_app.conversations.thread import quotes_of
from witei_app.conversations.worded import file_row
from witei_app.db import Session
from witei_app.mail.plain import html_to_text
from witei_app.mail.sanitize import safe_inline_html
from witei_app.models import Conversation, Draft


async def keep_draft(db: Session, actor: Actor, conversation: Conversation, html: str) -> None:
    """Keep the text as it is now; an empty one is no draft."""
    safe = safe_inline_html(html)
    if not html_to_text(safe).strip():
        await drop_draft(db, actor, conversation)
        return
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = {"html": safe, "updated_at": now()}
    await db.exec(
        insert(Draft)
        .values(user_id=actor.user_id, conversation_id=conversation.id, workspace_id=actor.workspace_id, **row)
        .on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_=row)
    )


async def drop_draft(db: Session, actor: Actor, conversation: Conversation) -> None:
    """There is nothing begun here any more."""
    await db.exec(
        delete(Draft).where(col(Draft.user_id) == actor.user_id, col(Draft.conversation_id) == conversation.id)
    )


async def find_draft(db: Session, actor: Actor, conversation_id: int) -> str:
    """The actor's text in this conversation, or ""."""
    query = select(Draft.html).where(Draft.user_id == actor.user_id, Draft.conversation_id == conversation_id)
    return (await db.exec(query)).one_or_none() or ""


async def waiting_rows(db: Session, actor: Actor, conversation_id: int) -> list[FileRow]:
    """The files of the actor's draft, for the composer."""
    waiting = await waiting_files(db, actor, conversation_id)
    quotes = await quotes_of(db, [file.quote_id for file in waiting if file.quote_id])
    return [file_row(file, quotes.get(file.quote_id or 0), actor.language) for file in waiting]
