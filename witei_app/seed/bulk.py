"""Millions of rows into a database in one transaction: the indexes go first and come back last."""

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from witei_app.models import search
from witei_app.seed.hours import DAY
from witei_app.seed.tables import COLUMNS, Layout, Row, Style, layout

BATCH = 4_000


class Loader(Protocol):
    """Takes rows in any order; `finish` commits them. Left without `finish`, nothing of it remains.

    `written` counts the rows; `report` is called with it after each batch.
    """

    written: int
    report: Callable[[int], None]

    def write(self, model: type[SQLModel], row: Row) -> None: ...
    def ask(self, query: str) -> Any: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


def open_loader(url: str, until: int) -> "SqliteLoader | PostgresLoader":
    """A loader for the database at `url` (`Settings.database`). Nobody else should write to it meanwhile."""
    if url.startswith("sqlite"):
        return SqliteLoader(make_url(url).database or "", until)
    return PostgresLoader(url.replace("+psycopg", "", 1), until)


class _Buffers:
    """Rows waiting to be written together, one list for each table."""

    def __init__(self, until: int) -> None:
        self.until = until
        self.rows: defaultdict[type[SQLModel], list[Row]] = defaultdict(list)
        self.layouts: dict[type[SQLModel], Layout] = {}
        self.written = 0
        self.report: Callable[[int], None] = lambda written: None

    def write(self, model: type[SQLModel], row: Row) -> None:
        """Keep a row for the next batch."""
        rows = self.rows[model]
        rows.append(row)
        if len(rows) >= BATCH:
            self.flush(model)

    def write_all(self, model: type[SQLModel], rows: list[Row]) -> None:
        """Write a batch that came together."""
        self.rows[model] += rows
        self.flush(model)

    def flush(self, model: type[SQLModel]) -> None:
        """Write the table's batch."""
        rows = self.rows.pop(model, [])
        if not rows:
            return
        if model not in self.layouts:
            self.layouts[model] = _plain(layout(model, stamp(self.until)))
        shape = self.layouts[model]
        self.store(shape, [row + shape.rest for row in rows] if shape.rest else rows)
        self.written += len(rows)
        self.report(self.written)

    def flush_all(self) -> None:
        """Write everything that waits."""
        for model in list(self.rows):
            self.flush(model)

    def store(self, shape: Layout, rows: list[Row]) -> None:
        raise NotImplementedError


class SqliteLoader(_Buffers):
    """SQLite through its own driver: prepared INSERTs, no foreign keys and a rollback journal while it lasts."""

    def __init__(self, path: str, until: int) -> None:
        super().__init__(until)
        self.connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        run = self.connection.execute
        try:  # a write-ahead log would hold all of it a second time
            run("PRAGMA journal_mode=TRUNCATE")
        except sqlite3.OperationalError as fault:
            sys.exit(f"Stop the app first, the database is in use: {fault}.")
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-128000", "temp_store=MEMORY"):
            run(f"PRAGMA {pragma}")
        run("BEGIN IMMEDIATE")
        tables = ",".join(f"'{model.__tablename__}'" for model in COLUMNS)
        query = (
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"  # noqa: S608
        )
        self.indexes = run(query).fetchall()
        for name, _ in self.indexes:
            run(f'DROP INDEX "{name}"')
        for name in search.triggers():
            run(f'DROP TRIGGER "{name}"')

    def store(self, shape: Layout, rows: list[Row]) -> None:
        """One prepared statement for the batch."""
        names = ",".join(f'"{name}"' for name in shape.columns)
        marks = ",".join("?" * len(shape.columns))
        self.connection.executemany(f'INSERT INTO "{shape.table}" ({names}) VALUES ({marks})', rows)  # noqa: S608

    def ask(self, query: str) -> Any:
        """The first value of a query's answer."""
        return (self.connection.execute(query).fetchone() or (None,))[0]

    def finish(self) -> None:
        """Make the indexes again and commit."""
        self.flush_all()
        for _, definition in self.indexes:
            self.connection.execute(definition)
        for statement in (*search.triggers().values(), *search.REFILLS):
            self.connection.execute(statement)
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Leave the database as the app wants it."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.close()


class PostgresLoader(_Buffers):
    """PostgreSQL by COPY; foreign keys and unique constraints are checked once, when they come back."""

    def __init__(self, url: str, until: int) -> None:
        super().__init__(until)
        self.connection = psycopg.connect(url, options="-c timezone=utc")
        run = self.connection.execute
        run("SET LOCAL synchronous_commit = off")
        run("SET LOCAL maintenance_work_mem = '256MB'")
        tables = [str(model.__tablename__) for model in COLUMNS]
        self.constraints = run(_CONSTRAINTS, [tables]).fetchall()
        for table, name, _ in self.constraints:
            run(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name)))
        self.indexes = run(_INDEXES, [tables]).fetchall()
        for name, _ in self.indexes:
            run(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))

    def store(self, shape: Layout, rows: list[Row]) -> None:
        """One COPY for the batch."""
        columns = sql.SQL(",").join(map(sql.Identifier, shape.columns))
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(shape.table), columns)
        with self.connection.cursor().copy(command) as copy:
            copy.write("".join(map(_copy_line, rows)))

    def ask(self, query: str) -> Any:
        """The first value of a query's answer."""
        return (self.connection.execute(query).fetchone() or (None,))[0]

    def finish(self) -> None:
        """Make indexes and constraints again, let the sequences go on after our ids, commit."""
        self.flush_all()
        run = self.connection.execute
        for _, definition in self.indexes:
            run(definition)
        for table, name, definition in self.constraints:
            add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
            run(add.format(sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)))
        for model in self.layouts:
            if "id" in model.model_fields:
                table = f'"{model.__tablename__}"'
                run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        self.connection.commit()
        self.connection.autocommit = True
        run("ANALYZE")

    def close(self) -> None:
        """Forget what was not finished."""
        self.connection.close()


# Unique constraints first: foreign keys of other tables may lean on them.
_CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relname = ANY(%s) AND k.contype IN ('u', 'f') AND k.connamespace = current_schema()::regnamespace
ORDER BY k.contype DESC, c.relname, k.conname
"""
_INDEXES = """
SELECT i.relname, pg_get_indexdef(x.indexrelid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relname = ANY(%s) AND NOT x.indisprimary AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname, i.relname
"""


def _copy_line(row: Row) -> str:
    return "\t".join([_copy_value(value) for value in row]) + "\n"


def _copy_value(value: Any) -> str:
    """COPY's text format: https://www.postgresql.org/docs/current/sql-copy.html, "Text Format"."""
    if value is None:
        return "\\N"
    if value.__class__ is not str:
        return str(value)
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if "\n" in value or "\t" in value or "\r" in value:
        return value.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return value


def _plain(shape: Layout) -> Layout:
    """With values that both drivers take as they are."""
    rest = tuple(
        json.dumps(value)
        if isinstance(value, dict | list)
        else stamp_of(value)
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, StrEnum)
        else value
        for value in shape.rest
    )
    return Layout(shape.table, shape.columns, rest)


def plain_row(row: SQLModel) -> Row:
    """A model object as the loader takes it, in the order of its fields."""
    values = (getattr(row, name) for name in type(row).model_fields)
    return _plain(Layout("", (), tuple(values))).rest


def stamp_of(moment: datetime) -> str:
    """A moment as SQLAlchemy writes it to SQLite; PostgreSQL reads it in the session's time zone, UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def stamp(utc: int) -> str:
    """UTC seconds in the same form."""
    day, second = divmod(utc, DAY)
    return _day_text(day) + _second_text(second)


@cache
def _day_text(day: int) -> str:
    return date.fromordinal(719_163 + day).isoformat()  # 1 January 1970


@cache
def _second_text(second: int) -> str:
    return f" {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000000"


def _document(data: Mapping[str, int | None]) -> str:
    """What json.dumps makes of ids."""
    return "{" + ", ".join([f'"{name}": {"null" if value is None else value}' for name, value in data.items()]) + "}"


PLAIN = Style(stamp, _document, lambda amount: float(amount), date.isoformat)
