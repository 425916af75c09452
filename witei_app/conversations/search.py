"""Conversations by what was written in them: newest first, with the found words marked.

Each conversation is shown once, by its newest message that matches. Nobody waits for a search through years: when time
is up, it says how far back it has looked, and goes on from there if somebody wants it.
"""

import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.accounts.prepared import asked_by, padded, prepared
from witei_app.clock import now
from witei_app.conversations.hits import hits
from witei_app.conversations.rows import FoundRow, Piece
from witei_app.conversations.terms import WORD, Term, plain, terms_of
from witei_app.conversations.visible import WORKSPACE_OF_KNOWN, may_see
from witei_app.db import Session
from witei_app.errors import Refused
from witei_app.mail.encrypted import in_readers_words
from witei_app.models import Conversation, Direction, Message, Status
from witei_app.patience import TooLong
from witei_app.texts.people import initials, tint
from witei_app.texts.when import when_label

PAGE = 20
READ_AT_ONCE = 100
BEFORE, LENGTH = 30, 220  # letters of the excerpt
MOST_TEXT = 20_000


@dataclass(frozen=True)
class Found:
    """A message that matches, and what the list shows of its conversation."""

    id: int
    number: int
    author_name: str
    direction: str
    subject: str
    text: str
    created_at: datetime
    conversation_id: int
    contact_id: int
    contact_name: str
    channel: str
    status: str
    conversation_subject: str


@dataclass(frozen=True)
class Look:
    """What a look has found, and the message id to go on from (0: it has seen all).

    `since` is how far back it has seen, when there was no time for a whole page.
    """

    found: list[Found] = field(default_factory=list)
    place: int = 0
    since: datetime | None = None


_COLUMNS: tuple[Any, ...] = (
    Message.id,
    Message.number,
    Message.author_name,
    Message.direction,
    Message.subject,
    func.substr(Message.text, 1, MOST_TEXT).label("text"),
    Message.created_at,
    Message.conversation_id,
    Conversation.contact_id,
    Conversation.contact_name,
    Conversation.channel,
    Conversation.status,
    col(Conversation.subject).label("conversation_subject"),
)


async def search_messages(db: Session, actor: Actor, search: str, before: int = 0, patience: float = 60) -> Look:
    """The newest conversations with a message that has all words, of the messages below an id (0: of all).

    Internal notes are found by users alone. Refuses when it takes far longer than the seconds of patience.
    """
    shown: dict[int, Found] = {}
    place = 0
    try:
        async for rows, at in _matching(db, actor, terms_of(search), before, patience):
            for row in rows:
                if len(shown) == PAGE and row.conversation_id not in shown:
                    return Look(list(shown.values()), row.id + 1)
                shown.setdefault(row.conversation_id, row)
            place = at
    except TooLong:
        raise Refused("This search takes too long just now. Try other words, or again in a moment.") from None
    is_cut_short = place and len(shown) < PAGE
    return Look(list(shown.values()), place, await _moment_of(db, place) if is_cut_short else None)


async def _matching(
    db: Session, actor: Actor, terms: Sequence[Term], before: int, patience: float
) -> AsyncIterator[tuple[list[Found], int]]:
    """What the actor may read of the messages that match, some at a time, each time with where they go on."""
    if not terms:
        return
    async for part in hits(db, actor, terms, before, patience):
        for at in range(0, len(part.ids), READ_AT_ONCE):
            ids = part.ids[at : at + READ_AT_ONCE]
            rows = (await db.exec(_readable(actor), params=asked_by(actor, ids=padded(ids)))).all()
            yield [Found(**row._asdict()) for row in rows], ids[-1]
        yield [], part.place


@prepared
def _readable(actor: Actor) -> Any:
    hidden = {Direction.WITHDRAWN} if actor.user_id is not None else {Direction.WITHDRAWN, Direction.NOTE}
    return (
        select(*_COLUMNS)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            may_see(actor, WORKSPACE_OF_KNOWN),
            col(Message.direction).not_in(hidden),
            col(Message.id).in_(bindparam("ids", expanding=True)),
        )
        .order_by(col(Message.id).desc())
    )


async def _moment_of(db: Session, message_id: int) -> datetime | None:
    """When this message came, or the next one that there is."""
    query = select(Message.created_at).where(col(Message.id) >= message_id).order_by(col(Message.id)).limit(1)
    return (await db.exec(query)).first()


def found_row(found: Found, search: str, actor: Actor) -> FoundRow:
    """What was found, in the reader's language and time zone, its words marked."""
    terms = terms_of(search)
    text = in_readers_words(found.text, actor.language) if found.direction == Direction.IN else found.text
    return FoundRow(
        id=found.id,
        conversation_id=found.conversation_id,
        number=found.number,
        contact_name=found.contact_name,
        initials=initials(found.contact_name),
        tint=tint(found.contact_id),
        channel=found.channel,
        at=found.created_at.isoformat(),
        when=when_label(found.created_at, now(), actor.time_zone, actor.language),
        author="" if found.direction == Direction.IN else found.author_name,
        is_note=found.direction == Direction.NOTE,
        is_archived=found.status == Status.ARCHIVED,
        subject=marked(found.subject or found.conversation_subject, terms),
        excerpt=marked(text, terms),
    )


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The part of a plain text around the first found word, in pieces: what was found, and what stands between."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    hits = [match.span() for match in WORD.finditer(text) if _is_found(plain(match.group()), terms)]
    start = _word_before(text, hits[0][0] - BEFORE) if hits else 0
    end = min(start + LENGTH, len(text))
    pieces, at = [Piece("… ")] if start else [], start
    for first, last in hits:
        if last > end:
            break
        pieces += [Piece(text[at:first]), Piece(text[first:last], is_found=True)]
        at = last
    pieces.append(Piece(text[at:end] + ("…" if end < len(text) else "")))
    return [piece for piece in pieces if piece.text]


def _is_found(word: str, terms: Sequence[Term]) -> bool:
    return any(word in term.words or (term.is_begun and word.startswith(term.words[-1])) for term in terms)


def _word_before(text: str, place: int) -> int:
    return text.rfind(" ", 0, place) + 1 if place > 0 else 0
