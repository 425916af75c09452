"""The indexes are what their tables say, whatever happened to the rows, and come back after a table was copied."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, create_engine, delete, event, text
from sqlmodel import Session as OrmSession
from sqlmodel import col, select

from tests.cast import Cast
from witei_app.db import migrate, transaction
from witei_app.models import Contact, Conversation, Message, Workspace, search


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


STEPS = st.lists(st.tuples(st.sampled_from(["contact", "rename", "message", "change", "delete"]), st.text(max_size=20)))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_it_is_sound_after_any_history(sqlite_template: Path, tmp_path: Path, steps: list[tuple[str, str]]) -> None:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'history.db')}"
    engine = engine_of(url)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    with OrmSession(engine) as db:
        db.add(Workspace(name="Sol", mailbox="sol"))
        db.flush()
        for number, (step, words) in enumerate(steps):
            _do(db, step, words.replace("\0", "").encode("utf-8", "replace").decode(), number)
        db.commit()
    engine.dispose()
    assert is_sound(url)


def _do(db: OrmSession, step: str, words: str, number: int) -> None:
    contact = db.exec(select(Contact).order_by(col(Contact.id).desc())).first()
    conversation = db.exec(select(Conversation).order_by(col(Conversation.id).desc())).first()
    if step == "contact":
        contact = Contact(workspace_id=1, name=words, search_text=words)
        db.add(contact)
        db.flush()
        db.add(Conversation(workspace_id=1, contact_id=contact.id))
    elif step == "rename" and contact is not None:
        contact.search_text = words
    elif step == "message" and conversation is not None:
        db.add(Message(workspace_id=1, conversation_id=conversation.id, number=number, text=words, subject=words[::-1]))
    elif step == "change":
        for message in db.exec(select(Message)).all():
            message.text = words
    elif step == "delete" and contact is not None:
        db.exec(delete(Contact).where(col(Contact.id) == contact.id))  # takes its conversations and messages along
        db.expunge_all()
    db.flush()
