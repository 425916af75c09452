"""The indexes are what their tables say, whatever happened to the rows, and come back after a table was copied."""

import sqlite3
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer, create_engine, text

from tests.cast import Cast
from witei_app.db import migrate, transaction
from witei_app.models import Contact, search


def engine_of(url: str) -> Any:
    return create_engine(url.replace("+aiosqlite", ""))


def found(url: str, word: str) -> list[int]:
    """The contacts that SQLite's index gives."""
    with engine_of(url).connect() as connection:
        query = "SELECT rowid FROM contact_search WHERE contact_search MATCH :word ORDER BY rowid"
        return list(connection.execute(text(query), {"word": f'"{word}"'}).scalars())


def is_sound(url: str) -> bool:
    """FTS5 compares its index with the tables ("The integrity-check Command")."""
    with sqlite3.connect(url.partition("///")[2]) as connection:
        for table in ("contact_search", "message_search"):
            connection.execute(f"INSERT INTO {table}({table}) VALUES ('integrity-check')")
    return True


async def test_a_copied_table_gets_its_triggers_back(sqlite_url: str, lite_cast: Cast) -> None:
    url = sqlite_url
    with engine_of(url).begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("contact", recreate="always") as batch:
            batch.add_column(Column("shoe_size", Integer, nullable=True))
    migrate(url)
    async with transaction() as db:
        contact = await db.get_one(Contact, lite_cast.marco.id)
        contact.search_text = "zebedeo"
    assert found(url, "zebedeo") == [lite_cast.marco.id]
    assert found(url, "marco") == []
    assert is_sound(url)


async def test_the_command_makes_it_anew(db: str, cast: Cast) -> None:
    with engine_of(db).begin() as connection:
        if db.startswith("sqlite"):
            connection.execute(text("DROP TRIGGER contact_search_update"))
        else:
            connection.execute(text("DROP INDEX ix_contact_search"))
        connection.execute(text("UPDATE contact SET search_text = 'zebedeo'"))
        search.rebuild(connection)
    with engine_of(db).connect() as connection:
        if db.startswith("sqlite"):
            assert found(db, "zebedeo") == [cast.marco.id]
            assert is_sound(db)
        else:
            names = connection.execute(text("SELECT indexname FROM pg_indexes WHERE tablename = 'contact'")).scalars()
            assert "ix_contact_search" in set(names)


def test_without_the_right_to_add_extensions_contacts_are_read_one_by_one(postgres: Any) -> None:
    name = postgres.create()
    url = postgres.url(name)
    with create_engine(url.replace("postgresql:", "postgresql+psycopg:")).connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("DROP ROLE IF EXISTS plain"))
        connection.execute(text("CREATE ROLE plain LOGIN"))
        connection.execute(text("GRANT USAGE, CREATE ON SCHEMA public TO plain"))
    plain = url.replace("postgres@", "plain@").replace("postgresql:", "postgresql+psycopg:")
    migrate(plain)
    with create_engine(plain).connect() as connection:
        names = set(connection.execute(text("SELECT indexname FROM pg_indexes")).scalars())
    assert "ix_message_words" in names
    assert "ix_contact_search" not in names
