"""How a database goes about a query: told by its plan, not by the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from witei_app.db import reading

Asked = list[tuple[str, Any]]


@contextmanager
def asked() -> Iterator[Asked]:
    """The queries and changes that reach the database meanwhile, with their values."""
    found: Asked = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "WITH")):
            found.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def plan_of(statement: str, values: Any) -> str:
    """How the database would go about it."""
    async with reading() as db:
        connection = await db.connection()
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        rows = await connection.exec_driver_sql(f"{explain} {statement}", values)
        return "\n".join(row[-1] for row in rows)
