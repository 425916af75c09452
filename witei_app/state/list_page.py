"""A page of the list and what changed in it since, with as little to send as can be.

Reflex sends a var whole when anything in it changes. So the loaded page stays as it is, and a changed row goes into
one of a few short pieces: a push sends three rows at most. The browser puts them together (arrange.jsx): of each
conversation the newest row, without those that are gone, the greatest rank first. `arranged` is the same here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from witei_app.conversations.rows import ConversationRow

PIECES = 12
IN_A_PIECE = 3
MOST_GONE = 60
MOST_DIFFERENT = 18  # of a page that is read again; where more is different, it is sent whole
Rows = list[ConversationRow]
T = TypeVar("T")


@dataclass(frozen=True)
class ListPage:
    """`pieces` from the oldest to the newest."""

    rows: Rows
    pieces: tuple[Rows, ...]
    gone: list[int]


def plain(held: T) -> T:
    """The list (or row) that a state holds, without the wrapper that Reflex makes anew at each look at it.

    Through the wrapper no list is ever the same as a moment ago, and each row is wrapped in turn.
    """
    return getattr(held, "__wrapped__", held)


def whole(rows: Rows) -> ListPage:
    """A page in which nothing has changed yet."""
    return ListPage(rows, tuple([] for _ in range(PIECES)), [])


def arranged(page: ListPage) -> Rows:
    """What a person sees."""
    return _in_order(shown(page).values())


def shown(page: ListPage) -> dict[int, ConversationRow]:
    """The same by id, in no order: a push asks for it several times, and most pushes need none."""
    newest = {row.id: row for part in (page.rows, *page.pieces) for row in part}
    for conversation_id in page.gone:
        newest.pop(conversation_id, None)
    return newest


def put(page: ListPage, row: ConversationRow, *, has_more: bool) -> ListPage:
    """Show a changed conversation where it belongs now. Beyond the loaded page it is left out."""
    seen = shown(page)
    if seen.get(row.id) == row:
        return page
    standing = _standing(row)
    if has_more and seen and all(standing < _standing(one) for one in seen.values()):
        return _taken(page, row.id) if row.id in seen else page
    pieces = _written(page.pieces, row)
    if pieces is None:
        return whole(_in_order({**seen, row.id: row}.values()))
    gone = page.gone if row.id not in page.gone else [one for one in page.gone if one != row.id]
    return replace(page, pieces=pieces, gone=gone)


def read_again(page: ListPage, rows: Rows) -> ListPage:
    """These rows and no others. Most are as they were, however many were loaded, and are not sent again."""
    known = shown(page)
    changed = [row for row in rows if known.pop(row.id, None) != row]
    if len(changed) + len(known) > MOST_DIFFERENT:
        return whole(rows)
    for conversation_id in known:
        page = _taken(page, conversation_id)
    for row in changed:
        page = put(page, row, has_more=False)
    return page


def grown(page: ListPage, rows: Rows) -> ListPage:
    """With the next page below it. What the database says now counts more than what was told before."""
    ids = {row.id for row in rows}
    pieces = tuple(piece if ids.isdisjoint(row.id for row in piece) else _besides(piece, ids) for piece in page.pieces)
    return ListPage([*_besides(page.rows, ids), *rows], pieces, [one for one in page.gone if one not in ids])


def take(page: ListPage, conversation_id: int) -> ListPage:
    """Show the conversation no more."""
    return _taken(page, conversation_id) if conversation_id in shown(page) else page


def _taken(page: ListPage, conversation_id: int) -> ListPage:
    if len(page.gone) >= MOST_GONE:
        return whole([row for row in arranged(page) if row.id != conversation_id])
    return replace(page, gone=[*page.gone, conversation_id])


def _written(pieces: tuple[Rows, ...], row: ConversationRow) -> tuple[Rows, ...] | None:
    """Into the piece that was written last, or the next one; None when all are full."""
    last = max((number for number, piece in enumerate(pieces) if piece), default=0)
    others = [one for one in pieces[last] if one.id != row.id]
    if len(others) == IN_A_PIECE:
        last, others = last + 1, []
    return None if last == len(pieces) else (*pieces[:last], [*others, row], *pieces[last + 1 :])


def _besides(rows: Rows, ids: set[int]) -> Rows:
    return [row for row in rows if row.id not in ids]


def _in_order(rows: Iterable[ConversationRow]) -> Rows:
    return sorted(rows, key=_standing, reverse=True)


def _standing(row: ConversationRow) -> tuple[str, int]:
    return row.rank, row.id
