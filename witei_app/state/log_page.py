"""The loaded part of a thread and what came since, with as little to send as can be.

Reflex sends a var whole when anything in it changes. So the loaded page stays as it is; what is new, or another now,
goes into one of a few short pieces that are used in turn: a push sends three entries at most, however many came. The
browser strings them together (arrange.jsx): each entry at its first place, as it was told last. `strung` is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from witei_app.conversations.rows import MessageRow

PIECES = 12
IN_A_PIECE = 3
Rows = list[MessageRow]


@dataclass(frozen=True)
class LogPage:
    """`pieces` are a ring that begins at `turn`. `is_cut` says that the oldest entries were let go: they can be loaded
    again."""

    messages: Rows
    pieces: tuple[Rows, ...]
    turn: int = 0
    gone: tuple[int, ...] = ()
    is_cut: bool = False


def whole(messages: Rows) -> LogPage:
    """A page to which nothing came yet."""
    return LogPage(messages, tuple([] for _ in range(PIECES)))


def in_turn(page: LogPage) -> list[int]:
    """The numbers of the pieces, the oldest first."""
    return [(page.turn + step) % len(page.pieces) for step in range(len(page.pieces))]


def strung(page: LogPage) -> Rows:
    """What a person sees."""
    newest = {row.id: row for part in (page.messages, *(page.pieces[one] for one in in_turn(page))) for row in part}
    return [row for row in newest.values() if row.id not in page.gone]


def has_moved(page: LogPage, numbers: Mapping[int, int]) -> bool:
    """Whether a message that is shown has another place now: it stands among those of another conversation."""
    return any(numbers.get(row.id, row.number) != row.number for row in strung(page) if row.kind != "event")


def put(page: LogPage, row: MessageRow) -> LogPage:
    """Add an entry, or show it as it is now; the day and the new subject above it stay where they were said."""
    known = next((one for one in strung(page) if one.id == row.id), None)
    if known is not None:
        row = replace(row, starts_day=known.starts_day, subject=known.subject)
    if known == row:
        return page
    written = [one for one in in_turn(page) if page.pieces[one]]
    last = written[-1] if written else page.turn
    piece = page.pieces[last]
    if any(one.id == row.id for one in piece):
        return _with_piece(page, last, [row if one.id == row.id else one for one in piece])
    if len(piece) < IN_A_PIECE:
        return _with_piece(page, last, [*piece, row])
    after = (last + 1) % len(page.pieces)
    if page.pieces[after]:
        page = _cut(page)
        if known is not None and all(one.id != row.id for one in strung(page)):
            return page  # it was among those that were let go
    return _with_piece(page, after, [row])


def take(page: LogPage, message_id: int) -> LogPage:
    """Show the entry no more."""
    if all(row.id != message_id for row in strung(page)):
        return page
    return replace(page, gone=(*page.gone, message_id))


def _with_piece(page: LogPage, number: int, rows: Rows) -> LogPage:
    return replace(page, pieces=(*page.pieces[:number], rows, *page.pieces[number + 1 :]))


def _cut(page: LogPage) -> LogPage:
    """Let the loaded page and the oldest piece go, with what was told of their entries later."""
    lost = {row.id for row in (*page.messages, *page.pieces[page.turn])}
    pieces = []
    for number, piece in enumerate(page.pieces):
        kept = [] if number == page.turn else [row for row in piece if row.id not in lost]
        pieces.append(kept if len(kept) < len(piece) else piece)
    gone = tuple(one for one in page.gone if one not in lost)
    return LogPage([], tuple(pieces), (page.turn + 1) % len(page.pieces), gone, is_cut=True)
