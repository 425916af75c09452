"""Synthetic workspaces: exact quantities, the same for the same seed, and true to the rules."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from tests.seed.history import all_of, check_history
from witei_app.crm.contacts import add_contact
from witei_app.db import reading, transaction
from witei_app.models import Contact, Conversation, Message, User, metadata
from witei_app.seed import synthetic
from witei_app.seed.synthetic import make_synthetic
from witei_app.settings import Settings

UNTIL = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
SMALL = {"conversations": 80, "messages": 700, "contacts": 40, "users": 5, "days": 120}


def _seed(url: str, seed: int = 1, **plan: int) -> None:
    make_synthetic(Settings(database_url=url), **{**SMALL, **plan}, seed=seed, until=UNTIL)


def _sync(url: str):
    return create_engine(url.replace("+aiosqlite", ""), poolclass=NullPool)


def _everything(url: str) -> dict[str, list[Any]]:
    with _sync(url).connect() as connection:
        return {
            table.name: sorted(
                connection.execute(select(*[c for c in table.columns if c.name != "password_hash"])).all(), key=repr
            )
            for table in metadata.sorted_tables
        }


def _shape(url: str) -> list[Any]:
    """Every index and constraint in the database's own words, but for conditions, which PostgreSQL rewords."""
    sqlite = "SELECT name, sql FROM sqlite_master"
    postgres = (
        "SELECT indexname, split_part(indexdef, ' WHERE ', 1) FROM pg_indexes WHERE schemaname = current_schema() "
        "UNION ALL SELECT conrelid::regclass || conname, pg_get_constraintdef(oid) FROM pg_constraint"
    )
    with _sync(url).connect() as connection:
        return sorted(connection.execute(text(sqlite if url.startswith("sqlite") else postgres)).all(), key=repr)


async def test_it_has_exactly_what_was_asked_for_and_its_history_is_true(db):
    before = _shape(db)
    _seed(db)
    async with reading() as session:
        workspace_id = (await session.get_one(User, 1)).workspace_id
        quantities = [len(await all_of(session, m, workspace_id)) for m in (Conversation, Message, Contact, User)]
        assert quantities == [80, 700, 40, 5]
        await check_history(session, workspace_id, UNTIL)
    assert _shape(db) == before


async def test_no_row_points_nowhere(sqlite_db):
    _seed(sqlite_db)
    with _sync(sqlite_db).connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


async def test_life_goes_on_after_it(db):
    _seed(db)
    async with transaction() as session:
        assert (await add_contact(session, 1, name="Marco Torres")).id == 41


def test_the_same_seed_makes_the_same_rows_and_another_one_others(sqlite_template: Path, tmp_path: Path):
    urls = [f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / name)}" for name in ("a", "b", "c")]
    for url, seed in zip(urls, (5, 5, 6), strict=True):
        _seed(url, seed)
    first, again, other = map(_everything, urls)
    assert first == again
    assert first["message"] != other["message"]


def test_a_second_process_stores_the_same(sqlite_template: Path, tmp_path: Path, monkeypatch):
    here, apart = (f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / name)}" for name in ("a", "b"))
    _seed(here)
    monkeypatch.setattr(synthetic, "LARGE", 1)
    _seed(apart)
    assert _everything(apart) == _everything(here)
    with pytest.raises(SystemExit, match="already"):
        _seed(apart)


@pytest.mark.parametrize(
    "plan",
    [
        {"conversations": 1, "messages": 40, "contacts": 1, "users": 1, "days": 1},
        {"conversations": 30, "messages": 30, "contacts": 90, "users": 2, "days": 1},
        {"conversations": 20, "messages": 2_000, "contacts": 3, "users": 3, "days": 7},
        {"conversations": 60, "messages": 120, "contacts": 20, "users": 60, "days": 7},
    ],
)
async def test_odd_quantities_hold_too(sqlite_db, plan):
    _seed(sqlite_db, **plan)
    async with reading() as session:
        assert len(await all_of(session, Message, 1)) == plan["messages"]
        assert len(await all_of(session, Contact, 1)) == plan["contacts"]
        await check_history(session, 1, UNTIL)


def test_nonsense_and_a_second_run_are_refused(sqlite_url):
    with pytest.raises(SystemExit, match="--messages"):
        _seed(sqlite_url, messages=3)
    _seed(sqlite_url)
    before = _everything(sqlite_url)
    with pytest.raises(SystemExit, match="already"):
        _seed(sqlite_url)
    assert _everything(sqlite_url) == before


def test_a_database_in_use_is_refused_in_one_line(sqlite_url):
    with _sync(sqlite_url).connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))  # as the app opens it
        connection.execute(text("SELECT count(*) FROM workspace"))
        with pytest.raises(SystemExit, match="Stop the app"):
            _seed(sqlite_url)
