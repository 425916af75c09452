"""What a user has begun to write: kept on the server, one for each user and conversation."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import padded
from witei_app.clock import now
from witei_app.conversations.files import waiting_files
from witei_app.conversations.mentions import html_with_mentions
from witei_app.conversations.recipients import KINDS, Answered, Recipients, reply_choices
from witei_app.conversations.rows import FileRow
from witei_app.conversations.thread import quotes_of
from witei_app.conversations.worded import file_row
from witei_app.db import Session
from witei_app.live.events import DraftKept, announce
from witei_app.mail.plain import html_to_text
from witei_app.mail.types import Address
from witei_app.models import Conversation, Draft, FirstDraft, RecipientKind

# As much of a draft as its line in the list may need; nothing where there is none, or only whom it is for.
MOST_SHOWN = 2000
SENDER = "from"  # beside the recipients
BEGINNING = func.coalesce(func.substr(Draft.html, 1, MOST_SHOWN), "")


async def keep_draft(
    db: Session, actor: Actor, conversation: Conversation, html: str, *, begins_as_note: bool = False
) -> str:
    """Keep the text as it is now; an empty one is no draft. Gives what is kept.

    A draft that begins with it is for colleagues alone if it `begins_as_note`; one that there is stays what it is.
    """
    safe = html_with_mentions(html)
    if html_to_text(safe).strip():
        await _keep(db, actor, conversation, begins_as_note=begins_as_note, html=safe)
        return safe
    draft = await draft_of(db, actor, conversation.id)
    if draft is not None and (draft.recipients or draft.is_note):
        await _keep(db, actor, conversation, html="")
    else:
        await drop_draft(db, actor, conversation)
    return ""


async def keep_draft_recipients(db: Session, actor: Actor, conversation: Conversation, recipients: Recipients) -> None:
    """Keep whom it is for, once somebody has said so."""
    await _keep_headers(db, actor, conversation, as_json(recipients))


async def keep_draft_sender(db: Session, actor: Actor, conversation: Conversation, email: str) -> None:
    """Keep which of our addresses it goes out from, once somebody has said so."""
    await _keep_headers(db, actor, conversation, {SENDER: email})


async def keep_draft_kind(db: Session, actor: Actor, conversation: Conversation, *, is_note: bool) -> None:
    """Keep whether it is for colleagues alone."""
    await _keep(db, actor, conversation, is_note=is_note)


async def drop_draft(db: Session, actor: Actor, conversation: Conversation) -> None:
    """There is nothing begun here any more."""
    own = col(Draft.user_id) == actor.user_id, col(Draft.conversation_id) == conversation.id
    if (await db.exec(delete(Draft).where(*own))).rowcount:
        _announce(db, actor, conversation)


async def draft_of(db: Session, actor: Actor, conversation_id: int) -> Draft | None:
    """What the actor has begun in this conversation."""
    values = {"user_id": actor.user_id, "conversation_id": conversation_id}
    return (await db.exec(_DRAFT, params=values)).one_or_none()


async def find_draft(db: Session, actor: Actor, conversation_id: int) -> str:
    """The actor's text in this conversation, or ""."""
    draft = await draft_of(db, actor, conversation_id)
    return draft.html if draft is not None else ""


async def begun_drafts(db: Session, ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """How everybody's drafts in these conversations begin, in HTML, by user and conversation."""
    found = (await db.exec(_BEGUN, params={"ids": padded(list(ids))})).all()
    return {(user_id, conversation_id): html for user_id, conversation_id, html in found}


async def draft_recipients(db: Session, actor: Actor, conversation: Conversation) -> Recipients:
    """Whom the actor's answer goes to: as was said in the draft, else whoever wrote last."""
    return (await draft_choices(db, conversation, await draft_of(db, actor, conversation.id)))[0]


async def draft_choices(
    db: Session, conversation: Conversation, draft: Draft | None, shown: Answered | None = None
) -> tuple[Recipients, Recipients]:
    """Whom it goes to, and whom it would go to as an answer to all. `shown` is the newest mail, if it is known."""
    to_author, everybody = await reply_choices(db, conversation, shown)
    is_said = draft is not None and RecipientKind.TO in draft.recipients
    return from_json(draft.recipients) if draft is not None and is_said else to_author, everybody


def sender_said(draft: Draft | FirstDraft | None) -> str:
    """Which of our addresses somebody has chosen for it, or ""."""
    return str(draft.recipients.get(SENDER, "")) if draft is not None else ""


def as_json(recipients: Recipients) -> dict[str, Any]:
    """For a draft's column."""
    return {kind.value: [[one.name, one.email] for one in recipients.of(kind)] for kind in KINDS}


def from_json(kept: dict[str, Any]) -> Recipients:
    """From a draft's column."""
    return Recipients(**{kind.value: tuple(Address(*one) for one in kept.get(kind, ())) for kind in KINDS})


async def waiting_rows(db: Session, actor: Actor, conversation_id: int) -> list[FileRow]:
    """The files of the actor's draft, for the composer."""
    waiting = await waiting_files(db, actor, conversation_id)
    quotes = await quotes_of(db, [file.quote_id for file in waiting if file.quote_id])
    return [file_row(file, quotes.get(file.quote_id or 0), actor.language) for file in waiting]


_BEGUN: Any = select(Draft.user_id, Draft.conversation_id, BEGINNING).where(
    col(Draft.conversation_id).in_(bindparam("ids", expanding=True))
)
_DRAFT = (
    select(Draft)
    .where(col(Draft.user_id) == bindparam("user_id"), col(Draft.conversation_id) == bindparam("conversation_id"))
    .execution_options(populate_existing=True)
)


def _announce(db: Session, actor: Actor, conversation: Conversation) -> None:
    announce(db, DraftKept(conversation.workspace_id, conversation.id, actor.user_id or 0))


async def _keep_headers(db: Session, actor: Actor, conversation: Conversation, said: dict[str, Any]) -> None:
    draft = await draft_of(db, actor, conversation.id)
    await _keep(db, actor, conversation, recipients={**(draft.recipients if draft is not None else {}), **said})


async def _keep(
    db: Session, actor: Actor, conversation: Conversation, *, begins_as_note: bool = False, **changed: Any
) -> None:
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    whose = {"user_id": actor.user_id, "conversation_id": conversation.id, "workspace_id": actor.workspace_id}
    row = {"updated_at": now(), **changed}
    await db.exec(
        insert(Draft)
        .values(**whose, **{"html": "", "recipients": {}, "is_note": begins_as_note} | row)
        .on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_=row)
    )
    _announce(db, actor, conversation)
