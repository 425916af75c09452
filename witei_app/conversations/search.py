"""Conversations by what was written in them: newest first, with the found words marked.

The index is asked for messages (`models.search`); each conversation is shown once, by its newest message that matches.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, cast, column, func, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.clock import now
from witei_app.conversations.rows import FoundRow, Piece
from witei_app.conversations.visible import may_see
from witei_app.db import Session
from witei_app.models import Conversation, Direction, Message, Status
from witei_app.texts.people import initials, tint
from witei_app.texts.when import when_label

PAGE = 20
# So many messages of the index are looked at for a page: who may see few of them goes on from there.
LOOKED_AT = 600
READ_AT_ONCE = 100
MOST_TERMS = 8
SHORTEST = 3
BEFORE, LENGTH = 30, 220  # letters of the excerpt
MOST_TEXT = 20_000

_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Term:
    """Words that follow each other; the last one may be the beginning of a longer word."""

    words: tuple[str, ...]
    is_begun: bool = False


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


async def search_messages(db: Session, actor: Actor, search: str, before: int = 0) -> tuple[list[Found], int]:
    """The newest conversations with a message that has all words, and the message id to go on from (0: that was all).

    Internal notes are found by users alone. At most two queries.
    """
    terms = terms_of(search)
    if not terms:
        return [], 0
    hits = _hits(db, actor, terms, before).limit(LOOKED_AT).subquery()
    query = (
        select(*_COLUMNS)
        .join(hits, hits.c.id == Message.id)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(may_see(actor), *_readable(actor))
        .order_by(col(Message.id).desc())
    )
    rows = [Found(**row._asdict()) for row in (await db.exec(query.limit(READ_AT_ONCE))).all()]
    shown: dict[int, Found] = {}
    for row in rows:
        if len(shown) == PAGE and row.conversation_id not in shown:
            return list(shown.values()), row.id + 1
        shown.setdefault(row.conversation_id, row)
    if len(rows) == READ_AT_ONCE:
        return list(shown.values()), rows[-1].id
    last, quantity = (await db.exec(select(func.min(hits.c.id), func.count()).select_from(hits))).one()
    return list(shown.values()), last if quantity == LOOKED_AT else 0


def terms_of(search: str) -> list[Term]:
    """What is looked for: words, phrases in quotation marks; "A-1234" is a phrase too. Nothing while it is too short.

    The last word may go on, as one types.
    """
    terms = []
    for quoted, bare in _TERM.findall(search[:200]):
        words = tuple(_WORD.findall(plain(quoted or bare)))
        if words:
            terms.append(Term(words))
    terms = terms[:MOST_TERMS]
    if not any(len(word) >= SHORTEST for term in terms for word in term.words):
        return []
    if search[-1:].isalnum() and len(terms[-1].words[-1]) >= SHORTEST:
        terms[-1] = replace(terms[-1], is_begun=True)
    return terms


def plain(text: str) -> str:
    """Without case and accents, as both databases keep words."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text).lower())


def found_row(found: Found, search: str, actor: Actor) -> FoundRow:
    """What was found, in the reader's language and time zone, its words marked."""
    terms = terms_of(search)
    excerpt = marked(found.text, terms)
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
        excerpt=excerpt,
    )


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The part of a plain text around the first found word, in pieces: what was found, and what stands between."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    hits = [match.span() for match in _WORD.finditer(text) if _is_found(plain(match.group()), terms)]
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


def _hits(db: Session, actor: Actor, terms: Sequence[Term], before: int) -> Any:
    """The ids of the newest messages that match, as the index has them."""
    hits: Any
    number: Any
    if db.get_bind().dialect.name == "postgresql":
        # Written into the statement: by its statistics PostgreSQL chooses between the index and reading backwards.
        query: Any = bindparam("terms", _for_postgresql(actor, terms), literal_execute=True)
        hits = select(col(Message.id).label("id")).where(column("words").op("@@")(cast(query, TSQUERY)))
        number = col(Message.id)
    else:
        number = column("rowid", Integer)
        hits = select(number.label("id")).select_from(table("message_search"))
        hits = hits.where(text("message_search MATCH :terms").bindparams(terms=_for_sqlite(actor, terms)))
    if before:
        hits = hits.where(number < before)
    return hits.order_by(number.desc())


def _for_sqlite(actor: Actor, terms: Sequence[Term]) -> str:
    """FTS5's language: https://www.sqlite.org/fts5.html#full_text_query_syntax."""
    phrases = [f'"{" ".join(term.words)}"{" *" if term.is_begun else ""}' for term in terms]
    columns = [f"{{subject text}} : {phrase}" for phrase in phrases]
    return " AND ".join([f'workspace_id : "{actor.workspace_id}"', *columns])


def _for_postgresql(actor: Actor, terms: Sequence[Term]) -> str:
    """A tsquery of quoted words; they hold letters and digits alone."""
    phrases = [" <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_begun else "") for term in terms]
    return " & ".join([f"'#{actor.workspace_id}'", *(f"({phrase})" for phrase in phrases)])


def _readable(actor: Actor) -> list[Any]:
    hidden = {Direction.WITHDRAWN} if actor.user_id is not None else {Direction.WITHDRAWN, Direction.NOTE}
    return [col(Message.direction).not_in(hidden)]
