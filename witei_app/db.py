"""The database: one engine for the process, transactions that announce after the commit, migrations."""

import asyncio
import select
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import Format
from sqlalchemy import DateTime, Engine, Insert, event
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Dialect, ExceptionContext, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from witei_app.live import away, bus
from witei_app.outage import DatabaseAway, is_outage
from witei_app.sqlite import Connection as SqliteConnection

Session = AsyncSession
# A machine that went without a word is noticed after some 20 seconds, not by the system's two hours.
_NOTICES_A_DEAD_LINE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # milliseconds
}
# What was deleted is overwritten: Debian builds SQLite so, others do not.
SQLITE = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000", "temp_store=2"]
SQLITE += ["secure_delete=ON"]
# Statements that PostgreSQL keeps planned for each connection; the app has some hundreds.
MOST_PREPARED = 500


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, timezone-aware on the Python side, always UTC; PostgreSQL's timestamptz, SQLite's naive text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Connected:
    """The engine in use. `reader` and `writer` are the same pool.

    On SQLite the writer's transactions take the write lock at once. On PostgreSQL the reader's queries stand alone
    (they saw a moment each anyway): no BEGIN, and no ROLLBACK, after which psycopg would forget what is prepared.
    """

    engine: AsyncEngine | None = None
    reader: AsyncEngine | None = None
    writer: AsyncEngine | None = None
    turn: asyncio.Lock | None = None


def connect(url: str) -> AsyncEngine:
    """Use this database from now on. `url` carries the async driver, as `Settings.database` gives it."""
    engine = make_engine(url)
    use(engine)
    return engine


def make_engine(url: str) -> AsyncEngine:
    """An engine for this database, as the app uses it."""
    is_sqlite = url.startswith("sqlite")
    sqlite = {"timeout": 20, "async_creator_fn": SqliteConnection}
    engine = create_async_engine(
        url,
        hide_parameters=True,  # an error's text goes into logs, what people wrote does not
        pool_size=12,
        max_overflow=12,
        pool_timeout=20,
        pool_use_lifo=True,  # few connections do most of the work, which therefore have most statements prepared
        connect_args=sqlite if is_sqlite else _postgres_options(url),
    )
    (_prepare_sqlite if is_sqlite else _prepare_postgres)(engine.sync_engine)
    return engine


def use(engine: AsyncEngine) -> None:
    """Use this engine from now on."""
    is_sqlite = engine.dialect.name == "sqlite"
    _Connected.engine = engine
    _Connected.reader = engine if is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
    _Connected.writer = engine.execution_options(writes=True) if is_sqlite else engine
    # One writer at a time is SQLite's rule; queueing here is fair, its busy timeout is a sleep and a lottery.
    _Connected.turn = asyncio.Lock() if is_sqlite else None


def _postgres_options(url: str) -> dict[str, Any]:
    """Ours, but for what the operator has said behind the address: a schema, another patience."""
    given = make_url(url).query
    ours = {"connect_timeout": 5} | _NOTICES_A_DEAD_LINE
    options = f"{given.get('options', '')} -c timezone=utc"
    return {name: value for name, value in ours.items() if name not in given} | {"options": options}


async def dispose() -> None:
    """Close all connections."""
    if _Connected.engine is not None:
        await _Connected.engine.dispose()
    _Connected.engine = _Connected.reader = _Connected.writer = _Connected.turn = None


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in SQLITE:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _prepare_more(connection: Any, _record: object) -> None:
        connection.driver_connection.prepared_max = MOST_PREPARED

    @event.listens_for(engine, "checkout")
    def _still_there(connection: Any, _record: object, _proxy: object) -> None:
        if connection.closed or _says_something(connection.driver_connection.fileno()):
            raise DisconnectionError

    @event.listens_for(engine, "handle_error")
    def _without_contents(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None):  # said by the server, not on the way to it
            _says_less(context.original_exception)
            _says_less(context.sqlalchemy_exception)


def _says_less(fault: BaseException | None) -> None:
    """PostgreSQL quotes the row that it refuses ("Key (email)=(ana@sol.es) already exists"), and errors are logged.

    Whatever its language, that comes after the first line.
    """
    if fault is not None:
        fault.args = tuple(str(one).partition("\n")[0] for one in fault.args)


def _says_something(socket: int) -> bool:
    """Whether there is something to read. Unasked, a server only says that it ends; asking it takes a round trip."""
    look = select.poll()
    look.register(socket, select.POLLIN)
    return bool(look.poll(0))


def _engine() -> AsyncEngine:
    if _Connected.engine is None:
        raise RuntimeError("connect() to a database first")
    return _Connected.engine


@asynccontextmanager
async def transaction() -> AsyncIterator[Session]:
    """A unit of work: all of it is kept, or nothing is. What was announced in it is published after the commit.

    Not to be nested: on SQLite the inner one would wait for the outer one for ever.
    """
    _engine()
    with _suspecting(away.WRITING):
        async with _Connected.turn or nullcontext(), AsyncSession(_Connected.writer, expire_on_commit=False) as db:
            yield db
            for settle in db.info.pop("before_commit", {}).values():
                await settle(db)
            await db.commit()
    await bus.publish(*db.info.pop("announced", ()))


def before_commit(db: Session, name: str, settle: Callable[[Session], Awaitable[None]]) -> None:
    """Have `settle` called once at the end of the transaction, however often it was asked for under this name."""
    db.info.setdefault("before_commit", {})[name] = settle


@asynccontextmanager
async def reading(*, is_probe: bool = False) -> AsyncIterator[Session]:
    """A session for queries alone; it sees one moment of the database on SQLite and never waits for writers.

    `is_probe` asks a database, too, that is known to be away.
    """
    with nullcontext() if is_probe else _suspecting(away.DATABASE):
        _engine()
        async with AsyncSession(_Connected.reader, expire_on_commit=False, autoflush=False) as db:
            yield db


def insert_missing(db: Session, table: type[SQLModel]) -> Insert:
    """An INSERT that leaves out the rows that are there already: whoever was faster, theirs stays."""
    insert = postgres_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    return insert(table).on_conflict_do_nothing()


@asynccontextmanager
async def binary_answers(db: Session) -> AsyncIterator[None]:
    """Columns of bytes as they are: who asks for text gets them from PostgreSQL in hexadecimal, of twice the length."""
    raw = await (await db.connection()).get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, AsyncConnection):
        yield
        return
    usual, driver.cursor_factory = driver.cursor_factory, _BinaryCursor
    try:
        yield
    finally:
        driver.cursor_factory = usual


class _BinaryCursor(AsyncCursor[Any]):
    def __init__(self, connection: AsyncConnection[Any], **how: Any) -> None:
        super().__init__(connection, **how)
        self.format = Format.BINARY


@contextmanager
def _suspecting(what: str) -> Iterator[None]:
    if away.is_away(away.DATABASE):
        raise DatabaseAway
    try:
        yield
    except Exception as fault:
        if is_outage(fault):
            away.suspect(what, fault)
        raise


def at_hand(db: Session, *rows: object) -> None:
    """Keep these rows in the session, so that `db.get` finds them there; by itself it forgets what nobody holds."""
    db.info.setdefault("at_hand", []).extend(rows)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to a revision (alembic); a plain call, from outside any event loop.

    Ends the process with one line where a newer version of the program has changed the database already.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    root = Path(__file__).resolve().parent.parent
    config = Config(root / "alembic.ini")
    config.set_main_option("script_location", str(root / "alembic"))
    config.attributes["url"] = url
    change = command.upgrade if revision == "head" else command.downgrade
    try:
        change(config, revision)
    except CommandError as fault:
        if not isinstance(fault.__cause__, ResolutionError):
            raise
        sys.exit("The database is of a newer version of Conversations: start that one, or bring back an older backup.")
