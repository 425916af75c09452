"""Keeping a page of the list in order as conversations change, with as little to send as can be.

A tab holds two lists: `fresh`, the few that came to the top since the page was loaded, and `rows`, the page itself,
of which those in `fresh` are passed over. A new message touches `fresh` alone.
"""

from typing import TypeVar

from witei_app.conversations.rows import ConversationRow

MOST_FRESH = 8
Rows = list[ConversationRow]
T = TypeVar("T")


def plain(held: T) -> T:
    """The list (or row) that a state holds, without the wrapper that Reflex makes anew at each look at it.

    Through the wrapper no list is ever the same as a moment ago, and each row is wrapped in turn.
    """
    return getattr(held, "__wrapped__", held)


def put(fresh: Rows, rows: Rows, row: ConversationRow, *, has_more: bool) -> tuple[Rows, Rows]:
    """Show a changed conversation where it belongs now, newest first. Beyond the loaded page it is left out."""
    old = next((known for known in [*fresh, *rows] if known.id == row.id), None)
    if old is not None and old.at == row.at:
        is_fresh = any(known.id == row.id for known in fresh)  # then the one in the page below is passed over
        return (_replaced(fresh, row), rows) if is_fresh else (fresh, _replaced(rows, row))
    if not rows or row.at > rows[0].at:
        fresh = sorted([row, *without(fresh, row.id)], key=_newest, reverse=True)
        return (fresh, rows) if len(fresh) <= MOST_FRESH else ([], _merged(fresh, rows))
    if has_more and row.at < rows[-1].at:
        return take(fresh, rows, row.id)
    fresh, rows = take(fresh, rows, row.id)
    return fresh, sorted([row, *rows], key=_newest, reverse=True)


def take(fresh: Rows, rows: Rows, conversation_id: int) -> tuple[Rows, Rows]:
    """Show the conversation no more."""
    return without(fresh, conversation_id), without(rows, conversation_id)


def without(rows: Rows, conversation_id: int) -> Rows:
    """The same list when it was not there, so that nothing is sent."""
    if all(row.id != conversation_id for row in rows):
        return rows
    return [row for row in rows if row.id != conversation_id]


def _replaced(rows: Rows, row: ConversationRow) -> Rows:
    if all(known.id != row.id or known == row for known in rows):
        return rows
    return [row if known.id == row.id else known for known in rows]


def _merged(fresh: Rows, rows: Rows) -> Rows:
    moved = {row.id for row in fresh}
    return [*fresh, *(row for row in rows if row.id not in moved)]


def _newest(row: ConversationRow) -> tuple[str, int]:
    return row.at, row.id
