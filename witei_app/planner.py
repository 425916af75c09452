"""What a database's planner has to be told where it guesses wrong."""

from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def literally(value: Any) -> Any:
    """A value (or a tuple of them, for `in_`) that is written into the statement.

    Only so a database sees that a partial index holds all that is asked for; else it reads the whole table.
    """
    return bindparam(None, value, literal_execute=True, expanding=isinstance(value, tuple))


class not_sought_by(FunctionElement[Any]):
    """A column that SQLite compares, but by whose indexes it finds no rows: it begins with another condition.

    https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(not_sought_by)
def _as_it_is(element: not_sought_by, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(not_sought_by, "sqlite")
def _with_a_plus(element: not_sought_by, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"
