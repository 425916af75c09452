"""Which messages hold what is looked for: their ids, the newest first, for as long as somebody has patience.

SQLite's index has its words in the order of the messages: it is read from the newest on. PostgreSQL's has not: it gives
all that match at once, and a phrase is compared with every message that holds its words. So it is asked where few
messages are to be expected; else the newest messages are looked at one after the other, in stretches that are as long
as there is time for.
"""

import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam, cast, column, func, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col, select

from witei_app.accounts.actor import Actor
from witei_app.conversations.terms import Term
from witei_app.db import Session
from witei_app.models import Message
from witei_app.models.base import Id
from witei_app.patience import TooLong, at_most

AT_ONCE = 600
FEW = 5000  # messages; as many are fetched from all over the table in a tenth of a second
FIRST_STRETCH = 5000  # messages, looked at in 10 to 40 ms
LEAST_STRETCH = 1000
MOST_OF_ALL = 0.5  # a workspace with this share of all messages is no help in finding them
OVERDUE = 10  # times the patience: then a query is broken off
BEYOND = 2**62


@dataclass(frozen=True)
class Hits:
    """Messages that match, and the id down to which all have been looked at (0: there are no more)."""

    ids: list[int]
    place: int


@dataclass(frozen=True)
class Expected:
    """What PostgreSQL knows beforehand: how many messages match, the newest id, the share that is the workspace's."""

    quantity: float
    newest: int
    workspace_share: float


async def hits(db: Session, actor: Actor, terms: Sequence[Term], before: int, patience: float) -> AsyncIterator[Hits]:
    """The messages below an id (0: all), part by part, until all have been looked at or the seconds are over.

    Raises TooLong when one part takes far longer.
    """
    until = time.monotonic() + patience
    find = _on_postgresql if db.get_bind().dialect.name == "postgresql" else _on_sqlite
    async for found in find(db, actor, terms, before or BEYOND, patience):
        yield found
        if not found.place or time.monotonic() > until:
            return


async def _on_sqlite(
    db: Session, actor: Actor, terms: Sequence[Term], before: int, patience: float
) -> AsyncIterator[Hits]:
    async for found in _from_index(db, _IN_FTS5, _for_sqlite(actor, terms), before, OVERDUE * patience):
        yield found


async def _on_postgresql(
    db: Session, actor: Actor, terms: Sequence[Term], before: int, patience: float
) -> AsyncIterator[Hits]:
    until = time.monotonic() + patience
    expected = await _expected(db, actor, terms)
    if expected.quantity <= FEW:
        is_help = expected.workspace_share < MOST_OF_ALL
        query = _for_postgresql(terms, actor if is_help else None)
        with suppress(TooLong):  # there were more than expected
            async for found in _from_index(db, _IN_GIN, query, before, patience / 2):
                yield found
            return
    first = min(before, expected.newest + 1)
    async for found in _backwards(db, _for_postgresql(terms, actor), first, until, patience):
        yield found


async def _from_index(db: Session, query: Any, words: str, before: int, seconds: float) -> AsyncIterator[Hits]:
    place = before
    while place:
        async with at_most(db, seconds):
            ids = list((await db.exec(query, params={"terms": words, "before": place, "quantity": AT_ONCE})).all())
        place = ids[-1] if len(ids) == AT_ONCE else 0
        yield Hits(ids, place)


async def _backwards(db: Session, words: str, before: int, until: float, patience: float) -> AsyncIterator[Hits]:
    """Stretch by stretch, each at most twice as long as the last, and no longer than there is time for."""
    place, stretch, seconds = before, FIRST_STRETCH, OVERDUE * patience
    while place and stretch >= LEAST_STRETCH:
        began, high, low = time.monotonic(), place, max(place - stretch, 0)
        try:
            ids = await _stretch(db, words, high, low, seconds)
        except TooLong:
            if high == before:
                raise
            return  # the older ones are not in memory, as the newer ones were
        place = ids[-1] if len(ids) == AT_ONCE else low
        yield Hits(ids, place)
        moment = time.monotonic()
        stretch = min(2 * stretch, int((high - place) * (until - moment) / (moment - began)))
        seconds = until - moment + patience / 4


async def _stretch(db: Session, words: str, high: int, low: int, seconds: float) -> list[int]:
    values = {"terms": words, "before": high, "from": low, "quantity": AT_ONCE}
    async with at_most(db, seconds):
        return list((await db.exec(_ONE_BY_ONE, params=values)).all())


async def _expected(db: Session, actor: Actor, terms: Sequence[Term]) -> Expected:
    """By the shares of frequent words, as if each word stood in a message by chance. Endless while nothing is known."""
    words = [word for term in terms for word in term.words]
    begun = [term.words[-1] for term in terms if term.is_begun]
    here = f"#{actor.workspace_id}"
    asked = {"words": [here, *words], "begun": [f"{word}%" for word in begun]}
    quantity, newest, least, found = (await db.exec(_SHARES, params=asked)).one()
    if least is None:
        return Expected(math.inf, newest or 0, 0)
    shares = {word: _share(word, word in begun, found or {}, least) for word in {here, *words}}
    return Expected(max(quantity, 0) * math.prod(shares.values()), newest or 0, shares[here])


def _share(word: str, is_begun: bool, found: dict[str, float], least: float) -> float:
    longer = sum(share for other, share in found.items() if is_begun and other.startswith(word))
    return min(max(longer, found.get(word, least)), 1.0)


def _for_sqlite(actor: Actor, terms: Sequence[Term]) -> str:
    """FTS5's language: https://www.sqlite.org/fts5.html#full_text_query_syntax."""
    phrases = [f'"{" ".join(term.words)}"{" *" if term.is_begun else ""}' for term in terms]
    columns = [f"{{subject text}} : {phrase}" for phrase in phrases]
    return " AND ".join([f'workspace_id : "{actor.workspace_id}"', *columns])


def _for_postgresql(terms: Sequence[Term], actor: Actor | None) -> str:
    """A tsquery of quoted words; they hold letters and digits alone. Of the actor's workspace, or of all."""
    phrases = [" <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.is_begun else "") for term in terms]
    here = [f"'#{actor.workspace_id}'"] if actor else []
    return " & ".join([*here, *(f"({phrase})" for phrase in phrases)])


_TERMS: Any = bindparam("terms")
_BEFORE: Any = bindparam("before", type_=Id)
_QUANTITY: Any = bindparam("quantity", type_=Integer)
_ROWID: Any = column("rowid", Integer)
_IN_FTS5 = (
    select(_ROWID)
    .select_from(table("message_search"))
    .where(text("message_search MATCH :terms"), _ROWID < _BEFORE)
    .order_by(_ROWID.desc())
    .limit(_QUANTITY)
)
# By "+ 0" the index of the ids is no help: PostgreSQL would walk along it, in the hope of an early hit.
_IN_GIN = (
    select(Message.id)
    .where(column("words").op("@@")(cast(_TERMS, TSQUERY)), col(Message.id) < _BEFORE)
    .order_by((col(Message.id) + 0).desc())
    .limit(_QUANTITY)
)
# What the operator stands for; written as a function, no index is asked.
_ONE_BY_ONE = (
    select(Message.id)
    .where(
        func.ts_match_vq(column("words"), cast(_TERMS, TSQUERY)),
        col(Message.id) < _BEFORE,
        col(Message.id) >= bindparam("from", type_=Id),
    )
    .order_by(col(Message.id).desc())
    .limit(_QUANTITY)
)
# After the words' shares, `most_common_elem_freqs` holds the least of them, and the greatest.
_SHARES: Any = text("""
    SELECT reltuples, (SELECT max(id) FROM message),
        most_common_elem_freqs[cardinality(most_common_elem_freqs) - 1],
        (SELECT json_object_agg(word, share)
         FROM unnest(CAST(CAST(most_common_elems AS text) AS text[]), most_common_elem_freqs) AS known (word, share)
         WHERE word = ANY(:words) OR word LIKE ANY(:begun))
    FROM pg_class LEFT JOIN pg_stats
        ON schemaname = current_schema() AND tablename = 'message' AND attname = 'words'
    WHERE pg_class.oid = CAST('message' AS regclass)
""")
