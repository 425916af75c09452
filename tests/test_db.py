"""Transactions keep all or nothing, tell after the commit, and wait their turn."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests.cast import announced
from tests.conftest import async_url
from tests.servers import Postgres
from witei_app import db as database
from witei_app.db import binary_answers, reading, transaction
from witei_app.live.events import DeliveryQueued, Event, announce
from witei_app.models import Workspace

__all__ = ["announced"]


async def names() -> list[str]:
    async with reading() as db:
        return list((await db.exec(select(Workspace.name).order_by(Workspace.name))).all())


async def test_what_was_announced_is_heard_after_the_commit(db: str, announced: list[Event]) -> None:
    async with transaction() as session:
        session.add(Workspace(name="Sol", mailbox="sol"))
        announce(session, DeliveryQueued(1))
        await session.flush()
        assert announced == []
    assert announced == [DeliveryQueued(1)]
    assert await names() == ["Sol"]


async def test_what_is_rolled_back_is_neither_kept_nor_heard(db: str, announced: list[Event]) -> None:
    with pytest.raises(ZeroDivisionError):
        await _fail_halfway()
    async with transaction():
        pass
    assert await names() == []
    assert announced == []


async def _fail_halfway() -> None:
    async with transaction() as session:
        session.add(Workspace(name="Sol", mailbox="sol"))
        announce(session, DeliveryQueued(1))
        await session.flush()
        raise ZeroDivisionError


async def test_a_commit_that_fails_is_not_heard(db: str, announced: list[Event]) -> None:
    with pytest.raises(IntegrityError) as failed:
        await _found_twice()
    assert announced == []
    assert "sol" not in f"{failed.value} {failed.value.orig}".lower()  # what people wrote is not for logs


async def _found_twice() -> None:
    async with transaction() as session:
        session.add_all([Workspace(name="Sol", mailbox="sol"), Workspace(name="Luna", mailbox="sol")])
        announce(session, DeliveryQueued(1))


async def test_many_writers_at_once_all_get_their_turn(db: str) -> None:
    async def write(n: int) -> None:
        async with transaction() as session:
            session.add(Workspace(name=f"{n:02}", mailbox=f"m{n}"))

    await asyncio.gather(*(write(n) for n in range(40)))
    assert await names() == [f"{n:02}" for n in range(40)]


async def test_readers_do_not_wait_for_a_writer(db: str) -> None:
    async with transaction() as session:
        session.add(Workspace(name="Sol", mailbox="sol"))
        await session.flush()
        assert await asyncio.wait_for(names(), 10) == []


async def test_a_cancelled_writer_leaves_the_way_free(db: str) -> None:
    async def dawdle() -> None:
        async with transaction() as session:
            session.add(Workspace(name="Sol", mailbox="sol"))
            await session.flush()
            await asyncio.sleep(60)

    task = asyncio.create_task(dawdle())
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with transaction() as session:
        session.add(Workspace(name="Luna", mailbox="luna"))
    assert await names() == ["Luna"]


async def test_times_come_back_as_they_went_in_and_in_utc(db: str) -> None:
    madrid = timezone(timedelta(hours=2))
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=madrid)
    async with transaction() as session:
        session.add(Workspace(name="Sol", mailbox="sol", created_at=moment))
    async with reading() as session:
        kept = (await session.exec(select(Workspace.created_at))).one()
    assert kept == moment
    assert kept.tzinfo == UTC


async def test_bytes_are_asked_for_as_they_are_and_the_rest_as_always(db: str) -> None:
    given, query = bytes(range(256)), text("SELECT name, image FROM seal")
    async with transaction() as session:
        connection = await session.connection()
        await connection.execute(text("CREATE TABLE seal (name VARCHAR, image BYTEA)"))
        await connection.execute(text("INSERT INTO seal VALUES ('Sol ñ', :image)"), {"image": given})
    async with reading() as session:
        connection = await session.connection()
        async with binary_answers(session):
            assert (await connection.execute(query)).all() == [("Sol ñ", given)]
        driver = (await connection.get_raw_connection()).driver_connection
        assert getattr(driver, "cursor_factory", psycopg.AsyncCursor) is psycopg.AsyncCursor
        assert (await connection.execute(query)).all() == [("Sol ñ", given)]


async def test_a_time_without_a_zone_is_refused(sqlite_db: str) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        async with transaction() as session:
            session.add(Workspace(name="Sol", mailbox="sol", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_sqlite_writes_ahead_and_keeps_what_it_said_it_kept(sqlite_db: str) -> None:
    async with reading() as session:
        connection = await session.connection()
        pragmas = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in ("journal_mode", "synchronous")
        ]
    assert pragmas == ["wal", 2]


@pytest.fixture
async def postgres_db(postgres_url: str) -> AsyncIterator[str]:
    database.connect(postgres_url)
    yield postgres_url
    await database.dispose()


async def scalar(statement: str) -> int:
    async with reading() as session:
        found: int = (await (await session.connection()).execute(text(statement))).scalar_one()
    return found


async def test_postgresql_keeps_what_is_asked_often_planned(postgres_db: str) -> None:
    for _ in range(8):
        await names()
    mine = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%workspace%'"
    assert await scalar(mine) == 1


async def test_a_connection_that_the_server_has_closed_is_not_used_again(postgres_db: str, postgres: Postgres) -> None:
    mine = await scalar("SELECT pg_backend_pid()")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    assert await scalar("SELECT pg_backend_pid()") != mine


async def test_what_the_operator_says_behind_the_address_counts_beside_what_we_need(postgres: Postgres) -> None:
    name = postgres.create()
    await asyncio.to_thread(_run, postgres.url(name), "CREATE SCHEMA agency")
    url = f"{async_url(postgres.url(name))}?options=-csearch_path%3Dagency&connect_timeout=9"
    await asyncio.to_thread(database.migrate, url)
    database.connect(url)
    try:
        async with transaction() as session:
            session.add(Workspace(name="Sol", mailbox="sol"))
        async with reading() as session:
            assert (await (await session.connection()).execute(text("SHOW timezone"))).scalar_one().lower() == "utc"
        assert await names() == ["Sol"]
    finally:
        await database.dispose()
        postgres.drop(name)


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
