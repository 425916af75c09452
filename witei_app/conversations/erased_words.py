"""The words of what was deleted for good leave SQLite's file, too.

FTS5 takes a row out of its index by noting beside its words that they are gone: both stay until it merges its parts,
which may be never where little is written. So they are merged, a few pages at a time. (Its 'secure-delete' needs SQLite
3.42 and makes the index unreadable for any before; Debian 12 has 3.40.) PostgreSQL's autovacuum does as much by itself.
"""

import asyncio
import contextlib
import sqlite3
import time
from typing import Any

from sqlalchemy import text

from witei_app.db import Session, before_commit, reading, transaction
from witei_app.models.search import INDEXES

# How far it is, kept in the head of the file, which nothing else uses.
NOTHING, ERASED, MERGING = range(3)
PAGES = 200  # of 4 KB: some hundredths of a second, in which nobody else writes
REST = 4  # times as long as it took: others write too
# All of the index is written anew, in a second for 150,000 messages. What is erased later waits a hundred times as
# long, so that a bin that empties all day does not keep the disk busy.
PAUSE = 100
CHECKPOINT_SECONDS = 0.05  # in which nobody writes; whoever reads for long makes it come again later

# Of this process: how long the merging at hand has "taken", and when another may begin ("next_at").
_pace: dict[str, float] = {}


def forget_words(db: Session) -> None:
    """Have the worker see to it, once this transaction has deleted something for good."""
    if db.get_bind().dialect.name == "sqlite":
        before_commit(db, "erased words", lambda db: _note(db, ERASED))


async def forget_erased_words() -> bool:
    """Merge some pages of the indexes when something was erased. False: nothing is left to do."""
    async with reading() as db:
        state = await _state(db) if db.get_bind().dialect.name == "sqlite" else NOTHING
    began = time.monotonic()
    if state == NOTHING or (state == ERASED and began < _pace.get("next_at", 0)):
        return False
    async with transaction() as db:
        is_begun = await _state(db) == MERGING
        changed = [await _merge(db, index, PAGES if is_begun else -PAGES) for index in INDEXES]
        if not is_begun:
            await _note(db, MERGING)
    taken = time.monotonic() - began
    _pace["taken"] = _pace.get("taken", 0) + taken
    if not is_begun or any(changed):
        await asyncio.sleep(REST * taken)
        return True
    await _finish()
    _pace["next_at"] = time.monotonic() + PAUSE * _pace.pop("taken")
    return False


async def _merge(db: Session, index: str, pages: int) -> bool:
    """With a negative number all parts of `index` (one of INDEXES), as they are now, begin to become one; later calls
    go on. Whether it did some.

    https://sqlite.org/fts5.html#the_merge_command
    """
    before = await _ask(db, "SELECT total_changes()")
    await _run(db, f"INSERT INTO {index}({index}, rank) VALUES ('merge', {pages})")  # noqa: S608
    return bool(await _ask(db, "SELECT total_changes()") - before >= 2)


async def _finish() -> None:
    """What was erased stands in the log of changes (WAL) as well. While it is in use, this comes again later."""
    async with reading() as db:
        path = str(db.get_bind().engine.url.database)
    if not await asyncio.to_thread(_empty_log, path):
        return
    async with transaction() as db:
        if await _state(db) == MERGING:  # nothing was erased meanwhile
            await _note(db, NOTHING)


def _empty_log(path: str) -> bool:
    with contextlib.closing(sqlite3.connect(path, timeout=CHECKPOINT_SECONDS)) as connection:
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


async def _state(db: Session) -> int:
    return int(await _ask(db, "SELECT user_version FROM pragma_user_version"))


async def _note(db: Session, state: int) -> None:
    await _run(db, f"PRAGMA user_version = {state}")


async def _ask(db: Session, query: str) -> Any:
    return (await (await db.connection()).execute(text(query))).scalar_one()


async def _run(db: Session, statement: str) -> None:
    await (await db.connection()).execute(text(statement))
