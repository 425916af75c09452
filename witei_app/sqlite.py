"""SQLite for the event loop: what is quick is done at once, what may take long in a thread.

SQLAlchemy takes any driver with the shape of an asynchronous DB-API. With aiosqlite's own connections a query is eight
trips to a thread (BEGIN, the query, its rows and both cursors, the end). Each wakes the thread and then the loop; and
while the loop is busy, the thread waits for Python's lock at every row, 5 ms each time.
"""

import asyncio
import contextlib
import math
import re
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self

_Job = tuple[Callable[[], Any], asyncio.Future[Any] | None]

# A query that is not done after so long is broken off, and begun anew in the thread.
QUICK_SECONDS = 0.002
STEPS_BETWEEN_LOOKS = 2000  # at the clock; SQLite's virtual machine makes them in a tenth of a millisecond
# What is quick comes in rows, too: after so long the others of the loop have their turn.
HOLD_SECONDS = 0.003
MOST_VALUES = 1000
WRITE = "BEGIN IMMEDIATE"
# Written once for each row of values, or to the rows that have an id: as quick as there are few of them.
_BOUNDED = re.compile(r"INSERT INTO \w+ \([^)]*\) VALUES|UPDATE \w+ SET .* WHERE \w+\.id = \?$", re.DOTALL)


class Connection:
    """A connection with a thread for waiting for the lock to write, flushing to the disk, queries that look at much.

    A `BEGIN` waits for the first statement and travels with it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        # Without the driver's own transactions: it begins them too late, `db` says when.
        options |= {"isolation_level": None, "check_same_thread": False}
        self._open = partial(sqlite3.connect, *arguments, **options)
        self._connection: sqlite3.Connection | None = None  # SQLAlchemy asks whether it is there
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._asked = self._done = 0  # jobs of the thread: the loop counts the one, the thread the other
        self._begin = ""
        self._has_worked = self._has_written = self._has_lock = False  # since the last commit or rollback
        self._resumed_at = 0.0
        self._late_at = math.inf

    def __await__(self) -> Generator[Any, None, Self]:
        return self._connect().__await__()

    def cursor(self) -> "Cursor":
        """A cursor; it costs nothing until it executes."""
        return Cursor(self)

    async def run(self, cursor: "Cursor", call: str, statement: str, parameters: Sequence[Any]) -> None:
        """Execute, and bring back everything that the cursor can be asked for."""
        if statement.startswith("BEGIN"):
            self._begin = statement
            return
        begin, self._begin, self._has_worked = self._begin, "", True
        is_query = statement.startswith("SELECT")
        self._has_written |= begin == WRITE or not is_query
        self._has_lock |= begin == WRITE
        job = partial(_execute, self._opened(), begin, cursor, call, statement, parameters)
        is_quick = is_query or (self._has_lock and _is_bounded(call, statement, parameters))
        if is_quick and begin != WRITE and not self._is_in_thread:
            await self._let_others()
            if self._is_done_at_once(job, is_query):
                return
        await self._call(job)

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

    def interrupt(self) -> None:
        """Break off what its thread is at: whoever waits for it gets an error."""
        if self._connection is not None:
            self._connection.interrupt()

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

    @property
    def _is_in_thread(self) -> bool:
        """Whoever was cancelled has left something to the thread; until it is done, the connection is the thread's."""
        return self._asked != self._done

    async def _let_others(self) -> None:
        if time.perf_counter() - self._resumed_at > HOLD_SECONDS:
            await asyncio.sleep(0)
            self._resumed_at = time.perf_counter()

    def _is_done_at_once(self, job: Callable[[], None], is_query: bool) -> bool:
        """Whether the job was quick. A query that was not has left nothing; only queries may be broken off."""
        if not is_query:
            job()
            return True
        connection = self._opened()
        self._late_at = time.perf_counter() + QUICK_SECONDS
        connection.set_progress_handler(self._is_late, STEPS_BETWEEN_LOOKS)
        try:
            job()
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        finally:
            connection.set_progress_handler(None, 0)
        return True

    def _is_late(self) -> bool:
        return time.perf_counter() > self._late_at

    async def _end(self, call: Callable[[], None]) -> None:
        self._begin = ""
        if self._has_worked:
            if self._has_written or self._is_in_thread:
                await self._call(call)
            else:
                call()
            self._has_worked = self._has_written = self._has_lock = False

    async def _call(self, call: Callable[[], Any]) -> Any:
        done = asyncio.get_running_loop().create_future()
        self._asked += 1
        self._jobs.put((partial(self._do, call), done))
        result = await done
        self._resumed_at = time.perf_counter()
        return result

    def _do(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            self._done += 1


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


def _is_bounded(call: str, statement: str, parameters: Sequence[Any]) -> bool:
    quantity = len(parameters) * (len(parameters[0]) if call == "executemany" and parameters else 1)
    return quantity <= MOST_VALUES and _BOUNDED.match(statement) is not None


def _execute(
    connection: sqlite3.Connection, begin: str, cursor: Cursor, call: str, statement: str, parameters: Sequence[Any]
) -> None:
    if begin and not connection.in_transaction:
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
