"""SQLite for the event loop: each connection works in a thread of its own, and a statement is one trip to it.

SQLAlchemy takes any driver with the shape of an asynchronous DB-API. With aiosqlite's own connections a query is eight
trips (BEGIN, the query, its rows and both cursors, the end); each wakes a thread and then the loop, which costs more
than the query does.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Generator, Sequence
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self

_Job = tuple[Callable[[], Any], asyncio.Future[Any] | None]


class Connection:
    """A connection whose every call runs in its thread. A `BEGIN` waits for the first statement and travels with it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        # Without the driver's own transactions: it begins them too late, `db` says when.
        self._open = partial(sqlite3.connect, *arguments, isolation_level=None, **options)
        self._connection: sqlite3.Connection | None = None  # SQLAlchemy asks whether it is there
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._begin = ""
        self._has_worked = False  # since the last commit or rollback

    def __await__(self) -> Generator[Any, None, Self]:
        return self._connect().__await__()

    def cursor(self) -> "Cursor":
        """A cursor; it costs nothing until it executes."""
        return Cursor(self)

    async def run(self, cursor: "Cursor", call: str, statement: str, parameters: Sequence[Any]) -> None:
        """Execute in the thread, and bring back everything that the cursor can be asked for."""
        if statement.startswith("BEGIN"):
            self._begin = statement
            return
        begin, self._begin, self._has_worked = self._begin, "", True
        connection = self._opened()
        await self._call(lambda: _execute(connection, begin, cursor, call, statement, parameters))

    async def commit(self) -> None:
        """Keep what was done, if anything was."""
        await self._end(self._opened().commit)

    async def rollback(self) -> None:
        """Forget what was done, if anything was."""
        await self._end(self._opened().rollback)

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        """A function for SQL to call."""
        connection = self._opened()
        await self._call(lambda: connection.create_function(*arguments, **options))

    async def close(self) -> None:
        """Close it, and let its thread end."""
        connection, self._connection = self._connection, None
        if connection is not None:
            done = asyncio.get_running_loop().create_future()
            self._jobs.put((connection.close, done))
            self._jobs.put(None)
            await done

    def stop(self) -> None:
        """The same where nobody can wait any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._jobs.put((connection.close, None))
            self._jobs.put(None)

    async def _connect(self) -> Self:
        Thread(target=_work, args=(self._jobs,), name="sqlite", daemon=True).start()
        try:
            self._connection = await self._call(self._open)
        except BaseException:
            self._jobs.put(None)
            raise
        return self

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("connection closed")  # SQLAlchemy knows these words, and connects again
        return self._connection

    async def _end(self, call: Callable[[], None]) -> None:
        """Whoever was cancelled has left a statement to the thread: only the thread knows what there is to end."""
        self._begin = ""
        if self._has_worked:
            await self._call(call)
            self._has_worked = False

    async def _call(self, call: Callable[[], Any]) -> Any:
        done = asyncio.get_running_loop().create_future()
        self._jobs.put((call, done))
        return await done


class Cursor:
    """What one statement gave; all of it is here once the statement has run."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1
        self.rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run it."""
        await self._connection.run(self, "execute", statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        """Run it once for each of the parameters."""
        await self._connection.run(self, "executemany", statement, parameters)

    async def fetchall(self) -> list[Any]:
        """The rows."""
        return self.rows

    async def close(self) -> None:
        """SQLite's own was closed when it had run."""


def _execute(
    connection: sqlite3.Connection, begin: str, cursor: Cursor, call: str, statement: str, parameters: Sequence[Any]
) -> None:
    if begin:
        connection.execute(begin)
    ran = getattr(connection, call)(statement, parameters)
    cursor.rows = ran.fetchall()
    cursor.description, cursor.rowcount, cursor.lastrowid = ran.description, ran.rowcount, ran.lastrowid
    ran.close()


def _work(jobs: SimpleQueue[_Job | None]) -> None:
    while (job := jobs.get()) is not None:
        call, done = job
        try:
            outcome: tuple[str, Any] = ("set_result", call())
        except BaseException as fault:
            outcome = ("set_exception", fault)
        if done is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                done.get_loop().call_soon_threadsafe(_settle, done, *outcome)
        del call, done, job, outcome  # an error holds on to whatever was on its way


def _settle(done: asyncio.Future[Any], how: str, value: Any) -> None:
    if not done.done():
        getattr(done, how)(value)
