"""Migrations run up, down and up again on both databases, and make what the models say."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, PrimaryKeyConstraint, Table, UniqueConstraint, create_engine, inspect, text

from tests.conftest import async_url
from tests.servers import Postgres
from witei_app.db import UtcDateTime, migrate, transaction
from witei_app.models import Message, metadata
from witei_app.models.search import include_object, is_apart


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return async_url(postgres.url(postgres.create()))


def engine_of(url: str) -> Engine:
    return create_engine(url.replace("+aiosqlite", ""))


def tables(url: str) -> set[str]:
    return {n for n in inspect(engine_of(url)).get_table_names() if not is_apart(n, "table")} - {"alembic_version"}


def test_up_and_down_and_up(empty_url: str) -> None:
    migrate(empty_url)
    assert tables(empty_url) == set(metadata.tables)
    migrate(empty_url, "base")
    assert tables(empty_url) == set()
    migrate(empty_url)
    migrate(empty_url)  # what is up to date stays as it is
    assert tables(empty_url) == set(metadata.tables)


def test_what_a_newer_version_has_changed_is_left_alone(empty_url: str) -> None:
    migrate(empty_url)
    with engine_of(empty_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SystemExit, match="newer version"):
        migrate(empty_url)


def test_models_and_migrations_agree(database_url: str) -> None:
    with engine_of(database_url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": _compare_type, "include_object": include_object}
        )
        assert compare_metadata(context, metadata) == []


def test_what_points_at_a_row_that_is_deleted_is_found_by_an_index() -> None:
    """Users and workspaces are never deleted; of some tables an agency has a handful of rows."""
    kept, small = {"user", "workspace"}, {"user", "upload", "visitor_file"}
    slow = [
        f"{key.parent.table.name}.{key.parent.name}"
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name not in kept and table.name not in small and key.parent.name not in _looked_up_by(table)
    ]
    assert slow == []


def _looked_up_by(table: Table) -> set[str]:
    indexes = [index.columns.keys() for index in table.indexes]
    unique = [
        one.columns.keys() for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)
    ]
    return {columns[0] for columns in [*indexes, *unique] if columns}


def _compare_type(_context: Any, _inspected: Any, _column: Any, _found: Any, wanted: Any) -> bool | None:
    """The moment type is a timestamp in the database; everything else alembic compares."""
    return False if isinstance(wanted, UtcDateTime) else None


async def test_no_row_points_at_nothing(db: str) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with transaction() as session:
            session.add(Message(workspace_id=999, conversation_id=999, number=1))
