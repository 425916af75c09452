"""The driver: what is quick needs no thread, and nothing left open whatever happens on the way."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from witei_app import db as database
from witei_app.db import Session, reading, transaction
from witei_app.sqlite import Connection


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """One small table of its own."""
    engine = database.connect(f"sqlite+aiosqlite:///{tmp_path / 'small.db'}")
    async with transaction() as db:
        await _run(db, "CREATE TABLE line (word TEXT UNIQUE)")
    yield engine
    await database.dispose()


async def _words() -> list[str]:
    async with reading() as db:
        return list((await _run(db, "SELECT word FROM line ORDER BY word")).scalars())


async def _run(db: Session, statement: str) -> CursorResult[Any]:
    return await (await db.connection()).execute(text(statement))


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What connections have their threads do from now on."""
    made: list[object] = []
    real = Connection._call

    async def noted(connection: Connection, call: object) -> object:
        made.append(call)
        return await real(connection, call)  # type: ignore[arg-type]

    monkeypatch.setattr(Connection, "_call", noted)
    return made


async def test_a_quick_query_is_answered_without_a_thread(engine: AsyncEngine, trips: list[object]) -> None:
    await _words()  # the connection is there now
    trips.clear()
    assert await _words() == []
    assert not trips


async def test_who_writes_goes_to_the_thread_for_the_lock_and_for_the_disk(
    engine: AsyncEngine, trips: list[object]
) -> None:
    async with transaction() as db:
        trips.clear()
        for word in "abc":
            await _run(db, f"INSERT INTO line (word) VALUES ('{word}')")
        assert len(trips) == 1
    assert len(trips) == 2
    assert await _words() == ["a", "b", "c"]


async def test_a_long_query_leaves_the_loop_to_the_others(engine: AsyncEngine, trips: list[object]) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)"
    async with transaction() as db:
        await _run(db, "INSERT INTO line (word) VALUES ('kept')")
        trips.clear()
        counting = asyncio.create_task(_run(db, f"SELECT * FROM ({numbers} SELECT count(*) FROM n)"))
        longest = 0.0
        while not counting.done():
            began = time.thread_time()  # its own, which other work on the machine does not lengthen
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - began)
    assert counting.result().scalar() == 400000
    assert len(trips) == 2, "the query, and the end of the transaction in which it was broken off"
    assert longest < 0.05
    assert await _words() == ["kept"]


async def test_quick_queries_in_a_row_let_the_others_have_their_turn(engine: AsyncEngine) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    for _ in range(50):
        await _words()
    counting.cancel()
    assert turns > 3


async def test_a_failed_statement_leaves_the_others_to_be_kept(engine: AsyncEngine) -> None:
    async with transaction() as db:
        await _run(db, "INSERT INTO line VALUES ('kept')")
        with pytest.raises(OperationalError):
            await _run(db, "INSERT INTO nowhere VALUES (1)")
    assert await _words() == ["kept"]


async def test_who_is_cancelled_leaves_no_transaction_open(engine: AsyncEngine) -> None:
    async def write() -> None:
        async with transaction() as db:
            await _run(db, "INSERT INTO line VALUES ('half')")
            await asyncio.sleep(60)

    for pause in (0.0, 0.0001, 0.001, 0.01, 0.1):
        writing = asyncio.create_task(write())
        await asyncio.sleep(pause)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    async with asyncio.timeout(20), transaction() as db:
        await _run(db, "INSERT INTO line VALUES ('next')")
    assert await _words() == ["next"]


async def test_two_connections_write_one_after_the_other(engine: AsyncEngine) -> None:
    async def write(word: str) -> None:
        async with engine.execution_options(writes=True).begin() as connection:
            await connection.execute(text("SELECT count(*) FROM line"))  # takes the lock: it is to write, later
            await asyncio.sleep(0.05)
            await connection.execute(text("INSERT INTO line VALUES (:word)"), {"word": word})

    await asyncio.gather(*(write(word) for word in "abc"))
    assert await _words() == ["a", "b", "c"]


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    database.connect(f"sqlite+aiosqlite:///{tmp_path / 'away' / 'small.db'}")
    with pytest.raises(OperationalError):
        await _words()
    await database.dispose()


async def test_who_writes_without_having_asked_for_the_lock_holds_up_nobody(engine: AsyncEngine) -> None:
    async with transaction() as other:
        await _run(other, "INSERT INTO line (word) VALUES ('first')")
        async with reading() as db:
            writing = asyncio.create_task(_run(db, "INSERT INTO line (word) VALUES ('second')"))
            await asyncio.sleep(0.1)
            assert not writing.done()
            await other.commit()
            await writing
            await db.commit()
    assert await _words() == ["first", "second"]
